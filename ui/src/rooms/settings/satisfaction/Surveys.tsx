import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Chip, Field, Input, States, Switch, Textarea, tell } from "../../../kit";
import { api, type Got, ok } from "../../../lib/api";
import { sentenceOf } from "../../../lib/problem";
import { useMay, useSession } from "../../../lib/session";
import { fault } from "../data";
import { Frame } from "../Frame";

type All = Got<"/api/surveys">;
type Survey = All["usual"];

function useSurveys() {
  return useQuery({
    queryKey: ["surveys", "settings"],
    queryFn: ({ signal }) => ok(api.GET("/api/surveys", { signal })),
  });
}

// Surveys is whether and how each programme asks how well it helped.
export function Surveys() {
  const surveys = useSurveys();
  const session = useSession();
  const may = useMay("govern.write");
  const programmes = session?.member?.programmes ?? [];
  return (
    <Frame name={t`Satisfaction`}>
      <States of={surveys}>
        {(all) => (
          <>
            <p className="max-w-(--measure) pb-4 text-ink-2">
              <Trans>
                After a private conversation is resolved, the customer is sent a link to one question. Each
                person is asked once in a while, whatever they write by; nobody is asked whom you wrote to
                first, whom nobody answered, or who asked for no more messages. What they gave stands in{" "}
                <Link to="/engage/satisfaction" className="link underline">
                  Satisfaction
                </Link>
                .
              </Trans>
            </p>
            {!all.ready && (
              <p className="mb-4 rounded-md bg-wait-wash px-4 py-3 text-wait" role="status">
                <Trans>
                  Parley has no public address yet, so a link in a message would lead nowhere. Start it with
                  --url, then turn this on.
                </Trans>
              </p>
            )}
            <div className="flex max-w-2xl flex-col gap-4">
              {programmes.map((p) => (
                <One
                  key={p.id}
                  programme={p}
                  of={(all.items ?? []).find((s) => s.programme?.id === p.id)}
                  usual={all.usual}
                  may={may}
                  ready={all.ready}
                />
              ))}
              {all.all && (
                <One
                  programme={{ id: "", name: t`What belongs to no programme` }}
                  of={(all.items ?? []).find((s) => !s.programme)}
                  usual={all.usual}
                  may={may}
                  ready={all.ready}
                />
              )}
              {programmes.length === 0 && !all.all && (
                <p className="text-ink-3">
                  <Trans>There is no programme that you could see.</Trans>
                </p>
              )}
            </div>
          </>
        )}
      </States>
    </Frame>
  );
}

interface OneProps {
  programme: { id: string; name: string };
  of: Survey | undefined;
  usual: Survey;
  may: boolean;
  ready: boolean;
}

function One({ programme, of, usual, may, ready }: OneProps) {
  const [editing, setEditing] = useState(false);
  const s = of ?? usual;
  return (
    <section className="rounded-md border border-line bg-paper p-4" aria-label={programme.name}>
      <header className="flex items-center gap-3">
        <h2 className="min-w-0 flex-1 truncate text-md font-strong">{programme.name}</h2>
        {s.on ? (
          <Chip tone="good">
            <Trans>asks</Trans>
          </Chip>
        ) : (
          <Chip>
            <Trans>asks nobody</Trans>
          </Chip>
        )}
        {may && !editing && (
          <Button size="sm" touch onClick={() => setEditing(true)}>
            <Trans>Change</Trans>
          </Button>
        )}
      </header>
      {editing ? (
        <Edit programme={programme} of={s} ready={ready} onDone={() => setEditing(false)} />
      ) : (
        s.on && (
          <div className="pt-3 text-ink-2">
            <p className="words" dir="auto">
              {s.words}
            </p>
            <p className="pt-2 text-xs text-ink-3">
              <Trans>
                {s.after_minutes} minutes after resolving, one person at most once in {s.every_days} days
              </Trans>
              {s.owner && (
                <>
                  {" · "}
                  <Trans>in the name of {s.owner.name}</Trans>
                </>
              )}
            </p>
          </div>
        )
      )}
    </section>
  );
}

function Edit({
  programme,
  of: s,
  ready,
  onDone,
}: {
  programme: { id: string; name: string };
  of: Survey;
  ready: boolean;
  onDone: () => void;
}) {
  const cache = useQueryClient();
  const [on, setOn] = useState(s.on || ready);
  const [words, setWords] = useState(s.words);
  const [question, setQuestion] = useState(s.question);
  const [after, setAfter] = useState(String(s.after_minutes));
  const [every, setEvery] = useState(String(s.every_days));
  const save = useMutation({
    mutationFn: () =>
      ok(
        api.PUT("/api/surveys", {
          body: {
            ...(programme.id ? { programme: programme.id } : {}),
            on,
            words,
            question,
            after_minutes: Number(after),
            every_days: Number(every),
          },
        }),
      ),
    meta: { quiet: true },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["surveys"] });
      tell({ text: t`Saved.` });
      onDone();
    },
  });
  const placed = ["words", "question", "after_minutes", "every_days", "on"].some((f) => fault(save.error, f));
  const send = (e: FormEvent) => {
    e.preventDefault();
    save.mutate();
  };
  return (
    <form className="touch flex flex-col gap-4 pt-4" onSubmit={send}>
      <Switch
        label={<Trans>Ask customers</Trans>}
        help={fault(save.error, "on") ?? <Trans>The messages are sent in your name.</Trans>}
        checked={on}
        disabled={!ready && !on}
        onChange={setOn}
      />
      <Field
        label={<Trans>Message</Trans>}
        help={
          <Trans>
            With {"{{link}}"} where the link stands, and {"{{name}}"} for their first name.
          </Trans>
        }
        error={fault(save.error, "words")}
      >
        <Textarea value={words} maxLength={1000} onChange={(e) => setWords(e.target.value)} />
      </Field>
      <Field
        label={<Trans>Question</Trans>}
        help={<Trans>On the page, above five answers from “very well” to “not at all”.</Trans>}
        error={fault(save.error, "question")}
      >
        <Input value={question} maxLength={200} required onChange={(e) => setQuestion(e.target.value)} />
      </Field>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label={<Trans>Minutes after resolving</Trans>} error={fault(save.error, "after_minutes")}>
          <Input
            type="number"
            min={0}
            max={20160}
            required
            value={after}
            onChange={(e) => setAfter(e.target.value)}
          />
        </Field>
        <Field
          label={<Trans>Days until one person is asked again</Trans>}
          error={fault(save.error, "every_days")}
        >
          <Input
            type="number"
            min={7}
            max={730}
            required
            value={every}
            onChange={(e) => setEvery(e.target.value)}
          />
        </Field>
      </div>
      {save.error && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="p" busy={save.isPending}>
          <Trans>Save changes</Trans>
        </Button>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
