import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChartFrame, FeelingBar, NoData, net, Press, useWidth } from "../../kit";
import { count, share, signed } from "../../lib/format";
import type { Amount, Explored } from "./data";
import type { FeelingName } from "./search";
import { felt, fewestFelt, labelOf } from "./words";

interface Props {
  of: Explored;
  chosen: FeelingName | undefined;
  onChoose: (f: FeelingName | undefined) => void;
  onSpan: (since: string, until: string, f: FeelingName) => void;
}

// Feeling is how they feel: parts of a whole, then its course with the net as a line.
export function Feeling({ of: e, chosen, onChoose, onSpan }: Props) {
  const total = e.total;
  const n = felt(total);
  const balance = net(total);
  const hourly = e.step === "hour";
  const steps = e.steps ?? [];
  return (
    <ChartFrame
      title={t`How they feel`}
      def={{
        word: balance === undefined ? t`net` : t`net ${signed(balance)}`,
        text: t`Positive minus negative, in hundredths of the posts whose feeling a model could read.`,
      }}
      aside={total.count > 0 && t`${share(n / total.count)} could be read`}
      n={n}
      readAt={e.read_at}
      missing={
        total.unknown > 0 && (
          <button
            type="button"
            className="link"
            aria-pressed={chosen === "none"}
            onClick={() => onChoose(chosen === "none" ? undefined : "none")}
          >
            <Trans>{count(total.unknown)} in languages without a model, or not read yet</Trans>
          </button>
        )
      }
      table={{
        head: [t`From`, t`Negative`, t`Neutral`, t`Positive`, t`Not read`],
        rows: steps.map((p) => [
          labelOf(p.at, hourly, steps.length),
          p.negative,
          p.neutral,
          p.positive,
          p.unknown,
        ]),
      }}
    >
      {n === 0 ? (
        <NoData>
          <Trans>No feeling could be read in this time.</Trans>
        </NoData>
      ) : (
        <>
          <FeelingBar of={total} onChoose={(f) => onChoose(chosen === f ? undefined : f)} />
          <Course steps={steps} hourly={hourly} onSpan={onSpan} />
        </>
      )}
    </ChartFrame>
  );
}

const left = 38;
const height = 132;

// Course has good above the line and bad below; the net feeling is drawn where
// enough could be read.
function Course({
  steps,
  hourly,
  onSpan,
}: {
  steps: readonly (Amount & { at: string; until: string })[];
  hourly: boolean;
  onSpan: Props["onSpan"];
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const mid = height / 2;
  const top = Math.max(...steps.map((s) => Math.max(s.negative, s.positive)), 1);
  const step = (width - left) / Math.max(steps.length, 1);
  const bar = Math.max(1, step * 0.76);
  const size = (v: number) => (v / top) * (mid - 8);
  // The line breaks where too little could be read.
  let line = "";
  let drawn = false;
  steps.forEach((s, i) => {
    const v = felt(s) >= fewestFelt ? net(s) : undefined;
    if (v !== undefined)
      line += `${drawn ? "L" : "M"}${(left + (i + 0.5) * step).toFixed(1)} ${(mid - (v / 100) * (mid - 8)).toFixed(1)}`;
    drawn = v !== undefined;
  });
  const mark = (s: (typeof steps)[number], f: "positive" | "negative", x: number, i: number) => {
    const v = s[f];
    if (v === 0) return null;
    const word = f === "positive" ? t`positive` : t`negative`;
    return (
      <Press
        label={`${labelOf(steps[i]?.at ?? "", hourly, steps.length)}: ${count(v)} ${word}`}
        x={x}
        y={f === "positive" ? mid - size(v) : mid}
        width={bar}
        height={Math.max(1, size(v))}
        rx="1"
        fill={f === "positive" ? "var(--color-sent-p1)" : "var(--color-sent-n1)"}
        onPress={() => onSpan(s.at, s.until, f)}
      />
    );
  };
  return (
    <div ref={box} className="mt-4">
      <svg
        className="chart rtl:-scale-x-100"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={t`Positive above the line, negative below, over time; the line is net feeling`}
      >
        {[top, 0, -top].map((v) => (
          <text
            key={v}
            x={left - 8}
            y={mid - size(v) + 4}
            textAnchor="end"
            className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
          >
            {count(Math.abs(v))}
          </text>
        ))}
        <path d={`M${left} ${mid}H${width}`} stroke="var(--color-line-2)" />
        {steps.map((s, i) => {
          const x = left + i * step + (step - bar) / 2;
          return (
            <g key={s.at}>
              {mark(s, "positive", x, i)}
              {mark(s, "negative", x, i)}
            </g>
          );
        })}
        {line && (
          <path
            d={line}
            fill="none"
            stroke="var(--color-ink)"
            strokeWidth="1.5"
            strokeLinejoin="round"
            strokeLinecap="round"
            pointerEvents="none"
          />
        )}
      </svg>
    </div>
  );
}
