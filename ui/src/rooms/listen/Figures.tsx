import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChartFrame, Columns, FeelingBar, NoData, net, Swatch } from "../../kit";
import { clock, count, share, signed } from "../../lib/format";
import type { Monitor, Series } from "./data";
import type { MonitorSearch, Range } from "./search";
import { spikeOf } from "./spike";
import { Breakdown, Tone } from "./Tables";
import { Warn } from "./Warn";
import { feelingsOf, labelOf, lead, stepMs, sum } from "./words";

interface Props {
  of: Series;
  monitor: Monitor;
  range: Range;
  filter: Omit<MonitorSearch, "range">;
  onFilter: (next: { [K in keyof MonitorSearch]?: MonitorSearch[K] | undefined }) => void;
}

// Figures prove the sentence: how much, how they feel, which languages and wishes, who.
export function Figures(p: Props) {
  const { of: s, monitor: m } = p;
  return (
    <div className="flex flex-col gap-7">
      <p className="max-w-3xl text-xl font-strong tracking-tight text-balance">{lead(s, p.range)}</p>
      {m.backfill && m.backfill.state !== "done" && <Past of={m.backfill} />}
      <Volume {...p} />
      <Feeling {...p} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-7 sm:grid-cols-2">
        <Breakdown
          sort="intent"
          of={s}
          chosen={p.filter.intent}
          onChoose={(intent) => p.onFilter({ intent })}
        />
        <Breakdown sort="lang" of={s} chosen={p.filter.lang} onChoose={(lang) => p.onFilter({ lang })} />
      </div>
      <Tone of={s} />
      <Warn subject={m.id} />
    </div>
  );
}

// Past says how far the reading of what was heard before has come.
function Past({ of: b }: { of: NonNullable<Monitor["backfill"]> }) {
  const part = b.of > 0 ? Math.min(1, b.done / b.of) : 0;
  return (
    <div className="rounded-sm border border-line-2 px-4 py-3" role="status">
      <p className="text-ink-2">
        <Trans>
          Reading what was heard before: {count(b.done)} of {count(b.of)} posts. The numbers grow until it is
          done.
        </Trans>
      </p>
      <progress className="mt-2 w-full" value={part} max={1} aria-label={t`Reading the past`} />
    </div>
  );
}

function Volume({ of: s, range, filter, onFilter }: Props) {
  const points = s.points ?? [];
  const before = s.previous ?? [];
  const spike = s.step === "hour" ? spikeOf(points, before) : undefined;
  const length = stepMs(s.step);
  const first = points.findIndex((p) => filter.since && Date.parse(p.at) >= Date.parse(filter.since));
  const last = points.findLastIndex(
    (p) => filter.until && Date.parse(p.at) + length <= Date.parse(filter.until),
  );
  const chosen = first >= 0 && last >= first ? ([first, last] as const) : undefined;
  const marked = chosen ? sum(points.slice(chosen[0], chosen[1] + 1)) : undefined;
  const title = s.step === "day" ? t`Posts per day` : t`Posts per hour`;
  const sigma = spike ? spike.sigma.toFixed(1) : "";
  return (
    <ChartFrame
      title={title}
      def={{
        word: marked === undefined ? t`by when they were said` : t`${count(marked)} in the marked time`,
        text: t`Every post this monitor found, by the time its author said it. Drag over the columns to see only those posts.`,
      }}
      aside={
        before.length > 0 && (
          <Swatch dashed>
            {range === "24h"
              ? t`the day before`
              : range === "3d"
                ? t`the 3 days before`
                : t`the 30 days before`}
          </Swatch>
        )
      }
      n={s.total}
      table={{
        head: [t`From`, t`Posts`, t`Before`],
        rows: points.map((p, i) => [labelOf(p.at, s.step, range), p.count, before[i]?.count ?? null]),
      }}
    >
      {s.total === 0 && sum(before) === 0 ? (
        <NoData />
      ) : (
        <Columns
          label={t`${title}, ${count(s.total)} in all`}
          columns={points.map((p, i) => ({
            key: p.at,
            label: labelOf(p.at, s.step, range),
            value: p.count,
            before: before[i]?.count,
            alarm: spike ? i >= spike.from : false,
          }))}
          note={
            spike && {
              at: spike.from,
              lines: [
                t`${clock(points[spike.from]?.at ?? "")} · ${count(spike.count)} posts since`,
                t`${sigma} standard deviations above a usual hour`,
              ],
            }
          }
          chosen={chosen}
          onChoose={(span) => {
            const from = span && points[span[0]];
            const to = span && points[span[1]];
            onFilter(
              from && to
                ? { since: from.at, until: new Date(Date.parse(to.at) + length).toISOString() }
                : { since: undefined, until: undefined },
            );
          }}
        />
      )}
    </ChartFrame>
  );
}

function Feeling({ of: s, range, filter, onFilter }: Props) {
  const f = feelingsOf(s);
  const felt = f.negative + f.neutral + f.positive;
  const all = felt + f.unknown;
  const balance = net(f);
  return (
    <ChartFrame
      title={t`How they feel`}
      def={
        balance === undefined
          ? undefined
          : {
              word: t`net ${signed(balance)}`,
              text: t`Positive minus negative, in hundredths of the posts whose feeling a model could read.`,
            }
      }
      aside={all > 0 && t`${share(felt / all)} could be read`}
      n={felt}
      missing={f.unknown > 0 && <Trans>{count(f.unknown)} in languages without a model, or too short</Trans>}
      table={{
        head: [t`From`, t`Negative`, t`Neutral`, t`Positive`, t`Not read`],
        rows: (s.points ?? []).map((p) => [
          labelOf(p.at, s.step, range),
          p.negative,
          p.neutral,
          p.positive,
          p.unknown,
        ]),
      }}
    >
      {felt === 0 ? (
        <NoData>
          <Trans>No feeling could be read in this time.</Trans>
        </NoData>
      ) : (
        <FeelingBar
          of={f}
          onChoose={(v) => onFilter({ sentiment: filter.sentiment === v ? undefined : v })}
        />
      )}
    </ChartFrame>
  );
}
