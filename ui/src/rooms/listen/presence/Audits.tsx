import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClipboardCheck, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Checkbox,
  Chip,
  Dialog,
  Empty,
  Field,
  Input,
  Page,
  PageBody,
  Section,
  Segments,
  Select,
  States,
  Textarea,
  Time,
} from "../../../kit";
import { count, full } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { ListenShelf, shelfName } from "../Shelf";
import { type Profile, type Round, useMembers, usePresenceActs, useProfiles, useRounds } from "./data";
import { answerName, kindName } from "./words";

type Audit = NonNullable<Round["audits"]>[number];

const usual = () => [
  t`Is it still ours?`,
  t`Do we know who has access?`,
  t`Is it under the current policy?`,
  t`Does it look like us?`,
];

// Audits are rounds in which each profile is looked at: the same questions, a
// day by which they are answered, and what came of it.
export function Audits() {
  const may = useMay("listen.write");
  const rounds = useRounds();
  const [begins, setBegins] = useState(false);
  const begin = may && (
    <Button look="p" touch onClick={() => setBegins(true)}>
      <ClipboardCheck className="i s" aria-hidden />
      <Trans>Begin a round</Trans>
    </Button>
  );
  return (
    <Page
      name={t`Audits`}
      title={<Trans>Audits of profiles</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={begin}
    >
      <PageBody>
        <States
          of={rounds}
          empty={
            <Empty title={<Trans>Nobody has looked yet.</Trans>} acts={begin}>
              <Trans>
                A round asks the same questions of each profile that is ours, until a day that you choose.
                What is late is shown here and on the register.
              </Trans>
            </Empty>
          }
        >
          {(all) => (
            <div className="flex flex-col gap-8">
              {all.map((r) => (
                <One key={r.id} of={r} may={may} />
              ))}
            </div>
          )}
        </States>
      </PageBody>
      <Dialog open={begins} onOpenChange={setBegins} title={<Trans>Begin a round</Trans>}>
        {begins && <Begin onDone={() => setBegins(false)} />}
      </Dialog>
    </Page>
  );
}

function Begin({ onDone }: { onDone: () => void }) {
  const { start } = usePresenceActs();
  const members = useMembers().data ?? [];
  const [owner, setOwner] = useState("");
  const [some, setSome] = useState(false);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const profiles = (useProfiles({}).data?.items ?? []).filter((p) => p.status !== "closed");
  const soon = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    start.mutate(
      {
        name: String(f.get("name")),
        questions: String(f.get("questions")).split("\n"),
        due_at: `${String(f.get("due"))}T23:59:00Z`,
        ...(owner ? { owner } : {}),
        ...(some ? { profiles: [...picked] } : {}),
      },
      { onSuccess: onDone },
    );
  };
  const none = some && picked.size === 0;
  return (
    <form className="touch flex flex-col gap-3" onSubmit={send}>
      <Field label={<Trans>Name</Trans>} error={start.error ? sentenceOf(start.error) : undefined}>
        <Input name="name" required maxLength={200} autoFocus />
      </Field>
      <Field label={<Trans>Questions</Trans>} help={<Trans>One a line.</Trans>}>
        <Textarea name="questions" rows={5} defaultValue={usual().join("\n")} />
      </Field>
      <Field label={<Trans>To be done by</Trans>}>
        <Input name="due" type="date" required defaultValue={soon} />
      </Field>
      <Field label={<Trans>Who sees to it</Trans>}>
        <Select
          value={owner}
          onChange={setOwner}
          choices={[
            { value: "", label: t`Nobody yet` },
            ...members.map((m) => ({ value: m.id, label: m.name })),
          ]}
        />
      </Field>
      <div className="flex flex-col gap-2">
        <Segments
          label={t`Which profiles`}
          value={some ? "some" : "all"}
          parts={[
            { value: "all", label: t`All that are ours` },
            { value: "some", label: t`Choose some` },
          ]}
          onChange={(v) => setSome(v === "some")}
        />
        {some && (
          <Chosen
            of={profiles}
            picked={picked}
            onPick={(id, on) => {
              const next = new Set(picked);
              if (on) next.add(id);
              else next.delete(id);
              setPicked(next);
            }}
          />
        )}
      </div>
      <div className="flex justify-end">
        <Button
          type="submit"
          look="p"
          busy={start.isPending}
          {...(none ? { why: <Trans>Choose at least one profile.</Trans> } : {})}
        >
          {some ? (
            <Plural value={picked.size} one="Begin it for # profile" other="Begin it for # profiles" />
          ) : (
            <Trans>Begin it for all that are ours</Trans>
          )}
        </Button>
      </div>
    </form>
  );
}

// Chosen are the profiles that a round may look at, each with a box.
function Chosen({
  of: profiles,
  picked,
  onPick,
}: {
  of: readonly Profile[];
  picked: ReadonlySet<string>;
  onPick: (id: string, on: boolean) => void;
}) {
  return (
    <ul className="flex max-h-64 flex-col gap-2.5 overflow-y-auto rounded-md border border-line p-3">
      {profiles.map((p) => (
        <li key={p.id}>
          <Checkbox
            label={p.name}
            help={`${kindName(p.kind)} · ${p.region}`}
            checked={picked.has(p.id)}
            onChange={(on) => onPick(p.id, on)}
          />
        </li>
      ))}
    </ul>
  );
}

function One({ of: r, may }: { of: Round; may: boolean }) {
  const { close } = usePresenceActs();
  const [asks, setAsks] = useState<Audit>();
  return (
    <Section
      title={r.name}
      n={
        <Trans>
          {count(r.done)} of {count(r.of)}
        </Trans>
      }
      end={
        <span className="flex items-center gap-3">
          {r.state === "closed" ? (
            <Chip>
              <Trans>closed</Trans>
            </Chip>
          ) : r.overdue ? (
            <Chip tone="alarm" icon={<TriangleAlert aria-hidden />}>
              <Trans>overdue</Trans>
            </Chip>
          ) : null}
          <span title={full(r.due_at)}>
            <Trans>by {full(r.due_at)}</Trans>
          </span>
          {r.owner?.name}
          {may && r.state === "open" && (
            <Button look="g" size="sm" touch busy={close.isPending} onClick={() => close.mutate(r.id)}>
              <Trans>Close</Trans>
            </Button>
          )}
        </span>
      }
    >
      <ul>
        {(r.audits ?? []).map((a) => (
          <li
            key={a.profile.id}
            className="flex min-h-11 flex-wrap items-center gap-x-3 border-b border-line py-1.5"
          >
            <Link
              to="/listen/presence/$id"
              params={{ id: a.profile.id }}
              className="font-strong hover:underline"
            >
              {a.profile.name}
            </Link>
            {a.at ? (
              <span className="text-ink-2">
                {(a.answers ?? []).map((x) => answerName(x.answer)).join(", ")}{" "}
                <span className="text-ink-3">
                  {a.by?.name} · <Time at={a.at} />
                </span>
              </span>
            ) : (
              <span className="text-ink-3">
                <Trans>waits</Trans>
              </span>
            )}
            {may && r.state === "open" && (
              <Button size="sm" touch className="ms-auto" onClick={() => setAsks(a)}>
                {a.at ? <Trans>Answer again</Trans> : <Trans>Answer</Trans>}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        open={asks !== undefined}
        onOpenChange={(o) => !o && setAsks(undefined)}
        title={<Trans>Look at {asks?.profile.name}</Trans>}
        text={<Plural value={(r.questions ?? []).length} one="One question" other="# questions" />}
      >
        {asks && <Answer round={r} of={asks} onDone={() => setAsks(undefined)} />}
      </Dialog>
    </Section>
  );
}

function Answer({ round: r, of: a, onDone }: { round: Round; of: Audit; onDone: () => void }) {
  const { answer } = usePresenceActs();
  const questions = r.questions ?? [];
  const [said, setSaid] = useState<("yes" | "no" | "unknown")[]>(() =>
    questions.map((_, i) => (a.answers?.[i]?.answer as "yes" | undefined) ?? "unknown"),
  );
  const [status, setStatus] = useState<"" | "orphaned" | "closed">("");
  return (
    <form
      className="touch flex flex-col gap-3"
      onSubmit={(e) => {
        e.preventDefault();
        const f = new FormData(e.currentTarget);
        answer.mutate(
          {
            round: r.id,
            profile: a.profile.id,
            answers: said.map((x, i) => ({ answer: x, text: String(f.get(`t${i}`) ?? "") })),
            note: String(f.get("note") ?? ""),
            ...(status ? { status } : {}),
          },
          { onSuccess: onDone },
        );
      }}
    >
      {questions.map((q, i) => (
        <div key={q} className="flex flex-col gap-1.5">
          <span className="flex flex-wrap items-center gap-2">
            <b className="flex-1 font-strong">{q}</b>
            <Segments
              label={q}
              value={said[i] ?? "unknown"}
              parts={(["yes", "no", "unknown"] as const).map((v) => ({ value: v, label: answerName(v) }))}
              onChange={(v) => setSaid((s) => s.map((x, j) => (j === i ? v : x)))}
            />
          </span>
          <Input
            name={`t${i}`}
            aria-label={t`In words: ${q}`}
            maxLength={1000}
            defaultValue={a.answers?.[i]?.text ?? ""}
          />
        </div>
      ))}
      <Field
        label={<Trans>What it is found to be</Trans>}
        error={answer.error ? sentenceOf(answer.error) : undefined}
      >
        <Select
          value={status}
          onChange={setStatus}
          choices={[
            { value: "", label: t`as the register says` },
            { value: "orphaned", label: t`orphaned: nobody has access` },
            { value: "closed", label: t`closed` },
          ]}
        />
      </Field>
      <Field label={<Trans>Note</Trans>}>
        <Textarea name="note" rows={2} defaultValue={a.note} />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={answer.isPending}>
          <Trans>Keep the answers</Trans>
        </Button>
      </div>
    </form>
  );
}
