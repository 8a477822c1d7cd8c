import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select, Textarea } from "../../kit";
import { type Charter, useMembers, useRules } from "./data";
import { fault } from "./NewProgramme";

// ChangeCharter writes what a programme is; closing it keeps all that it did.
export function ChangeCharter({ of: p }: { of: Charter }) {
  const [open, setOpen] = useState(false);
  const [lead, setLead] = useState(p.lead?.id ?? "");
  const members = useMembers(open);
  const { change } = useRules();
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k)).trim();
    change.mutate(
      { id: p.id, name: text("name"), mission: text("mission"), sponsor: text("sponsor"), lead },
      { onSuccess: () => setOpen(false) },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Change the charter</Trans>}
      trigger={
        <Button look="o" touch>
          <Pencil className="i s" aria-hidden />
          <Trans>Change</Trans>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field label={<Trans>Name</Trans>} error={fault(change.error, "name") ?? change.error?.message}>
          <Input name="name" defaultValue={p.name} required maxLength={200} />
        </Field>
        <Field label={<Trans>Mission</Trans>} error={fault(change.error, "mission")}>
          <Textarea name="mission" defaultValue={p.mission} rows={4} />
        </Field>
        <Field label={<Trans>Sponsor</Trans>}>
          <Input name="sponsor" defaultValue={p.sponsor ?? ""} maxLength={200} />
        </Field>
        <Field label={<Trans>Lead</Trans>} error={fault(change.error, "lead")}>
          <Select
            label={t`Lead`}
            value={lead}
            onChange={setLead}
            choices={[
              { value: "", label: t`Nobody yet` },
              ...(members.data ?? []).map((m) => ({ value: m.id, label: m.name || m.email })),
            ]}
          />
        </Field>
        <div className="flex items-center justify-between gap-2">
          <Button
            look={p.state === "active" ? "d" : "g"}
            onClick={() =>
              change.mutate(
                { id: p.id, state: p.state === "active" ? "closed" : "active" },
                { onSuccess: () => setOpen(false) },
              )
            }
          >
            {p.state === "active" ? <Trans>Close the programme</Trans> : <Trans>Open it again</Trans>}
          </Button>
          <Button type="submit" look="p" busy={change.isPending}>
            <Trans>Keep it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
