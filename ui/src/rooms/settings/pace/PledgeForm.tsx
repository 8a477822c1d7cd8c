import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, type Cond, Conditions, Field, Input, Section, Select, Switch, tell } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { fault } from "../data";
import {
  asCond,
  type Pledge,
  type PledgeIn,
  type Step,
  useCalendars,
  usePaceActs,
  useTalkFields,
} from "./data";
import { Length } from "./Length";
import { Steps } from "./Steps";

// PledgeForm adds a pledge or changes one.
export function PledgeForm({ of: p, onDone }: { of: Pledge | undefined; onDone: () => void }) {
  const { savePledge: save } = usePaceActs();
  const calendars = useCalendars().data ?? [];
  const fields = useTalkFields();
  const [name, setName] = useState(p?.name ?? "");
  const [conditions, setConditions] = useState<Cond>(p ? asCond(p.conditions) : {});
  const [goals, setGoals] = useState({
    first_s: p ? (p.first_s ?? 0) : 3600,
    next_s: p ? (p.next_s ?? 0) : 0,
    resolve_s: p ? (p.resolve_s ?? 0) : 0,
  });
  const [calendar, setCalendar] = useState(p?.calendar ?? "");
  const [pause, setPause] = useState(p?.pause ?? true);
  const [warn, setWarn] = useState(p?.warn_s ?? (p ? 0 : 900));
  const [steps, setSteps] = useState<Step[]>(p?.steps ?? []);
  const [on, setOn] = useState(p?.on ?? true);
  const send = (e: FormEvent) => {
    e.preventDefault();
    save.mutate(
      {
        id: p?.id,
        name: name.trim(),
        conditions: conditions as PledgeIn["conditions"],
        ...goals,
        ...(calendar ? { calendar } : {}),
        pause,
        warn_s: warn,
        steps,
        on,
      },
      {
        onSuccess: () => {
          tell({ text: t`Saved. What is due was worked out again.` });
          onDone();
        },
      },
    );
  };
  const wrong = save.error instanceof Problem ? save.error : undefined;
  const field = wrong?.field?.replace(/^body\./, "") ?? "";
  return (
    <form className="touch flex max-w-2xl flex-col gap-5" onSubmit={send}>
      <Field label={<Trans>Name</Trans>} error={fault(save.error, "name")}>
        <Input
          name="pledge"
          value={name}
          onChange={(e) => setName(e.target.value)}
          required
          maxLength={80}
          placeholder={t`Such as: Complaints`}
        />
      </Field>
      <Section title={<Trans>For which conversations</Trans>}>
        <div className="pt-3">
          <Conditions
            fields={fields}
            value={conditions}
            onChange={setConditions}
            error={field.startsWith("conditions") && wrong ? { field, text: wrong.message } : undefined}
          />
        </div>
      </Section>
      <Section title={<Trans>What is promised</Trans>}>
        <div className="flex flex-col gap-3 pt-3">
          <Length
            label={t`A first answer within`}
            value={goals.first_s}
            onChange={(first_s) => setGoals({ ...goals, first_s })}
            usual={3600}
          />
          <Length
            label={t`Each next answer within`}
            value={goals.next_s}
            onChange={(next_s) => setGoals({ ...goals, next_s })}
            usual={14_400}
          />
          <Length
            label={t`An end within`}
            value={goals.resolve_s}
            onChange={(resolve_s) => setGoals({ ...goals, resolve_s })}
            usual={172_800}
          />
          <Field
            label={<Trans>Which time counts</Trans>}
            help={
              calendars.length === 0 ? (
                <Trans>Business hours make calendars to choose from.</Trans>
              ) : undefined
            }
          >
            <Select
              label={t`Which time counts`}
              value={calendar}
              onChange={setCalendar}
              choices={[
                { value: "", label: t`All of it, day and night` },
                ...calendars.map((c) => ({ value: c.id, label: c.name, help: c.zone })),
              ]}
            />
          </Field>
          <Switch
            label={<Trans>It stands while the ball is not with us</Trans>}
            help={
              <Trans>While it is snoozed; and towards the end also while we wait for the customer.</Trans>
            }
            checked={pause}
            onChange={setPause}
          />
        </div>
      </Section>
      <Section title={<Trans>Before and after it is late</Trans>}>
        <div className="flex flex-col gap-3 pt-3">
          <Length label={t`Warn before it is due by`} value={warn} onChange={setWarn} usual={900} />
          <Steps steps={steps} onChange={setSteps} />
        </div>
      </Section>
      <Switch label={<Trans>This pledge is on</Trans>} checked={on} onChange={setOn} />
      {wrong && field !== "name" && !field.startsWith("conditions") && (
        <p role="alert" className="help bad">
          {sentenceOf(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="p" busy={save.isPending}>
          {p ? <Trans>Save changes</Trans> : <Trans>Add it</Trans>}
        </Button>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
