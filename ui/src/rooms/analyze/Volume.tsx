import { t } from "@lingui/core/macro";
import { ChartFrame, Columns, NoData, Swatch } from "../../kit";
import { count } from "../../lib/format";
import type { Explored } from "./data";
import { labelOf } from "./words";

interface Props {
  of: Explored;
  beside?: Explored | undefined;
  besideName: string;
  since: string | undefined;
  until: string | undefined;
  onSpan: (span: { since: string; until: string } | undefined) => void;
}

// Volume is how much is said, beside the time before or another subject. Dragging
// over it keeps the posts of that stretch.
export function Volume({ of: e, beside, besideName, since, until, onSpan }: Props) {
  const steps = e.steps ?? [];
  const other = (beside ? beside.steps : e.steps_previous) ?? [];
  const hourly = e.step === "hour";
  const title = hourly ? t`Posts per hour` : t`Posts per day`;
  const first = since ? steps.findIndex((s) => Date.parse(s.at) >= Date.parse(since)) : -1;
  const last = until ? steps.findLastIndex((s) => Date.parse(s.until) <= Date.parse(until)) : -1;
  const chosen = first >= 0 && last >= first ? ([first, last] as const) : undefined;
  const marked = chosen && steps.slice(chosen[0], chosen[1] + 1).reduce((n, s) => n + s.count, 0);
  return (
    <ChartFrame
      title={title}
      def={{
        word: marked === undefined ? t`by when they were said` : t`${count(marked)} in the marked time`,
        text: t`Every public post by others, by the time its author said it. What its author took back is not counted. Drag over the columns to see only those posts.`,
      }}
      aside={<Swatch dashed>{besideName}</Swatch>}
      n={e.total.count}
      readAt={e.read_at}
      table={{
        head: [t`From`, t`Posts`, besideName],
        rows: steps.map((s, i) => [labelOf(s.at, hourly, steps.length), s.count, other[i]?.count ?? null]),
      }}
    >
      {e.total.count === 0 && other.every((s) => s.count === 0) ? (
        <NoData />
      ) : (
        <Columns
          label={t`${title}, ${count(e.total.count)} in all`}
          columns={steps.map((s, i) => ({
            key: s.at,
            label: labelOf(s.at, hourly, steps.length),
            value: s.count,
            before: other[i]?.count,
          }))}
          chosen={chosen}
          onChoose={(span) => {
            const from = span && steps[span[0]];
            const to = span && steps[span[1]];
            onSpan(from && to ? { since: from.at, until: to.until } : undefined);
          }}
        />
      )}
    </ChartFrame>
  );
}
