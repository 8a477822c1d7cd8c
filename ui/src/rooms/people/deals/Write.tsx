import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select } from "../../../kit";
import { digits } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { type Deal, type DealWritten, fault, type Pipeline, useColleagues, useDealActs } from "./data";
import { type Chosen, PickOrg, PickPerson } from "./Pick";

// asMinor reads "1,299.00" as people write it, into minor units.
export function asMinor(text: string, currency: string): number | undefined {
  const plain = text
    .replace(/[\s'’]/g, "")
    .replace(/,(?=\d{3}(\D|$))/g, "")
    .replace(",", ".");
  if (plain === "") return 0;
  const n = Number(plain);
  return Number.isFinite(n) && n >= 0 ? Math.round(n * 10 ** digits(currency)) : undefined;
}

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

// NewDeal begins an opportunity.
export function NewDeal({
  open,
  onOpenChange,
  pipeline,
  person,
  organization,
}: Props & { pipeline?: Pipeline | undefined; person?: Chosen; organization?: Chosen }) {
  const { add } = useDealActs();
  const go = useNavigate();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={<Trans>New opportunity</Trans>}>
      <Sheet
        key={String(open)}
        error={add.error}
        busy={add.isPending}
        act={<Trans>Begin it</Trans>}
        with={{ person, organization }}
        onKeep={(w) =>
          add.mutate(
            { ...w, ...(pipeline ? { pipeline: pipeline.id } : {}) },
            {
              onSuccess: (d) => {
                onOpenChange(false);
                void go({ to: "/people/opportunities/$id", params: { id: d.id } });
              },
            },
          )
        }
      />
    </Dialog>
  );
}

// EditDeal changes what is known of one.
export function EditDeal({ of: d, open, onOpenChange }: Props & { of: Deal }) {
  const { edit } = useDealActs();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={<Trans>Change the opportunity</Trans>}>
      <Sheet
        key={String(open)}
        of={d}
        error={edit.error}
        busy={edit.isPending}
        act={<Trans>Keep it</Trans>}
        with={{
          person: d.person ?? undefined,
          organization: d.organization ?? undefined,
        }}
        onKeep={(w) => edit.mutate({ id: d.id, ...w }, { onSuccess: () => onOpenChange(false) })}
      />
    </Dialog>
  );
}

function Sheet({
  of: d,
  error,
  busy,
  act,
  onKeep,
  with: given,
}: {
  of?: Deal;
  error: unknown;
  busy: boolean;
  act: React.ReactNode;
  onKeep: (w: DealWritten) => void;
  with: { person?: Chosen | undefined; organization?: Chosen | undefined };
}) {
  const me = useSession()?.member?.id;
  const mates = useColleagues().data ?? [];
  const [currency, setCurrency] = useState(d?.currency || "EUR");
  const [owner, setOwner] = useState(d ? (d.owner?.id ?? "") : (me ?? ""));
  const [person, setPerson] = useState(given.person);
  const [org, setOrg] = useState(given.organization);
  const [bad, setBad] = useState(false);
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? "").trim();
    const amount = asMinor(text("amount"), currency);
    setBad(amount === undefined);
    if (amount === undefined) return;
    onKeep({
      name: text("name"),
      amount,
      currency: currency.toUpperCase(),
      close_on: text("close_on"),
      next_step: text("next_step"),
      next_on: text("next_on"),
      owner,
      ...(d || person ? { person: person?.id ?? "" } : {}),
      ...(d || org ? { organization: org?.id ?? "" } : {}),
    });
  };
  const shown = d?.currency ? (d.amount / 10 ** digits(d.currency)).toFixed(digits(d.currency)) : "";
  const placed = ["name", "amount", "currency", "close_on", "next_on"].some((n) => fault(error, n));
  return (
    <form className="touch flex flex-col gap-3" onSubmit={keep}>
      <Field label={<Trans>What they may order</Trans>} error={fault(error, "name")}>
        <Input name="name" defaultValue={d?.name ?? ""} required maxLength={200} autoComplete="off" />
      </Field>
      <div className="grid grid-cols-[1fr_6rem] gap-3">
        <Field
          label={<Trans>Amount</Trans>}
          help={<Trans>Leave it empty if nobody knows.</Trans>}
          error={bad ? t`Write an amount such as 1299.00.` : fault(error, "amount")}
        >
          <Input name="amount" defaultValue={shown} inputMode="decimal" autoComplete="off" />
        </Field>
        <Field label={<Trans>Currency</Trans>} error={fault(error, "currency")}>
          <Input
            value={currency}
            maxLength={3}
            onChange={(e) => setCurrency(e.target.value.toUpperCase())}
            autoComplete="off"
          />
        </Field>
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <PickPerson value={person} onChange={setPerson} />
        <PickOrg value={org} onChange={setOrg} />
        <Field label={<Trans>Should close on</Trans>} error={fault(error, "close_on")}>
          <Input name="close_on" type="date" defaultValue={d?.close_on ?? ""} />
        </Field>
        <Field label={<Trans>Who looks after it</Trans>}>
          <Select
            value={owner}
            onChange={setOwner}
            choices={[{ value: "", label: t`Nobody` }, ...mates.map((m) => ({ value: m.id, label: m.name }))]}
          />
        </Field>
        <Field label={<Trans>Next step</Trans>}>
          <Input name="next_step" defaultValue={d?.next_step ?? ""} maxLength={300} autoComplete="off" />
        </Field>
        <Field label={<Trans>On</Trans>} error={fault(error, "next_on")}>
          <Input name="next_on" type="date" defaultValue={d?.next_on ?? ""} />
        </Field>
      </div>
      {Boolean(error) && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={busy}>
          {act}
        </Button>
      </div>
    </form>
  );
}
