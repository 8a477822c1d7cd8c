import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useDealActs } from "../deals/data";
import { type Chosen, PickOrg, PickPerson } from "../deals/Pick";

// AddRole says that somebody works for an organization; one of the two is given.
export function AddRole({
  org,
  person,
  open,
  onOpenChange,
}: {
  org?: Chosen;
  person?: Chosen;
  open: boolean;
  onOpenChange: (o: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={<Trans>Who works where</Trans>}>
      <Sheet key={String(open)} org={org} person={person} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Sheet({
  org,
  person,
  onDone,
}: {
  org?: Chosen | undefined;
  person?: Chosen | undefined;
  onDone: () => void;
}) {
  const { affiliate } = useDealActs();
  const [who, setWho] = useState(person);
  const [where, setWhere] = useState(org);
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    if (who && where)
      affiliate.mutate(
        {
          org: where.id,
          person: who.id,
          title: String(f.get("title") ?? "").trim(),
          since: String(f.get("since") ?? ""),
        },
        { onSuccess: onDone },
      );
  };
  return (
    <form className="touch flex flex-col gap-3" onSubmit={keep}>
      {!person && <PickPerson value={who} onChange={setWho} />}
      {!org && <PickOrg value={where} onChange={setWhere} />}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={<Trans>As what</Trans>}>
          <Input name="title" maxLength={120} autoComplete="off" />
        </Field>
        <Field label={<Trans>Since</Trans>}>
          <Input name="since" type="date" />
        </Field>
      </div>
      {affiliate.error && (
        <p role="alert" className="help bad">
          {sentenceOf(affiliate.error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={affiliate.isPending} disabled={!who || !where}>
          <Trans>Keep it</Trans>
        </Button>
      </div>
    </form>
  );
}
