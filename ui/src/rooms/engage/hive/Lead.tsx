import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import {
  btn,
  ChartFrame,
  Columns,
  Def,
  Empty,
  NoData,
  Page,
  PageBody,
  Section,
  Segments,
  Select,
  States,
} from "../../../kit";
import { topicName } from "../../../lib/facet";
import { count, day, share, span } from "../../../lib/format";
import { mateState } from "./Further";
import { HiveShelf } from "./Hive";
import { type Board, chosen, useBoard, useLed } from "./lead";
import { Records } from "./Records";
import { type RecordView, type Span, spans } from "./search";
import { Way } from "./Way";

const route = getRouteApi("/frame/hive/lead");

// Lead is how a programme's hive goes: one sentence, what stands open now, the
// numbers that it rests on, and the questions behind each.
export function Lead() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const led = useLed();
  const mine = chosen(led.data ?? [], search.p);
  const days = search.days ?? "7";
  const board = useBoard(mine?.id, Number(days));
  const name: Record<Span, string> = { "1": t`Today`, "7": t`7 days`, "30": t`30 days`, "90": t`90 days` };
  return (
    <Page
      title={<Trans>How it goes</Trans>}
      name={t`How the hive goes`}
      shelf={<HiveShelf />}
      shelfName={t`Hive`}
      aside={search.q ? <Way id={search.q} /> : undefined}
      asideName={t`Why it went where it went`}
      acts={
        <span className="max-sm:hidden">
          <Segments
            label={t`Period`}
            value={days}
            parts={spans.map((s) => ({ value: s, label: name[s] }))}
            onChange={(d) => void go({ search: (s) => ({ ...s, days: d }) })}
          />
        </span>
      }
    >
      <PageBody>
        <States of={led} empty={<Empty title={<Trans>You lead no programme.</Trans>} />}>
          {(all) => (
            <>
              <div className="mb-5 flex flex-wrap items-end gap-3">
                <Select
                  label={t`Programme`}
                  className="!w-64"
                  choices={all.map((l) => ({
                    value: l.id,
                    label: l.name,
                    ...(l.on ? { help: t`the hive is on` } : {}),
                  }))}
                  value={mine?.id ?? null}
                  onChange={(p) => void go({ search: { p, ...(search.days ? { days: search.days } : {}) } })}
                />
                <span className="sm:hidden">
                  <Segments
                    label={t`Period`}
                    value={days}
                    parts={spans.map((s) => ({ value: s, label: name[s] }))}
                    onChange={(d) => void go({ search: (s) => ({ ...s, days: d }) })}
                  />
                </span>
              </div>
              {mine && !mine.on && (board.data?.asked ?? 0) === 0 ? (
                <Empty
                  title={<Trans>This programme has no hive yet.</Trans>}
                  acts={
                    <Link to="/hive/rules" search={{ p: mine.id }} className={btn("p")}>
                      <Trans>Set it up</Trans>
                    </Link>
                  }
                >
                  <Trans>
                    Once it is on, questions go to those who are likely to know, and their way is shown here.
                  </Trans>
                </Empty>
              ) : (
                <States of={board}>
                  {(b) => <Figures b={b} p={mine?.id ?? ""} view={search.of ?? "all"} />}
                </States>
              )}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function sentence(b: Board): string {
  const n = count(b.asked);
  const answered = count(b.answered);
  const inTime = b.answered > 0 ? share(b.in_time / b.answered) : "";
  const half = span(b.claim_half_s);
  if (b.asked === 0) return t`Nothing was asked in this time.`;
  if (b.answered === 0) return t`Of ${n} questions none has an answer yet.`;
  if (b.claims === 0) return t`Of ${n} questions ${answered} were answered, ${inTime} of them in time.`;
  return t`Of ${n} questions ${answered} were answered, ${inTime} of them in time; half were taken within ${half}.`;
}

function Figures({ b, p, view }: { b: Board; p: string; view: RecordView }) {
  const figure = (of: RecordView, label: string, value: string, note: ReactNode, def: string) => (
    <div className="pe-4">
      <dt className="text-xs text-ink-3 [&_.def]:inline-flex [&_.def]:min-h-6 [&_.def]:items-center">
        <Def text={def}>{label}</Def>
      </dt>
      <dd>
        <Link
          to="/hive/lead"
          search={(s) => ({ ...s, of })}
          resetScroll={false}
          hash="questions"
          aria-label={t`${label}: ${value}`}
          className="link block text-2xl font-strong tracking-tight"
        >
          {value}
        </Link>
        <span className="text-xs text-ink-2">{note}</span>
      </dd>
    </div>
  );
  const n = b.now;
  return (
    <>
      <p className="max-w-3xl text-xl font-strong tracking-tight text-balance">{sentence(b)}</p>
      <Section title={<Trans>Now</Trans>} className="mt-6">
        <dl className="grid grid-cols-2 gap-y-5 py-4 sm:grid-cols-4">
          {figure(
            "offered",
            t`Offered`,
            count(n.offered),
            <Trans>nobody has them yet</Trans>,
            t`Somebody is asked, and nobody has taken them.`,
          )}
          {figure(
            "widened",
            t`Of those, widened`,
            count(n.widened),
            <Trans>more than the best are asked</Trans>,
            t`The first who were asked did not take them in time, or nobody was found who surely knows.`,
          )}
          {figure(
            "claimed",
            t`Taken`,
            count(n.claimed),
            <Trans>somebody writes the answer</Trans>,
            t`Somebody took them and has not answered yet.`,
          )}
          {figure(
            "centre",
            t`At the contact centre`,
            count(n.centre),
            <Trans>nobody took them in time</Trans>,
            t`They came to the end of the time that the hive has.`,
          )}
        </dl>
      </Section>
      <Section title={<Trans>In this time</Trans>} className="mt-4">
        <dl className="grid grid-cols-2 gap-y-5 py-4 sm:grid-cols-3 lg:grid-cols-7">
          {figure("all", t`Asked`, count(b.asked), "", t`Questions that entered the hive.`)}
          {figure(
            "answered",
            t`Answered`,
            count(b.answered),
            b.asked > 0 ? share(b.answered / b.asked) : "",
            t`Our words stand on the network, whoever wrote them.`,
          )}
          {figure(
            "by_hive",
            t`By the hive`,
            count(b.by_hive),
            b.answered > 0 ? share(b.by_hive / b.answered) : "",
            t`Answered before the contact centre had them.`,
          )}
          {figure(
            "solved",
            t`Solved by it`,
            count(b.solved),
            b.by_hive > 0 ? share(b.solved / b.by_hive) : "",
            t`Of those, conversations that were closed after the answer: what the contact centre never had to do.`,
          )}
          {figure(
            "in_time",
            t`In time`,
            b.answered > 0 ? share(b.in_time / b.answered) : "–",
            <Trans>of {count(b.answered)} answered</Trans>,
            t`Answered before they were due, by the programme’s own target.`,
          )}
          {figure(
            "sent",
            t`To the contact centre`,
            count(b.sent),
            b.asked > 0 ? share(b.sent / b.asked) : "",
            t`Went there in the end, whether answered since or not.`,
          )}
          {figure(
            "unknown",
            t`Nobody knew`,
            count(b.unknown),
            b.asked > 0 ? share(b.unknown / b.asked) : "",
            t`Nobody was found who says or has shown to know, so everybody was asked.`,
          )}
        </dl>
      </Section>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <ByDay b={b} />
        <Spread b={b} />
        <There b={b} />
        <Gaps b={b} />
      </div>
      <div id="questions" className="mt-9 scroll-mt-4">
        <Records
          p={p}
          view={view}
          since={["offered", "widened", "claimed", "centre"].includes(view) ? undefined : b.from}
        />
      </div>
    </>
  );
}

function ByDay({ b }: { b: Board }) {
  const days = b.days ?? [];
  return (
    <ChartFrame
      title={t`Questions by day`}
      n={b.asked}
      readAt={b.to}
      table={{
        head: [t`Day`, t`Asked`, t`Answered`, t`In time`, t`To the contact centre`],
        rows: days.map((d) => [d.day, d.asked, d.answered, d.in_time, d.sent]),
      }}
    >
      {b.asked === 0 ? (
        <NoData>
          <Trans>Nothing was asked in this time.</Trans>
        </NoData>
      ) : (
        <Columns
          label={t`Questions by day`}
          columns={days.map((d) => ({ key: d.day, label: day(`${d.day}T12:00:00Z`), value: d.asked }))}
        />
      )}
    </ChartFrame>
  );
}

// Spread is how evenly the day's questions lie with people: numbers, no names.
function Spread({ b }: { b: Board }) {
  const bars = b.spread ?? [];
  const label = (f: number, to: number) => (f === to ? count(f) : `${count(f)}–${count(to)}`);
  const gini = b.gini.toFixed(2);
  return (
    <ChartFrame
      title={t`How today’s load is spread`}
      def={{
        word: t`people by questions taken`,
        text: t`How many people took how many questions today. Evenness is the Gini coefficient: 0 when all took the same, near 1 when one took all.`,
      }}
      aside={t`unevenness ${gini}`}
      n={b.people}
      readAt={b.to}
      table={{
        head: [t`Questions taken`, t`People`],
        rows: bars.map((x) => [label(x.from, x.to), x.people]),
      }}
    >
      {b.people === 0 ? (
        <NoData>
          <Trans>Nobody may answer in this programme yet.</Trans>
        </NoData>
      ) : (
        <Columns
          label={t`People by questions taken today`}
          columns={bars.map((x) => ({ key: String(x.from), label: label(x.from, x.to), value: x.people }))}
        />
      )}
    </ChartFrame>
  );
}

const order = ["here", "available", "busy", "absent", "quiet", "away", "off"] as const;

function There({ b }: { b: Board }) {
  const here = count(b.here);
  const all = count(b.people);
  return (
    <Section
      title={<Trans>Who can be asked now</Trans>}
      n={
        <Trans>
          {here} of {all}
        </Trans>
      }
    >
      <ul className="pt-1">
        {order
          .filter((s) => (b.states[s] ?? 0) > 0)
          .map((s) => {
            const n = b.states[s] ?? 0;
            return (
              <li key={s} className="grid grid-cols-[8rem_minmax(0,1fr)_3rem] items-center gap-3 py-1.5">
                <span>{mateState(s)}</span>
                <span className="h-1.5 overflow-hidden rounded-full bg-hover" aria-hidden>
                  <span
                    className={`block h-full rounded-full ${s === "here" || s === "available" ? "bg-cat-1" : "bg-context"}`}
                    style={{ width: `${(100 * n) / Math.max(1, b.people)}%` }}
                  />
                </span>
                <span className="text-end tabular-nums">{count(n)}</span>
              </li>
            );
          })}
      </ul>
      <p className="pt-1 text-xs text-ink-3">
        <Trans>Of those who may answer here: the role, and every required policy acknowledged.</Trans>
      </p>
    </Section>
  );
}

function Gaps({ b }: { b: Board }) {
  const gaps = b.gaps ?? [];
  return (
    <Section title={<Trans>What nobody knows</Trans>} n={gaps.length > 0 ? gaps.length : undefined}>
      {gaps.length === 0 ? (
        <p className="pt-3 text-ink-2">
          <Trans>For every question somebody was found who says or has shown to know.</Trans>
        </p>
      ) : (
        <ul className="pt-1">
          {gaps.map((g) => (
            <li key={g.label} className="flex items-baseline gap-3 border-b border-line py-1.5 last:border-0">
              <span className="min-w-0 flex-1 truncate">{topicName(g.label)}</span>
              <span className="text-xs text-ink-3">
                <Trans>nobody has declared this</Trans>
              </span>
              <span className="w-10 text-end tabular-nums">{count(g.n)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
