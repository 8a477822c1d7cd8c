import { Trans } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Textarea } from "../../kit";
import { useRules, type Wording } from "./data";
import { fault } from "./NewProgramme";

// Revise gives a policy a new wording. Everybody reads it anew.
export function Revise({ of: p }: { of: Wording }) {
  const [open, setOpen] = useState(false);
  const { revise } = useRules();
  const now = (p.versions ?? []).find((v) => v.n === p.version);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    revise.mutate(
      { id: p.id, body: String(f.get("body")), summary: String(f.get("summary")).trim() },
      { onSuccess: () => setOpen(false) },
    );
  };
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Write version {p.version + 1}</Trans>}
      text={<Trans>Everybody must acknowledge it anew before they may speak.</Trans>}
      trigger={
        <Button look="o" touch>
          <Pencil className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>New version</Trans>
          </span>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field label={<Trans>Wording</Trans>} error={fault(revise.error, "body") ?? revise.error?.message}>
          <Textarea name="body" rows={12} required defaultValue={now?.body ?? ""} />
        </Field>
        <Field label={<Trans>In one sentence</Trans>}>
          <Input name="summary" maxLength={1000} defaultValue={now?.summary ?? ""} />
        </Field>
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={revise.isPending}>
            <Trans>Put it into force</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
