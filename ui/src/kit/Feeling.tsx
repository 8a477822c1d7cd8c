import { t } from "@lingui/core/macro";
import { count, share } from "../lib/format";
import { feelingWord } from "./Sentiment";

export interface Feelings {
  negative: number;
  neutral: number;
  positive: number;
  unknown?: number;
}

// net is positive minus negative in hundredths, or nothing where nothing was read.
export function net(f: Feelings): number | undefined {
  const n = f.negative + f.neutral + f.positive;
  return n === 0 ? undefined : Math.round(((f.positive - f.negative) / n) * 100);
}

// FeelingBar shows how they feel as parts of a whole, each with its sign and word.
export function FeelingBar({
  of,
  onChoose,
}: {
  of: Feelings;
  onChoose?: (f: "negative" | "neutral" | "positive") => void;
}) {
  const n = of.negative + of.neutral + of.positive;
  if (n === 0) return null;
  const parts = [
    ["negative", of.negative, "▼", "bg-sent-n2 text-on-voice"],
    ["neutral", of.neutral, "", "bg-sent-0 text-ink"],
    ["positive", of.positive, "▲", "bg-sent-p2 text-on-voice"],
  ] as const;
  return (
    <div
      className="bar100"
      role="group"
      aria-label={t`How they feel: ${share(of.negative / n)} negative, ${share(of.neutral / n)} neutral, ${share(of.positive / n)} positive`}
    >
      {parts
        .filter(([, v]) => v > 0)
        .map(([key, v, sign, look]) => {
          const part = v / n;
          const text = part > 0.08 && (
            <span>
              {sign}{" "}
              {part > 0.18 && (
                <span className={part < 0.3 ? "max-sm:hidden" : undefined}>{feelingWord(key)} </span>
              )}
              {share(part)}
            </span>
          );
          const title = `${feelingWord(key)} ${share(part)}, ${count(v)}`;
          const grow = { flexGrow: part * 1000, flexBasis: 0 };
          return onChoose ? (
            <button
              key={key}
              type="button"
              className={look}
              style={grow}
              title={title}
              aria-label={title}
              onClick={() => onChoose(key)}
            >
              {text}
            </button>
          ) : (
            <span key={key} className={look} style={grow} title={title}>
              {text}
            </span>
          );
        })}
    </div>
  );
}

// FeelingColumns shows feeling over time: what is good above the line, what is bad below.
export function FeelingColumns({
  of,
  label,
  height = 52,
}: {
  of: readonly (Feelings & { key: string; label?: string })[]; // labels stand below
  label: string;
  height?: number;
}) {
  const labels = of.some((f) => f.label);
  // As many as have room: each one, or the first of every few.
  const every = of.length <= 6 ? 1 : Math.ceil(of.length / 5);
  const width = 272;
  const mid = height / 2;
  const top = Math.max(...of.map((f) => Math.max(f.negative, f.positive)), 1);
  const step = width / Math.max(of.length, 1);
  const bar = Math.min(10, step * 0.6);
  return (
    <>
      <svg
        className="w-full rtl:-scale-x-100"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path d={`M0 ${mid}H${width}`} stroke="var(--color-line-2)" vectorEffect="non-scaling-stroke" />
        {of.map((f, i) => {
          const x = i * step + (step - bar) / 2;
          const up = (f.positive / top) * (mid - 3);
          const down = (f.negative / top) * (mid - 3);
          return (
            <g key={f.key}>
              {f.positive > 0 && (
                <rect
                  x={x}
                  y={mid - up}
                  width={bar}
                  height={up}
                  rx="1"
                  fill={f.positive === top ? "var(--color-sent-p2)" : "var(--color-sent-p1)"}
                />
              )}
              {f.negative > 0 && (
                <rect
                  x={x}
                  y={mid}
                  width={bar}
                  height={down}
                  rx="1"
                  fill={f.negative === top ? "var(--color-sent-n2)" : "var(--color-sent-n1)"}
                />
              )}
              {f.positive + f.negative === 0 && f.neutral > 0 && (
                <rect x={x} y={mid - 1.5} width={bar} height="3" fill="var(--color-ink-3)" />
              )}
            </g>
          );
        })}
      </svg>
      {labels && (
        <div className="flex pt-1 text-[11px] leading-4 text-ink-3" aria-hidden>
          {of.map((f, i) => (
            <span key={f.key} className="flex w-0 flex-1 justify-center whitespace-nowrap">
              {i % every === 0 && (
                <span className={every > 1 && i === 0 ? "ms-auto w-0" : ""}>{f.label}</span>
              )}
            </span>
          ))}
        </div>
      )}
    </>
  );
}
