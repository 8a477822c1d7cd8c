import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Chip, Field, Input, Page, PageBody, Section, States, tell } from "../../../kit";
import { topicName } from "../../../lib/facet";
import { language } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { type Me as Mine, useMe, useSaveMe } from "./data";
import { HiveShelf } from "./Hive";
import { PresenceMenu } from "./PresenceMenu";
import { WeekField } from "./WeekField";

// Me is what one tells the hive about oneself, and what it has learned.
export function Me() {
  const me = useMe();
  return (
    <Page
      title={<Trans>What I know, when I work</Trans>}
      name={t`What I know, when I work`}
      shelf={<HiveShelf />}
      shelfName={t`Hive`}
      acts={me.data && <PresenceMenu me={me.data} />}
    >
      <PageBody>
        <States of={me}>{(m) => <Form me={m} />}</States>
      </PageBody>
    </Page>
  );
}

const local = (at: string | undefined) => (at ? new Date(at).toISOString().slice(0, 10) : "");
const whole = (day: string, end: boolean) =>
  new Date(`${day}T${end ? "23:59:59" : "00:00:00"}`).toISOString();

function Form({ me }: { me: Mine }) {
  const save = useSaveMe();
  const [draft, setDraft] = useState({
    week: { ...me.week, days: me.week.days ?? [] },
    daily: me.daily ? String(me.daily) : "",
    langs: me.langs ?? [],
    expertise: me.expertise ?? [],
    from: local(me.away_from),
    to: local(me.away_to),
  });
  const set = (more: Partial<typeof draft>) => setDraft({ ...draft, ...more });
  const submit = () =>
    save.mutate(
      {
        week: draft.week,
        daily: Number(draft.daily) || 0,
        langs: draft.langs,
        expertise: draft.expertise,
        ...(draft.from ? { away_from: whole(draft.from, false) } : {}),
        ...(draft.to ? { away_to: whole(draft.to, true) } : {}),
      },
      {
        onSuccess: () => tell({ text: t`Kept. The hive asks you accordingly from now on.` }),
        onError: (e) => tell({ text: sentenceOf(e), bad: true }),
      },
    );
  const limit = me.limit;
  const learned = me.learned ?? [];
  return (
    <div className="flex max-w-[40rem] flex-col gap-8">
      <p className="text-lg">
        <Trans>
          The hive asks you what you say that you know, and what your answers have shown. Nothing else about
          you counts: no speed, no feelings, no rank.
        </Trans>
      </p>
      <Section title={<Trans>What you know</Trans>}>
        <div className="flex flex-col gap-4 pt-3">
          <Words
            label={t`Things that customers ask`}
            help={t`One thing at a time: a product, a task, a topic. “descaling”, “K3 grinder”, “warranty”.`}
            of={draft.expertise}
            onChange={(expertise) => set({ expertise })}
          />
          <Words
            label={t`Languages that you answer in`}
            help={t`As short names: en, de, pt. None: what your programme says.`}
            of={draft.langs}
            show={language}
            onChange={(langs) => set({ langs: langs.map((l) => l.toLowerCase()) })}
          />
        </div>
      </Section>
      <Section title={<Trans>When you can be asked</Trans>}>
        <div className="flex flex-col gap-4 pt-3">
          <WeekField value={draft.week} onChange={(week) => set({ week })} optional />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={<Trans>On holiday from</Trans>}>
              <Input type="date" value={draft.from} onChange={(e) => set({ from: e.target.value })} />
            </Field>
            <Field label={<Trans>to</Trans>}>
              <Input type="date" value={draft.to} onChange={(e) => set({ to: e.target.value })} />
            </Field>
          </div>
          <Field
            label={<Trans>Questions a day, at most</Trans>}
            help={<Trans>Empty: what your programme says ({limit} now).</Trans>}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={1000}
              className="max-w-32"
              value={draft.daily}
              onChange={(e) => set({ daily: e.target.value })}
            />
          </Field>
        </div>
      </Section>
      <div className="touch">
        <Button look="p" busy={save.isPending} onClick={submit}>
          <Trans>Keep</Trans>
        </Button>
      </div>
      <Section title={<Trans>What your answers have shown</Trans>} n={learned.length}>
        {learned.length === 0 ? (
          <p className="pt-3 text-ink-2">
            <Trans>
              Nothing yet. Each answer teaches the hive what you know; it fades by half in six months.
            </Trans>
          </p>
        ) : (
          <ul className="flex flex-col pt-1">
            {learned.map((l) => (
              <li key={l.label} className="flex items-baseline gap-3 border-b border-line py-2 last:border-0">
                <b className="min-w-0 flex-1 truncate font-medium">{topicName(l.label)}</b>
                <span className="text-ink-2">
                  <Trans>
                    {l.answered} answered, {l.solved} solved
                  </Trans>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

// Words is a list of short texts: added with Enter, removed one by one.
export function Words({
  label,
  help,
  of,
  show = (s) => s,
  onChange,
}: {
  label: string;
  help: string;
  of: readonly string[];
  show?: (s: string) => string;
  onChange: (of: string[]) => void;
}) {
  const [text, setText] = useState("");
  const add = () => {
    const word = text.trim().replace(/,$/, "");
    if (word !== "" && !of.includes(word)) onChange([...of, word]);
    setText("");
  };
  return (
    <div>
      <Field label={label} help={help}>
        <Input
          value={text}
          maxLength={80}
          enterKeyHint="done"
          onChange={(e) => setText(e.target.value)}
          onBlur={add}
          onKeyDown={(e) => {
            if (e.key !== "Enter" && e.key !== ",") return;
            e.preventDefault();
            add();
          }}
        />
      </Field>
      {of.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1.5">
          {of.map((w) => (
            <Chip key={w} tone="voice" onRemove={() => onChange(of.filter((o) => o !== w))}>
              {show(w)}
            </Chip>
          ))}
        </div>
      )}
    </div>
  );
}
