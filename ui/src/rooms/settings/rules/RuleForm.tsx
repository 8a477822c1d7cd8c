import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FlaskConical } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, type Cond, Conditions, Field, Input, Section, Select, Switch, tell } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { fault } from "../data";
import { asCond, useCalendars } from "../pace/data";
import { Length } from "../pace/Length";
import { Acts } from "./Acts";
import { Dry } from "./Dry";
import { type Act, type Rule, type RuleIn, useRuleActs, useRuleFields } from "./data";
import { type Event, eventName, events, timed } from "./words";

interface Props {
  of: Rule | undefined;
  like: Partial<RuleIn> | undefined; // what a new one begins with
  onDone: () => void;
}

// RuleForm adds a rule or changes one, and tries it on the last week.
export function RuleForm({ of: r, like, onDone }: Props) {
  const { save, dry } = useRuleActs();
  const calendars = useCalendars().data ?? [];
  const fields = useRuleFields();
  const start: Partial<RuleIn> = r ?? like ?? {};
  const [name, setName] = useState(start.name ?? "");
  const [when, setWhen] = useState<Event>(start.when ?? "opened");
  const [after, setAfter] = useState(start.after_s || 14_400);
  const [calendar, setCalendar] = useState(start.calendar ?? "");
  const [open, setOpen] = useState<"" | "there" | "away">(start.open ?? "");
  const [conditions, setConditions] = useState<Cond>(start.conditions ? asCond(start.conditions) : {});
  const [ours, setOurs] = useState(start.ours ?? false);
  const [acts, setActs] = useState<Act[]>(start.acts ?? [{ do: "note", text: "" }]);
  const [on, setOn] = useState(start.on ?? true);
  const body: RuleIn = {
    name: name.trim() || t`A rule`,
    on,
    when,
    ...(timed(when) ? { after_s: after } : {}),
    ...(calendar ? { calendar } : {}),
    ...(open ? { open } : {}),
    conditions: conditions as RuleIn["conditions"],
    ours,
    acts,
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    save.mutate(
      { id: r?.id, ...body, name: name.trim() },
      {
        onSuccess: () => {
          tell({ text: t`Saved.` });
          onDone();
        },
      },
    );
  };
  const failed = save.error ?? dry.error;
  const wrong = failed instanceof Problem ? failed : undefined;
  const field = wrong?.field?.replace(/^body\./, "") ?? "";
  return (
    <form className="touch flex max-w-2xl flex-col gap-5" onSubmit={send}>
      <Field label={<Trans>Name</Trans>} error={fault(save.error, "name")}>
        <Input
          name="rule"
          value={name}
          onChange={(e) => setName(e.target.value)}
          required
          maxLength={80}
          placeholder={t`Such as: Out of office`}
        />
      </Field>
      <Section title={<Trans>When</Trans>}>
        <div className="flex flex-col gap-3 pt-3">
          <Select<Event>
            label={t`When`}
            value={when}
            onChange={setWhen}
            choices={events.map((e) => ({ value: e, label: timed(e) ? `${eventName(e)} …` : eventName(e) }))}
          />
          {timed(when) && <Length label={t`For how long`} value={after} onChange={setAfter} />}
          <div className="flex flex-wrap gap-3">
            <Select
              className="w-64!"
              label={t`By which hours`}
              value={calendar}
              onChange={(c) => {
                setCalendar(c);
                if (!c) setOpen("");
              }}
              choices={[
                { value: "", label: t`All of the time` },
                ...calendars.map((c) => ({ value: c.id, label: t`Hours of ${c.name}` })),
              ]}
            />
            {calendar && (
              <Select
                className="w-64!"
                label={t`Within the hours or outside`}
                value={open}
                onChange={setOpen}
                choices={[
                  { value: "", label: t`whether open or closed` },
                  { value: "there", label: t`only while it is open` },
                  { value: "away", label: t`only while it is closed` },
                ]}
              />
            )}
          </div>
        </div>
      </Section>
      <Section title={<Trans>For which conversations</Trans>}>
        <div className="flex flex-col gap-3 pt-3">
          <Conditions
            fields={fields}
            value={conditions}
            onChange={setConditions}
            error={field.startsWith("conditions") && wrong ? { field, text: wrong.message } : undefined}
          />
          <Switch
            label={<Trans>Also conversations that we started</Trans>}
            checked={ours}
            onChange={setOurs}
          />
        </div>
      </Section>
      <Section title={<Trans>What it does</Trans>}>
        <Acts acts={acts} onChange={setActs} />
      </Section>
      <Switch
        label={<Trans>This rule is on</Trans>}
        help={
          <Trans>
            What a rule does never sets off a rule. You answer for what it says, as for your own words.
          </Trans>
        }
        checked={on}
        onChange={setOn}
      />
      {failed && field !== "name" && !field.startsWith("conditions") && (
        <p role="alert" className="help bad">
          {sentenceOf(failed)}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="p" busy={save.isPending}>
          {r ? <Trans>Save changes</Trans> : <Trans>Add it</Trans>}
        </Button>
        <Button busy={dry.isPending} onClick={() => dry.mutate(body)}>
          <FlaskConical className="i s" aria-hidden />
          <Trans>Try it on the last week</Trans>
        </Button>
        <Button look="g" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
      {dry.data && <Dry of={dry.data} />}
    </form>
  );
}
