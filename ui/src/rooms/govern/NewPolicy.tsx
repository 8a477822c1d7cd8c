import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select, Switch, Textarea } from "../../kit";
import { useProgrammes, useRules } from "./data";
import { fault } from "./NewProgramme";

export function NewPolicy() {
  const [open, setOpen] = useState(false);
  const [programme, setProgramme] = useState("");
  const [required, setRequired] = useState(true);
  const go = useNavigate();
  const programmes = useProgrammes();
  const { decree } = useRules();
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k)).trim();
    decree.mutate(
      {
        name: text("name"),
        body: text("body"),
        summary: text("summary"),
        required,
        ...(programme ? { programme } : {}),
      },
      {
        onSuccess: (p) => {
          setOpen(false);
          void go({ to: "/govern/policies/$id", params: { id: p.id } });
        },
      },
    );
  };
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Put a policy into force</Trans>}
      trigger={
        <Button look="p" touch>
          <Plus className="i s" aria-hidden />
          <Trans>New policy</Trans>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field label={<Trans>Name</Trans>} error={fault(decree.error, "name")}>
          <Input name="name" required maxLength={200} autoFocus />
        </Field>
        <Field label={<Trans>Holds for</Trans>}>
          <Select
            label={t`Holds for`}
            value={programme}
            onChange={setProgramme}
            choices={[
              { value: "", label: t`Everybody` },
              ...(programmes.data ?? []).map((p) => ({ value: p.id, label: p.name })),
            ]}
          />
        </Field>
        <Field
          label={<Trans>Wording</Trans>}
          help={
            <Trans>
              Plain text; a blank line begins a new paragraph, “- ” a point of a list, “# ” a heading.
            </Trans>
          }
          error={
            fault(decree.error, "body") ??
            (decree.error && !fault(decree.error, "name") ? decree.error.message : undefined)
          }
        >
          <Textarea name="body" rows={10} required />
        </Field>
        <Field label={<Trans>In one sentence</Trans>}>
          <Input name="summary" maxLength={1000} />
        </Field>
        <Switch
          label={t`Required`}
          help={t`Whoever has not acknowledged it can’t speak in your name.`}
          checked={required}
          onChange={setRequired}
        />
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={decree.isPending}>
            <Trans>Put it into force</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
