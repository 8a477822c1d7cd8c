import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChartFrame, NoData, Sparkline, States, Table } from "../../kit";
import { count } from "../../lib/format";
import { type Bursts as B, type Span, useBursts } from "./data";
import type { Subject } from "./search";
import { Net } from "./Topics";

interface Props {
  subject: Subject;
  span: Span;
  chosen: string | undefined;
  onChoose: (q: string | undefined) => void;
}

// Bursts are what people suddenly speak of, found in their own words.
export function Bursts({ subject, span, chosen, onChoose }: Props) {
  const data = useBursts(subject, span);
  return <States of={data}>{(b) => <Found of={b} chosen={chosen} onChoose={onChoose} />}</States>;
}

function timesWord(n: number): string {
  return n === 0 ? t`new` : `× ${count(n >= 10 ? Math.round(n) : Math.round(n * 10) / 10)}`;
}

function Found({
  of: b,
  chosen,
  onChoose,
}: {
  of: B;
  chosen: string | undefined;
  onChoose: Props["onChoose"];
}) {
  const rows = b.items ?? [];
  const title = t`What they suddenly speak of`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`found in their words`,
        text: t`Words that are said far more than in the four weeks before (or three times as long as the chosen time), so much more that chance is one in ten thousand. Words that the same posts say stand together. The posts with any of them are counted.`,
      }}
      table={{
        head: [t`Words`, t`Posts`, t`Times as often`, t`Negative`, t`Neutral`, t`Positive`],
        rows: rows.map((r) => [
          (r.words ?? []).join(", "),
          r.count,
          timesWord(r.times),
          r.negative,
          r.neutral,
          r.positive,
        ]),
      }}
    >
      {rows.length === 0 ? (
        <NoData>
          <Trans>No words stand out against the weeks before.</Trans>
        </NoData>
      ) : (
        <Table
          label={title}
          head={
            <>
              <th>
                <Trans>Words</Trans>
              </th>
              <th className="num">
                <Trans>Posts</Trans>
              </th>
              <th className="num">
                <Trans>Than before</Trans>
              </th>
              <th className="max-md:hidden">
                <Trans>Net feeling</Trans>
              </th>
              <th className="num max-sm:hidden">
                <Trans>Course</Trans>
              </th>
            </>
          }
        >
          {rows.map((r) => {
            const words = (r.words ?? []).join(", ");
            const on = chosen === r.query;
            return (
              <tr key={r.query} className={on ? "bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : ""}>
                <td>
                  <button
                    type="button"
                    aria-pressed={on}
                    onClick={() => onChoose(on ? undefined : r.query)}
                    className="said min-h-6 text-start text-[15px] hover:underline"
                  >
                    {words}
                  </button>
                </td>
                <td className="num">{r.exact ? count(r.count) : <Trans>over {count(r.count)}</Trans>}</td>
                <td className="num font-strong">{timesWord(r.times)}</td>
                <td className="max-md:hidden">
                  <Net of={r} />
                </td>
                <td className="num max-sm:hidden">
                  <span className="ms-auto inline-block">
                    <Sparkline
                      values={(r.steps ?? []).map((s) => s.count)}
                      label={t`The course of ${words}`}
                    />
                  </span>
                </td>
              </tr>
            );
          })}
        </Table>
      )}
    </ChartFrame>
  );
}
