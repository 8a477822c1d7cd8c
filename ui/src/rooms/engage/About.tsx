import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import {
  AsidePart,
  Avatar,
  ChannelMark,
  FeelingColumns,
  feelingOf,
  Reading,
  Sentiment,
  Skeleton,
  Time,
  Timeline,
  TimelineItem,
} from "../../kit";
import { count, language, money, month, short, span } from "../../lib/format";
import { intentName } from "../../lib/intent";
import { Deal } from "./Deal";
import { type TalkFull, useMessages, usePast, usePerson } from "./data";
import { Held } from "./Held";
import { Suggested } from "./know/Suggested";
import { Promised } from "./Promised";
import { Given } from "./satisfaction/Given";
import { Work } from "./Work";
import { firstName } from "./words";

// About is the one we talk with: who, how they feel, what was before, what came of it.
export function About({ talk: c }: { talk: TalkFull }) {
  const person = usePerson(c.author.person);
  const past = usePast(c.author.person);
  const messages = useMessages(c.id);
  const last = (messages.data ?? []).find(
    (m) => m.kind === "theirs" && m.activity && !m.deleted_at,
  )?.activity;
  const p = person.data;
  const months = p?.feeling ?? [];
  const n = months.reduce((s, m) => s + m.negative + m.neutral + m.positive, 0);
  const monthName = (m: string | undefined) => (m ? month(`${m}-15T12:00:00Z`) : "");
  const value = (c.credits ?? []).find((x) => x.kind === "conversion" && x.value !== undefined);
  return (
    <>
      <AsidePart>
        <div className="flex items-center gap-3">
          <Avatar name={c.author.name} src={c.author.avatar} size="lg" />
          <div className="min-w-0">
            <div className="truncate text-[15px] font-strong">
              {c.author.person ? (
                <Link to="/people/$id" params={{ id: c.author.person }} className="hover:underline">
                  {c.author.name}
                </Link>
              ) : (
                c.author.name
              )}
            </div>
            <div className="truncate text-ink-3">{c.author.handle}</div>
          </div>
        </div>
        <div className="mt-3 grid grid-cols-3 gap-2">
          <Figure n={p ? count(p.conversations) : "–"} word={<Trans>conversations</Trans>} />
          <Figure n={short(c.author.followers)} word={<Trans>followers</Trans>} />
          <Figure
            n={c.first_answer_s !== undefined ? span(c.first_answer_s) : "–"}
            word={<Trans>to first answer</Trans>}
          />
        </div>
      </AsidePart>
      <Suggested talk={c} />
      <AsidePart title={<Trans>This conversation</Trans>}>
        <dl className="kv">
          {c.sentiment && (
            <>
              <dt>
                <Trans>Feeling</Trans>
              </dt>
              <dd>
                {last ? <Reading activity={last} felt={c.sentiment} /> : <Sentiment {...c.sentiment} />}
              </dd>
            </>
          )}
          {(c.intents ?? []).length > 0 && (
            <>
              <dt>
                <Trans>Kind</Trans>
              </dt>
              <dd>{(c.intents ?? []).map((i) => intentName(i.label)).join(", ")}</dd>
            </>
          )}
          {c.lang && c.lang !== "und" && (
            <>
              <dt>
                <Trans>Language</Trans>
              </dt>
              <dd>{language(c.lang)}</dd>
            </>
          )}
          {c.monitor && (
            <>
              <dt>
                <Trans>Found by</Trans>
              </dt>
              <dd className="truncate">{c.monitor.name}</dd>
            </>
          )}
          {c.programme && (
            <>
              <dt>
                <Trans>Programme</Trans>
              </dt>
              <dd className="truncate">{c.programme.name}</dd>
            </>
          )}
          <dt>
            <Trans>Messages</Trans>
          </dt>
          <dd>{count(c.messages)}</dd>
        </dl>
      </AsidePart>
      <Work talk={c} />
      <Deal talk={c} />
      {c.promise && <Promised of={c.promise} />}
      {(c.credits ?? []).length > 0 && (
        <AsidePart title={<Trans>What came of it</Trans>}>
          <ul className="flex flex-col gap-1">
            {(c.credits ?? []).map((x) => (
              <li key={`${x.kind}${x.at}`} className="flex gap-2">
                <span>{x.kind === "click" ? <Trans>Followed our link</Trans> : <Trans>Outcome</Trans>}</span>
                {x.value !== undefined && x.currency && (
                  <b className="font-strong text-good">{money(x.value, x.currency)}</b>
                )}
                <Time at={x.at} className="ms-auto text-xs text-ink-3" />
              </li>
            ))}
          </ul>
          {value && (
            <p className="pt-1 text-xs text-ink-3">
              <Trans>Credited to this conversation.</Trans>
            </p>
          )}
        </AsidePart>
      )}
      {c.author.person && !p && !person.error && <Skeleton rows={3} avatar={false} />}
      {p && (
        <AsidePart title={<Trans>Identities</Trans>}>
          <ul>
            {(p.identities ?? []).map((i) => (
              <li key={i.id} className="flex min-h-6.5 items-center gap-2">
                <ChannelMark kind={i.channel?.kind ?? i.scheme} mark={i.channel?.mark} inline />
                <span className="truncate">{i.handle || i.value}</span>
                <span className="ms-auto max-w-1/2 flex-none truncate text-xs text-ink-3">
                  {i.id === c.author.identity ? <Trans>here</Trans> : i.channel?.name}
                </span>
              </li>
            ))}
          </ul>
        </AsidePart>
      )}
      <Given conversation={c.id} />
      <Held conversation={c.id} />
      {n > 0 && (
        <AsidePart
          title={<Trans>How they feel</Trans>}
          end={<Plural value={n} one="# message" other="# messages" />}
        >
          <FeelingColumns
            of={months.map((m) => ({ ...m, key: m.month, label: monthName(m.month) }))}
            label={t`Feeling by month`}
          />
        </AsidePart>
      )}
      {p?.notes && (
        <AsidePart title={<Trans>Notes</Trans>}>
          <p className="words">{p.notes}</p>
        </AsidePart>
      )}
      {(past.data ?? []).length > 0 && c.author.person && (
        <AsidePart
          title={<Trans>Timeline</Trans>}
          end={
            <Link to="/people/$id" params={{ id: c.author.person }} className="link">
              <Trans>All</Trans>
            </Link>
          }
        >
          <Timeline label={t`Timeline`}>
            {(past.data ?? []).filter(once).map((m) => (
              <TimelineItem
                key={`${m.at}${m.kind}${m.text}${m.activity ?? ""}`}
                tone={
                  m.kind === "answered" || m.kind === "note"
                    ? "ours"
                    : feelingOf(m.sentiment) === "negative"
                      ? "trouble"
                      : "rest"
                }
              >
                <span className="flex items-baseline gap-3">
                  <span className="line-clamp-2 min-w-0 flex-1 wrap-anywhere">{told(m)}</span>
                  <Time at={m.at} className="text-xs text-ink-3" />
                </span>
              </TimelineItem>
            ))}
          </Timeline>
        </AsidePart>
      )}
    </>
  );
}

type Moment = NonNullable<ReturnType<typeof usePast>["data"]>[number];

// once leaves out what says the same again, such as three records joined at one moment.
function once(m: Moment, i: number, all: readonly Moment[]) {
  return !all.slice(0, i).some((o) => o.kind === m.kind && o.at === m.at && o.text === m.text);
}

function told(m: Moment) {
  const who = m.by?.name;
  switch (m.kind) {
    case "merge":
      return t`Joined with ${m.text}`;
    case "click":
      return t`Followed our link`;
    case "conversion":
      return m.value !== undefined && m.currency ? (
        <>
          {m.text || t`Outcome`} <b className="font-strong text-good">{money(m.value, m.currency)}</b>
        </>
      ) : (
        m.text || t`Outcome`
      );
    case "answered":
      return who ? (
        <>
          <span className="text-ink-3">{firstName(who)}:</span> {m.text}
        </>
      ) : (
        m.text
      );
    default:
      return m.text || t`Wrote in private`;
  }
}

function Figure({ n, word }: { n: string; word: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <div className="font-strong">{n}</div>
      <div className="text-xs text-ink-3">{word}</div>
    </div>
  );
}
