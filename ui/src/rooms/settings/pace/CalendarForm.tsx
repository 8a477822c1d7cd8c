import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useId, useState } from "react";
import { Button, Field, Input, Section, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { fault } from "../data";
import { type Calendar, type Holiday, type Span, usePaceActs } from "./data";
import { Holidays } from "./Holidays";
import { WeekGrid } from "./WeekGrid";
import { hereZone, zones } from "./words";

const office: Span[] = [
  { from: 540, to: 720 },
  { from: 780, to: 1020 },
];

// CalendarForm adds a calendar or changes one.
export function CalendarForm({ of: c, onDone }: { of: Calendar | undefined; onDone: () => void }) {
  const { saveCalendar: save } = usePaceActs();
  const [name, setName] = useState(c?.name ?? t`Office`);
  const [zone, setZone] = useState(c?.zone ?? hereZone());
  const [days, setDays] = useState<Span[][]>(
    c ? (c.week ?? []).map((d) => d ?? []) : [[], office, office, office, office, office, []],
  );
  const [holidays, setHolidays] = useState<Holiday[]>(c?.holidays ?? []);
  const list = useId();
  const send = (e: FormEvent) => {
    e.preventDefault();
    save.mutate(
      { id: c?.id, name: name.trim(), zone: zone.trim(), week: days, holidays },
      {
        onSuccess: () => {
          tell({ text: t`Saved. What is due was worked out again.` });
          onDone();
        },
      },
    );
  };
  const placed = ["name", "zone"].some((f) => fault(save.error, f));
  return (
    <form className="touch flex max-w-2xl flex-col gap-5" onSubmit={send}>
      <div className="flex flex-col gap-4 sm:flex-row">
        <Field label={<Trans>Name</Trans>} error={fault(save.error, "name")} className="flex-1">
          <Input
            name="calendar"
            value={name}
            onChange={(e) => setName(e.target.value)}
            required
            maxLength={80}
          />
        </Field>
        <Field
          label={<Trans>Time zone</Trans>}
          error={fault(save.error, "zone")}
          help={<Trans>Summer time is taken care of.</Trans>}
          className="flex-1"
        >
          <Input name="zone" value={zone} onChange={(e) => setZone(e.target.value)} required list={list} />
        </Field>
        <datalist id={list}>
          {zones.map((z) => (
            <option key={z} value={z} />
          ))}
        </datalist>
      </div>
      <Section title={<Trans>The week</Trans>}>
        <WeekGrid days={days} onChange={setDays} />
      </Section>
      <Section title={<Trans>Holidays</Trans>} n={holidays.length || undefined}>
        <Holidays days={holidays} onChange={setHolidays} />
      </Section>
      {save.error && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="p" busy={save.isPending}>
          {c ? <Trans>Save changes</Trans> : <Trans>Add it</Trans>}
        </Button>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
