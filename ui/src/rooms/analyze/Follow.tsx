import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button, ChartFrame, Press, States, useWidth } from "../../kit";
import { valueName } from "../../lib/facet";
import { count, signed } from "../../lib/format";
import { type Span, type Trend, useTrend } from "./data";
import type { Subject } from "./search";
import { labelOf } from "./words";

interface Props {
  subject: Subject;
  span: Span;
  trend: string; // facet:value
  onSpan: (span: { since: string; until: string } | undefined) => void;
  onClose: () => void;
}

// Follow shows one value as level, change and velocity, in three aligned panels.
export function Follow({ subject, span, trend, onSpan, onClose }: Props) {
  const at = trend.indexOf(":");
  const facet = trend.slice(0, at);
  const value = trend.slice(at + 1);
  const data = useTrend(subject, span, facet, value);
  const name = valueName(facet, value);
  return <States of={data}>{(d) => <Panels of={d} name={name} onSpan={onSpan} onClose={onClose} />}</States>;
}

const left = 38;
const panel = 74;

function Panels({
  of: d,
  name,
  onSpan,
  onClose,
}: {
  of: Trend;
  name: string;
  onSpan: Props["onSpan"];
  onClose: () => void;
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const gone = (d.steps ?? []).filter((s) => Date.parse(s.at) < Date.parse(d.until));
  const smooth = d.step === "hour" && gone.length > 48 ? 24 : 1; // an hour jumps; a day's worth moves
  const level = gone.map((_, i) =>
    gone.slice(Math.max(0, i - smooth + 1), i + 1).reduce((n, s) => n + s.count, 0),
  );
  const change = level.map((v, i) => (i < smooth ? 0 : v - (level[i - smooth] ?? 0)));
  const speed = change.map((v, i) => (i < 2 * smooth ? 0 : v - (change[i - smooth] ?? 0)));
  const step = (width - left) / Math.max(gone.length, 1);
  const rows = [
    { key: "level", word: t`Level`, values: level, signs: false },
    { key: "change", word: t`Change`, values: change, signs: true },
    { key: "velocity", word: t`Velocity`, values: speed, signs: true },
  ];
  const hourly = d.step === "hour";
  return (
    <ChartFrame
      title={t`Talk of ${name}`}
      def={{
        word: t`level, change, velocity`,
        text:
          smooth > 1
            ? t`Level is the posts of the last 24 hours, change its difference from 24 hours before, velocity how the change itself changed.`
            : t`Level is the posts of each step, change the difference from the step before, velocity how the change itself changed.`,
      }}
      aside={
        <Button look="g" size="sm" square aria-label={t`Close`} onClick={onClose}>
          <X className="i s" aria-hidden />
        </Button>
      }
      n={gone.reduce((n, s) => n + s.count, 0)}
      table={{
        head: [t`From`, t`Posts`, t`Level`, t`Change`, t`Velocity`],
        rows: gone.map((s, i) => [
          labelOf(s.at, hourly, gone.length),
          s.count,
          level[i] ?? 0,
          change[i] ?? 0,
          speed[i] ?? 0,
        ]),
      }}
    >
      <div ref={box}>
        <svg
          className="chart rtl:-scale-x-100"
          height={panel * 3 + 18}
          viewBox={`0 0 ${width} ${panel * 3 + 18}`}
          role="group"
          aria-label={t`Level, change and velocity of talk of ${name}`}
        >
          {rows.map((r, row) => {
            const top = Math.max(...r.values.map(Math.abs), 1);
            const floor = r.signs ? row * panel + panel / 2 : (row + 1) * panel - 6;
            const room = r.signs ? panel / 2 - 10 : panel - 24;
            return (
              <g key={r.key}>
                <text
                  x={left}
                  y={row * panel + 10}
                  className="k2 rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
                >
                  {r.word}
                </text>
                <path d={`M${left} ${floor}H${width}`} stroke="var(--color-line-2)" />
                <text
                  x={left - 8}
                  y={floor - room + 4}
                  textAnchor="end"
                  className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
                >
                  {r.signs ? signed(top) : count(top)}
                </text>
                {r.values.map((v, i) => {
                  const h = (Math.abs(v) / top) * room;
                  const s = gone[i];
                  return (
                    s && (
                      <Press
                        key={s.at}
                        label={`${labelOf(s.at, hourly, gone.length)}: ${r.signs ? signed(v) : count(v)}`}
                        x={left + i * step + step * 0.1}
                        y={v >= 0 ? floor - h : floor}
                        width={Math.max(1, step * 0.8)}
                        height={v === 0 ? 0 : Math.max(1, h)}
                        rx="1"
                        fill={
                          r.signs
                            ? v < 0
                              ? "var(--color-context)"
                              : "var(--color-cat-2)"
                            : "var(--color-cat-1)"
                        }
                        onPress={() => onSpan({ since: s.at, until: s.until })}
                      />
                    )
                  );
                })}
              </g>
            );
          })}
          {gone.length > 0 &&
            [0, Math.floor((gone.length - 1) / 2), gone.length - 1].map((i, k, all) =>
              all.indexOf(i) === k ? (
                <text
                  key={i}
                  x={left + (i + 0.5) * step}
                  y={panel * 3 + 14}
                  textAnchor={k === 0 ? "start" : k === 2 ? "end" : "middle"}
                  className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
                >
                  {labelOf(gone[i]?.at ?? "", hourly, gone.length)}
                </text>
              ) : null,
            )}
        </svg>
        {smooth > 1 && (
          <p className="text-xs text-ink-3">
            <Trans>Sums of 24 hours, so that night and day do not hide where it goes.</Trans>
          </p>
        )}
      </div>
    </ChartFrame>
  );
}
