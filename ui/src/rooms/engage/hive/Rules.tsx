import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import {
  Button,
  Checkbox,
  Chip,
  Empty,
  Field,
  Input,
  Page,
  PageBody,
  Section,
  Select,
  Skeleton,
  States,
  Switch,
  tell,
} from "../../../kit";
import { topicName } from "../../../lib/facet";
import { language } from "../../../lib/format";
import { intentName } from "../../../lib/intent";
import { Problem, sentenceOf } from "../../../lib/problem";
import { intents } from "../../../lib/scores";
import { useHiveMates } from "./data";
import { HiveShelf } from "./Hive";
import { chosen, type Rules as HiveRules, useLed, useRules, useSetRules } from "./lead";
import { Words } from "./Me";
import { WeekField } from "./WeekField";

const route = getRouteApi("/frame/hive/rules");

// Rules is where whoever leads a programme says what its hive takes and whom it asks.
export function Rules() {
  const { p } = route.useSearch();
  const go = route.useNavigate();
  const led = useLed();
  const mine = chosen(led.data ?? [], p);
  const rules = useRules(mine?.id);
  return (
    <Page
      title={<Trans>Who is asked, and when</Trans>}
      name={t`Who is asked, and when`}
      shelf={<HiveShelf />}
      shelfName={t`Hive`}
    >
      <PageBody>
        <States
          of={led}
          empty={
            <Empty title={<Trans>You lead no programme.</Trans>}>
              <Trans>Whoever manages a programme sets up its hive.</Trans>
            </Empty>
          }
        >
          {(all) => (
            <div className="flex max-w-[40rem] flex-col gap-6">
              <Field label={<Trans>Programme</Trans>}>
                <Select
                  choices={all.map((l) => ({
                    value: l.id,
                    label: l.name,
                    ...(l.on ? { help: t`the hive is on` } : {}),
                  }))}
                  value={mine?.id ?? null}
                  onChange={(id) => void go({ search: { p: id } })}
                />
              </Field>
              {mine && (
                <States of={rules} skeleton={<Skeleton rows={4} avatar={false} />}>
                  {(r) => <Form key={mine.id} id={mine.id} of={r} />}
                </States>
              )}
            </div>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

type Figure = "first" | "widen" | "target" | "reserve" | "claim" | "daily";

function Form({ id, of }: { id: string; of: HiveRules }) {
  const save = useSetRules(id);
  const [r, setR] = useState(of);
  const set = (more: Partial<HiveRules>) => setR({ ...r, ...more });
  const wrong = save.error instanceof Problem ? save.error.field?.replace(/^body\./, "") : undefined;
  const bad = (f: string) => (wrong === f && save.error instanceof Problem ? save.error.message : undefined);
  const figure = (f: Figure, label: string, help: string) => (
    <Field label={label} help={help} error={bad(f)}>
      <Input
        type="number"
        inputMode="numeric"
        className="max-w-32"
        value={String(r[f])}
        onChange={(e) => set({ [f]: Number(e.target.value) || 0 })}
      />
    </Field>
  );
  const keep = () =>
    save.mutate(r, {
      onSuccess: (got) => {
        setR(got);
        tell({
          text: got.on ? t`Kept. The hive asks by these rules from now on.` : t`Kept. The hive is off.`,
        });
      },
      onError: (e) => !(e instanceof Problem && e.field) && tell({ text: sentenceOf(e), bad: true }),
    });
  return (
    <div className="flex flex-col gap-8">
      <Switch
        checked={r.on}
        onChange={(on) => set({ on })}
        label={<Trans>The hive is on</Trans>}
        help={<Trans>Questions of this programme go to those who are likely to know.</Trans>}
      />
      <Section title={<Trans>Which questions</Trans>}>
        <div className="flex flex-col gap-4 pt-3">
          <Field
            label={<Trans>What enters by itself</Trans>}
            help={<Trans>Never what somebody has already. By hand: “Ask the hive” in a conversation.</Trans>}
          >
            <Select
              choices={[
                { value: "all", label: t`All questions that wait for us` },
                { value: "chosen", label: t`Chosen intents and topics` },
                { value: "hand", label: t`Nothing: only by hand` },
              ]}
              value={r.takes}
              onChange={(takes) => set({ takes })}
            />
          </Field>
          {r.takes === "chosen" && (
            <>
              <fieldset>
                <legend className="label mb-2">
                  <Trans>Intents</Trans>
                </legend>
                <div className="grid gap-2 sm:grid-cols-2">
                  {intents.map((i) => (
                    <Checkbox
                      key={i}
                      label={intentName(i)}
                      checked={(r.intents ?? []).includes(i)}
                      onChange={(on) =>
                        set({
                          intents: on ? [...(r.intents ?? []), i] : (r.intents ?? []).filter((x) => x !== i),
                        })
                      }
                    />
                  ))}
                </div>
                {bad("intents") && <p className="help bad">{bad("intents")}</p>}
              </fieldset>
              <Words
                label={t`Topics`}
                help={t`As analysis names them: delivery, quality, returns …`}
                of={r.topics ?? []}
                show={topicName}
                onChange={(topics) => set({ topics })}
              />
            </>
          )}
        </div>
      </Section>
      <Section title={<Trans>How it widens</Trans>}>
        <div className="grid gap-4 pt-3 sm:grid-cols-2">
          {figure(
            "first",
            t`People asked first`,
            t`The best who are there. Three times as many are asked next, then everybody who may answer.`,
          )}
          {figure(
            "widen",
            t`Minutes until more are asked`,
            t`Of working time. The second ring has twice as long.`,
          )}
          {figure(
            "target",
            t`Minutes to the first answer`,
            t`Of working time: by then a customer should have one.`,
          )}
          {figure(
            "reserve",
            t`Of those, for the contact centre`,
            t`What nobody has answered goes there so many minutes earlier.`,
          )}
          {figure(
            "claim",
            t`Minutes a taken question may be silent`,
            t`Whoever writes keeps it. A warning comes before.`,
          )}
          {figure("daily", t`Questions a day for each`, t`Unless somebody sets a number of their own.`)}
        </div>
      </Section>
      <Section title={<Trans>When the programme works</Trans>}>
        <div className="pt-3">
          <WeekField value={r.week} onChange={(week) => set({ week })} />
          {bad("week") && <p className="help bad">{bad("week")}</p>}
        </div>
      </Section>
      <Section title={<Trans>Languages and the contact centre</Trans>}>
        <div className="flex flex-col gap-4 pt-3">
          <Words
            label={t`Languages of those who did not say`}
            help={t`As short names: en, de.`}
            of={r.langs ?? []}
            show={language}
            onChange={(langs) => set({ langs })}
          />
          <Centre id={id} of={r.centre ?? []} onChange={(centre) => set({ centre })} />
        </div>
      </Section>
      <div className="touch">
        <Button look="p" busy={save.isPending} onClick={keep}>
          <Trans>Keep</Trans>
        </Button>
      </div>
    </div>
  );
}

type Ref = NonNullable<HiveRules["centre"]>[number];

// Centre is the list of those who get what nobody took in time.
function Centre({ id, of, onChange }: { id: string; of: readonly Ref[]; onChange: (of: Ref[]) => void }) {
  const mates = useHiveMates(id, "");
  const free = (mates.data ?? []).filter((m) => !of.some((o) => o.id === m.id));
  return (
    <div>
      <Field
        label={<Trans>Contact centre</Trans>}
        help={<Trans>Who gets what nobody took. Nobody chosen: it stands in the inbox, with a mark.</Trans>}
      >
        <Select
          choices={free.map((m) => ({ value: m.id, label: m.name }))}
          value={null}
          placeholder={t`Add somebody`}
          onChange={(m) => {
            const who = free.find((f) => f.id === m);
            if (who) onChange([...of, { id: who.id, name: who.name }]);
          }}
        />
      </Field>
      {of.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1.5">
          {of.map((m) => (
            <Chip key={m.id} tone="voice" onRemove={() => onChange(of.filter((o) => o.id !== m.id))}>
              {m.name}
            </Chip>
          ))}
        </div>
      )}
    </div>
  );
}
