import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { fault, type Org, useColleagues, useDealActs } from "../deals/data";
import { PickOrg } from "../deals/Pick";

// WriteOrg adds an organization or changes one.
export function WriteOrg({
  of: o,
  open,
  onOpenChange,
}: {
  of?: Org;
  open: boolean;
  onOpenChange: (o: boolean) => void;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={o ? <Trans>Change the organization</Trans> : <Trans>Add an organization</Trans>}
    >
      <Sheet key={String(open)} of={o} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Sheet({ of: o, onDone }: { of: Org | undefined; onDone: () => void }) {
  const { addOrg, editOrg } = useDealActs();
  const go = useNavigate();
  const mates = useColleagues().data ?? [];
  const [parent, setParent] = useState(o?.parent ?? undefined);
  const [owner, setOwner] = useState(o?.owner?.id ?? "");
  const error = addOrg.error ?? editOrg.error;
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (n: string) => String(f.get(n) ?? "").trim();
    const w = {
      name: text("name"),
      domain: text("domain"),
      industry: text("industry"),
      parent: parent?.id ?? "",
      owner,
    };
    if (o) editOrg.mutate({ id: o.id, ...w }, { onSuccess: onDone });
    else
      addOrg.mutate(w, {
        onSuccess: (made) => {
          onDone();
          void go({ to: "/people/organizations/$id", params: { id: made.id } });
        },
      });
  };
  const placed = ["name", "domain", "industry", "parent"].some((n) => fault(error, n));
  return (
    <form className="touch flex flex-col gap-3" onSubmit={keep}>
      <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
        <Input name="name" defaultValue={o?.name ?? ""} required maxLength={200} autoComplete="off" />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={<Trans>Domain</Trans>} error={fault(error, "domain")}>
          <Input
            name="domain"
            defaultValue={o?.domain ?? ""}
            placeholder="hotel.example"
            autoComplete="off"
          />
        </Field>
        <Field label={<Trans>Industry</Trans>} error={fault(error, "industry")}>
          <Input name="industry" defaultValue={o?.industry ?? ""} maxLength={100} autoComplete="off" />
        </Field>
      </div>
      <PickOrg label={<Trans>Belongs to</Trans>} value={parent} onChange={setParent} />
      <Field label={<Trans>Who looks after it</Trans>}>
        <Select
          value={owner}
          onChange={setOwner}
          choices={[{ value: "", label: t`Nobody` }, ...mates.map((m) => ({ value: m.id, label: m.name }))]}
        />
      </Field>
      {fault(error, "parent") && <p className="help bad">{fault(error, "parent")}</p>}
      {error && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={addOrg.isPending || editOrg.isPending}>
          <Trans>Keep it</Trans>
        </Button>
      </div>
    </form>
  );
}
