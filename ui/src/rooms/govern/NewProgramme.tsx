import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Textarea } from "../../kit";
import { Problem } from "../../lib/problem";
import { useRules } from "./data";

// fault is what the server says of one field, or of all when it names none.
export function fault(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.field?.replace(/^body\./, "") === field ? error.message : error.fields?.[field];
}

export function NewProgramme({ onMade }: { onMade: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  const { begin } = useRules();
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k)).trim();
    begin.mutate(
      { name: text("name"), mission: text("mission"), sponsor: text("sponsor") },
      {
        onSuccess: (p) => {
          setOpen(false);
          onMade(p.id);
        },
      },
    );
  };
  const other =
    begin.error && !fault(begin.error, "name") && !fault(begin.error, "mission")
      ? String((begin.error as Error).message)
      : undefined;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Begin a programme</Trans>}
      trigger={
        <Button look="p" touch>
          <Plus className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>New programme</Trans>
          </span>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field label={<Trans>Name</Trans>} error={fault(begin.error, "name") ?? other}>
          <Input name="name" required maxLength={200} autoFocus />
        </Field>
        <Field
          label={<Trans>Mission</Trans>}
          help={<Trans>What it promises to whom, in a sentence or two.</Trans>}
          error={fault(begin.error, "mission")}
        >
          <Textarea name="mission" rows={3} />
        </Field>
        <Field label={<Trans>Sponsor</Trans>} help={<Trans>Who answers for it at the top.</Trans>}>
          <Input name="sponsor" maxLength={200} />
        </Field>
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={begin.isPending}>
            <Trans>Begin it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
