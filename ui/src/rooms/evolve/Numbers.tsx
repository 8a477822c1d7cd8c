import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import {
  AppLink,
  btn,
  ChartFrame,
  Columns,
  Def,
  Empty,
  FeelingColumns,
  NoData,
  Page,
  PageBody,
  Segments,
  States,
} from "../../kit";
import { count, day, span } from "../../lib/format";
import { type Board, ranges, useBoard } from "./data";
import { Line } from "./Line";
import { EvolveShelf, shelfName } from "./Shelf";
import { Channels, Credits } from "./Tables";
import { amount, change, labelOf, lead } from "./words";

const route = getRouteApi("/frame/evolve");

// Numbers is whether we get better: one sentence, the figures behind it, and how
// they moved.
export function Numbers() {
  const { range = "30d" } = route.useSearch();
  const go = route.useNavigate();
  const board = useBoard(range);
  const name: Record<(typeof ranges)[number], string> = {
    "7d": t`7 days`,
    "30d": t`30 days`,
    "90d": t`90 days`,
  };
  return (
    <Page
      name={t`Numbers we keep`}
      title={<Trans>Numbers we keep</Trans>}
      shelf={<EvolveShelf />}
      shelfName={shelfName()}
      acts={
        <Segments
          label={t`Period`}
          value={range}
          parts={ranges.map((r) => ({ value: r, label: name[r] }))}
          onChange={(r) => void go({ search: { range: r } })}
        />
      }
    >
      <PageBody>
        <States
          of={board}
          empty={
            <Empty
              title={<Trans>There is nothing to count yet.</Trans>}
              acts={
                <AppLink href="/settings/channels" className={btn("o", "sm")}>
                  <Trans>Connect a channel</Trans>
                </AppLink>
              }
            >
              <Trans>The numbers come by themselves, with the first post.</Trans>
            </Empty>
          }
        >
          {(b) => <Figures of={b} />}
        </States>
      </PageBody>
    </Page>
  );
}

function Figures({ of: b }: { of: Board }) {
  return (
    <>
      <p className="max-w-3xl text-xl font-strong tracking-tight">{lead(b)}</p>
      <dl className="my-6 grid grid-cols-2 gap-y-5 border-y border-line py-4 sm:grid-cols-3 lg:grid-cols-6">
        {(b.cards ?? []).map((c) => (
          <div key={c.key} className="pe-4">
            <dt className="text-xs text-ink-3">
              <Def text={`${c.definition} n = ${count(c.n)}`}>{labelOf(c)}</Def>
            </dt>
            <dd>
              <b className="block text-2xl font-strong tracking-tight">{amount(c)}</b>
              <span className="text-xs text-ink-2">{change(c)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <Volume of={b} />
        <Feeling of={b} />
        <Answers of={b} />
        <Outcomes of={b} />
      </div>
      <div className="mt-9 grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <Channels of={b} />
        <Credits of={b} />
      </div>
    </>
  );
}

function Volume({ of: b }: { of: Board }) {
  const days = b.volume ?? [];
  const total = days.reduce((n, d) => n + d.directed + d.matched, 0);
  return (
    <ChartFrame
      title={t`Said about us`}
      def={{
        word: t`by day`,
        text: t`Directed at us, or matched by a monitor. What was only heard is not counted here.`,
      }}
      n={total}
      readAt={b.read_at}
      table={{
        head: [t`Day`, t`Directed at us`, t`Found by monitors`, t`Heard in all`],
        rows: days.map((d) => [day(d.day), d.directed, d.matched, d.heard]),
      }}
    >
      {total === 0 ? (
        <NoData />
      ) : (
        <Columns
          label={t`Posts about us by day`}
          columns={days.map((d) => ({ key: d.day, label: day(d.day), value: d.directed + d.matched }))}
        />
      )}
    </ChartFrame>
  );
}

function Feeling({ of: b }: { of: Board }) {
  const days = b.sentiment ?? [];
  const n = days.reduce((s, d) => s + d.negative + d.neutral + d.positive, 0);
  return (
    <ChartFrame
      title={t`How they feel`}
      def={{
        word: t`by day`,
        text: t`What was scored, by the day on which it was said. Languages without a model are left out.`,
      }}
      n={n}
      readAt={b.read_at}
      table={{
        head: [t`Day`, t`Negative`, t`Neutral`, t`Positive`],
        rows: days.map((d) => [day(d.day), d.negative, d.neutral, d.positive]),
      }}
    >
      {n === 0 ? (
        <NoData />
      ) : (
        <FeelingColumns
          of={days.map((d) => ({ ...d, key: d.day, label: day(d.day) }))}
          label={t`Feeling by day`}
          height={150}
        />
      )}
    </ChartFrame>
  );
}

function Answers({ of: b }: { of: Board }) {
  const days = b.answers ?? [];
  const n = days.reduce((s, d) => s + d.answered, 0);
  return (
    <ChartFrame
      title={t`Time to first answer`}
      def={{
        word: t`median, by day`,
        text: t`From somebody’s first message to our first answer, right within 5%. Pale: nine of ten waited no longer.`,
      }}
      n={n}
      readAt={b.read_at}
      table={{
        head: [t`Day`, t`Began`, t`Answered`, t`Median`, t`Nine of ten`],
        rows: days.map((d) => [
          day(d.day),
          d.opened,
          d.answered,
          d.median_s === null ? null : span(d.median_s),
          d.p90_s === null ? null : span(d.p90_s),
        ]),
      }}
    >
      {n === 0 ? (
        <NoData>
          <Trans>Nobody was answered in this time.</Trans>
        </NoData>
      ) : (
        <Line
          label={t`Median time to the first answer by day`}
          points={days.map((d) => ({ key: d.day, label: day(d.day), value: d.median_s, high: d.p90_s }))}
        />
      )}
    </ChartFrame>
  );
}

function Outcomes({ of: b }: { of: Board }) {
  const days = b.conversions ?? [];
  const n = days.reduce((s, d) => s + d.clicks, 0);
  return (
    <ChartFrame
      title={t`Clicks on our links`}
      def={{
        word: t`by day`,
        text: t`Visits of people through tracked links. Machines that only preview a link are not counted.`,
      }}
      n={n}
      readAt={b.read_at}
      table={{
        head: [t`Day`, t`Clicks`, t`Outcomes`],
        rows: days.map((d) => [day(d.day), d.clicks, d.conversions]),
      }}
    >
      {n === 0 ? (
        <NoData>
          <Trans>Nobody followed a tracked link in this time.</Trans>
        </NoData>
      ) : (
        <Columns
          label={t`Clicks by day; dashed: outcomes`}
          columns={days.map((d) => ({
            key: d.day,
            label: day(d.day),
            value: d.clicks,
            before: d.conversions,
          }))}
        />
      )}
    </ChartFrame>
  );
}
