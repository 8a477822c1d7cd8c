import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import {
  AppLink,
  btn,
  ChartFrame,
  Columns,
  Empty,
  FeelingBar,
  FeelingColumns,
  NoData,
  net,
  Page,
  PageBody,
  Segments,
  States,
  Swatch,
} from "../../kit";
import { useCommands } from "../../lib/commands";
import { count, language, share, signed } from "../../lib/format";
import { intentName } from "../../lib/intent";
import { type Range, ranges, type Series, useChannels, useMonitors, useSeries, useTotals } from "./data";
import { Facet } from "./Facet";
import { labelOf, lead, rangeName, stepMs, totals } from "./words";

const route = getRouteApi("/frame/analyze");

// Analyze is what all that was heard comes to: how much, how it feels, about what,
// in which languages, where. Every number leads to its posts.
export function Analyze() {
  const { range = "3d" } = route.useSearch();
  const go = route.useNavigate();
  const series = useSeries(range);
  useCommands(
    t`Analyze`,
    ranges.map((r, i) => ({
      id: r,
      label: t`Look at ${rangeName(r)}`,
      keys: String(i + 1),
      run: () => void go({ search: { range: r } }),
    })),
  );
  return (
    <Page
      wide
      name={t`Analyze`}
      title={<Trans>Analyze</Trans>}
      beside={
        <span className="truncate text-ink-3 max-sm:hidden">
          <Trans>all that was heard</Trans>
        </span>
      }
      acts={
        <Segments
          label={t`Period`}
          value={range}
          parts={ranges.map((r) => ({ value: r, label: rangeName(r) }))}
          onChange={(r) => void go({ search: { range: r } })}
        />
      }
    >
      <PageBody wide>
        <States
          of={series}
          none={(s) => s.total === 0 && (s.previous ?? []).every((p) => p.count === 0)}
          empty={
            <Empty
              title={<Trans>There is nothing to count yet.</Trans>}
              acts={
                <>
                  <AppLink href="/settings/channels/new" className={btn("o", "sm")}>
                    <Trans>Connect a channel</Trans>
                  </AppLink>
                  <Link to="/listen/monitors/new" className={btn("g", "sm")}>
                    <Trans>Write a monitor</Trans>
                  </Link>
                </>
              }
            >
              <Trans>The numbers come by themselves, with the first post.</Trans>
            </Empty>
          }
        >
          {(s) => <Full of={s} range={range} />}
        </States>
      </PageBody>
    </Page>
  );
}

function Full({ of: s, range }: { of: Series; range: Range }) {
  return (
    <>
      <p className="mb-7 max-w-3xl text-xl font-strong tracking-tight text-balance">{lead(s, range)}</p>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <Volume of={s} range={range} />
        <Feeling of={s} range={range} />
        <Monitors range={range} />
        <Intents of={s} range={range} />
        <Languages of={s} range={range} />
        <Channels />
      </div>
    </>
  );
}

function Volume({ of: s, range }: { of: Series; range: Range }) {
  const go = useNavigate();
  const points = s.points ?? [];
  const before = s.previous ?? [];
  const title = s.step === "day" ? t`Posts per day` : t`Posts per hour`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`by when they were said`,
        text: t`Everything that was kept of what was heard: said to us, found by a monitor, or from a channel that keeps all. Drag over the columns to read those posts.`,
      }}
      aside={<Swatch dashed>{t`the time before`}</Swatch>}
      n={s.total}
      table={{
        head: [t`From`, t`Posts`, t`Before`],
        rows: points.map((p, i) => [labelOf(p.at, s.step, range), p.count, before[i]?.count ?? null]),
      }}
    >
      <Columns
        label={t`${title}, ${count(s.total)} in all`}
        columns={points.map((p, i) => ({
          key: p.at,
          label: labelOf(p.at, s.step, range),
          value: p.count,
          before: before[i]?.count,
        }))}
        onChoose={(span) => {
          const from = span && points[span[0]];
          const to = span && points[span[1]];
          if (from && to)
            void go({
              to: "/listen",
              search: { since: from.at, until: new Date(Date.parse(to.at) + stepMs(s.step)).toISOString() },
            });
        }}
      />
    </ChartFrame>
  );
}

function Feeling({ of: s, range }: { of: Series; range: Range }) {
  const go = useNavigate();
  const f = totals(s);
  const felt = f.negative + f.neutral + f.positive;
  const balance = net(f);
  const points = s.points ?? [];
  return (
    <ChartFrame
      title={t`How they feel`}
      def={{
        word: balance === undefined ? t`net` : t`net ${signed(balance)}`,
        text: t`Positive minus negative, in hundredths of the posts whose feeling a model could read.`,
      }}
      aside={felt > 0 && t`${share(felt / (felt + f.unknown))} could be read`}
      n={felt}
      missing={f.unknown > 0 && <Trans>{count(f.unknown)} in languages without a model, or too short</Trans>}
      table={{
        head: [t`From`, t`Negative`, t`Neutral`, t`Positive`, t`Not read`],
        rows: points.map((p) => [labelOf(p.at, s.step, range), p.negative, p.neutral, p.positive, p.unknown]),
      }}
    >
      {felt === 0 ? (
        <NoData>
          <Trans>No feeling could be read in this time.</Trans>
        </NoData>
      ) : (
        <>
          <FeelingBar
            of={f}
            onChoose={(sentiment) => void go({ to: "/listen", search: { sentiment, time: range } })}
          />
          <div className="mt-4">
            <FeelingColumns
              of={points.map((p) => ({ ...p, key: p.at }))}
              label={t`Positive above the line, negative below, over time`}
              height={104}
            />
          </div>
        </>
      )}
    </ChartFrame>
  );
}

function Monitors({ range }: { range: Range }) {
  const monitors = useMonitors();
  const all = monitors.data ?? [];
  const counted = useTotals(all, range);
  const by = new Map((counted.data ?? []).map((r) => [r.id, r.series]));
  const state = {
    data: all.length === 0 ? monitors.data : counted.data && all,
    error: monitors.error ?? counted.error,
    refetch: counted.refetch,
  };
  return (
    <States of={state}>
      {() => (
        <Facet
          title={t`Monitors compared`}
          def={{
            word: t`posts found`,
            text: t`A post may be found by several monitors, so the sum can be more than all posts.`,
          }}
          head={[t`Net feeling`]}
          lines={all.map((m) => {
            const s = by.get(m.id);
            const balance = s && net(totals(s));
            return {
              key: m.id,
              name: m.name,
              n: s?.total ?? 0,
              cells: [balance ?? null],
              end: balance !== undefined && (
                <span
                  className={
                    balance < 0 ? "text-sent-neg-ink" : balance > 0 ? "text-sent-pos-ink" : "text-ink-3"
                  }
                >
                  <span className="sr-only">
                    <Trans>net feeling</Trans>{" "}
                  </span>
                  {signed(balance)}
                </span>
              ),
              link: { to: "/listen/monitors/$id", params: { id: m.id }, search: { range } },
            };
          })}
          none={<Trans>There is no monitor yet. Write one, and it is compared here.</Trans>}
        />
      )}
    </States>
  );
}

function Intents({ of: s, range }: { of: Series; range: Range }) {
  return (
    <Facet
      title={t`What they want`}
      def={{
        word: t`intents`,
        text: t`What a model read out of the words. A post may have several, or none.`,
      }}
      n={s.total}
      lines={(s.intents ?? []).map((r) => ({
        key: r.label,
        name: intentName(r.label),
        n: r.count,
        link: { to: "/listen", search: { intent: r.label, time: range } },
      }))}
      none={<Trans>No intent was read in this time.</Trans>}
    />
  );
}

function Languages({ of: s, range }: { of: Series; range: Range }) {
  return (
    <Facet
      title={t`Languages`}
      def={{
        word: t`as read by the model`,
        text: t`The language a model recognised, whatever the author’s account says.`,
      }}
      n={s.total}
      lines={(s.languages ?? []).map((r) => ({
        key: r.lang,
        name: language(r.lang),
        n: r.count,
        link: { to: "/listen", search: { lang: r.lang, time: range } },
      }))}
    />
  );
}

// Channels are counted for a day, whatever time is looked at: that is what is kept of them.
function Channels() {
  const channels = useChannels();
  return (
    <States of={channels}>
      {(all) => (
        <Facet
          title={t`Channels`}
          def={{
            word: t`heard in 24 hours`,
            text: t`What each channel heard and kept in the last 24 hours, whatever period is chosen above.`,
          }}
          head={[t`Dropped`]}
          lines={all.map((c) => ({
            key: c.id,
            name: c.name,
            n: c.health.heard_24h,
            cells: [c.health.dropped_24h],
            link: { to: "/listen", search: { channel: c.id, time: "24h" } },
          }))}
          none={<Trans>No channel is connected.</Trans>}
        />
      )}
    </States>
  );
}
