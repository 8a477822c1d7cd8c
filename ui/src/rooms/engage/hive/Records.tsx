import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, Button, Chip, Empty, Section, States, type Tone } from "../../../kit";
import { when } from "../../../lib/format";
import type { Question } from "./data";
import { useRecords } from "./lead";
import { type RecordView, recordViews } from "./search";

export function viewName(v: RecordView): string {
  const names: Record<RecordView, string> = {
    all: t`All questions`,
    offered: t`Offered now`,
    widened: t`Widened now`,
    claimed: t`Taken now`,
    centre: t`At the contact centre now`,
    sent: t`Went to the contact centre`,
    answered: t`Answered`,
    by_hive: t`Answered by the hive`,
    solved: t`Solved by the hive`,
    in_time: t`Answered in time`,
    late: t`Answered late`,
    unknown: t`Nobody knew`,
  };
  return names[v];
}

// stood says where a question stands, in a word and a tone.
export function stood(q: Pick<Question, "state" | "ring">): [string, Tone] {
  switch (q.state) {
    case "offered":
      return q.ring <= 1
        ? [t`asked the best`, "voice"]
        : q.ring === 2
          ? [t`asked more`, "voice"]
          : [t`open to everybody`, "wait"];
    case "claimed":
      return [t`taken`, "voice"];
    case "centre":
      return [t`contact centre`, "wait"];
    case "answered":
      return [t`answered`, "good"];
    default:
      return [t`closed`, "plain"];
  }
}

// Records are the questions behind a number; each leads to its way.
export function Records({ p, view, since }: { p: string; view: RecordView; since: string | undefined }) {
  const list = useRecords(p, view, since);
  return (
    <Section title={<Trans>Questions</Trans>}>
      <RecordFilter view={view} />
      <States of={list} empty={<Empty title={<Trans>There is none.</Trans>} />}>
        {(rows) => (
          <ul>
            {rows.map((q) => (
              <li key={q.id}>
                <Record q={q} />
              </li>
            ))}
            {list.hasMore && (
              <li className="p-3">
                <Button look="g" busy={list.loadingMore} onClick={list.more}>
                  <Trans>Show more</Trans>
                </Button>
              </li>
            )}
          </ul>
        )}
      </States>
    </Section>
  );
}

function RecordFilter({ view }: { view: RecordView }) {
  return (
    <div className="flex flex-wrap gap-1.5 py-3">
      {recordViews.map((v) => (
        <Link
          key={v}
          to="/hive/lead"
          search={(s) => ({ ...s, of: v })}
          resetScroll={false}
          className={`chip !h-7 !px-2.5 ${v === view ? "vo" : "ol"}`}
          aria-current={v === view ? "true" : undefined}
        >
          {viewName(v)}
        </Link>
      ))}
    </div>
  );
}

function Record({ q }: { q: Question }) {
  const [word, tone] = stood(q);
  const who = q.answered_by ?? q.claimed_by;
  const late = q.answered_at && q.answered_at > q.due_at;
  return (
    <Link
      to="/hive/lead"
      search={(s) => ({ ...s, q: q.id })}
      resetScroll={false}
      className="row !px-0 sm:!px-2"
    >
      <Avatar name={q.author.name} src={q.author.avatar} channel={q.channel} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <b className="font-strong">{q.author.name}</b>
          <Chip tone={tone}>{word}</Chip>
          {late && (
            <Chip tone="wait">
              <Trans>late</Trans>
            </Chip>
          )}
          {who && <span className="text-xs text-ink-2">{who.name}</span>}
          <span className="ms-auto text-xs text-ink-3">{when(q.opened_at)}</span>
        </span>
        <span className="pv said line-clamp-2">{q.text}</span>
      </span>
    </Link>
  );
}
