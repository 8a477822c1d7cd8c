import { t } from "@lingui/core/macro";
import { ChartFrame, Press, useWidth } from "../../kit";
import { count } from "../../lib/format";
import type { Explored } from "./data";
import { slotName, weekday } from "./words";

interface Props {
  of: Explored;
  chosen: string | undefined;
  onChoose: (slot: string | undefined) => void;
}

const week = [1, 2, 3, 4, 5, 6, 0];
const left = 40;
const cell = 22;

// Heat is when they speak: weekday by hour. A cell narrows the posts.
export function Heat({ of: e, chosen, onChoose }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const at = new Map((e.slots ?? []).map((s) => [`${s.day}-${s.hour}`, s]));
  const top = Math.max(...(e.slots ?? []).map((s) => s.count), 1);
  const step = (width - left) / 24;
  const height = week.length * cell + 20;
  return (
    <ChartFrame
      title={t`When they speak`}
      def={{
        word: t`weekday by hour`,
        text: t`In your time zone. The darker, the more posts; a cell shows the posts of that hour of the week.`,
      }}
      n={e.total.count}
      table={{
        head: [t`Hour`, ...week.map((d) => weekday(d))],
        rows: Array.from({ length: 24 }, (_, h) => [
          `${String(h).padStart(2, "0")}:00`,
          ...week.map((d) => at.get(`${d}-${h}`)?.count ?? 0),
        ]),
      }}
    >
      <div ref={box}>
        <svg
          className="chart"
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="group"
          aria-label={t`Posts by weekday and hour`}
        >
          {week.map((d, row) => (
            <g key={d}>
              <text x={0} y={row * cell + 15}>
                {weekday(d)}
              </text>
              {Array.from({ length: 24 }, (_, h) => {
                const key = `${d}-${h}`;
                const n = at.get(key)?.count ?? 0;
                const tone = n === 0 ? 0 : Math.min(6, 1 + Math.floor((n / top) * 5.99));
                const say = `${slotName(key)}: ${count(n)}`;
                const place = {
                  x: left + h * step + 1,
                  y: row * cell + 1,
                  width: Math.max(1, step - 2),
                  height: cell - 2,
                  rx: 2,
                  fill: tone === 0 ? "var(--color-sunken)" : `var(--color-seq-${tone})`,
                };
                return n === 0 ? (
                  <rect key={key} {...place} />
                ) : (
                  <Press
                    key={key}
                    {...place}
                    stop
                    label={say}
                    stroke={chosen === key ? "var(--color-ink)" : "none"}
                    strokeWidth="2"
                    pressed={chosen === key}
                    onPress={() => onChoose(chosen === key ? undefined : key)}
                  />
                );
              })}
            </g>
          ))}
          {[0, 6, 12, 18].map((h) => (
            <text key={h} x={left + h * step + 1} y={height - 4}>
              {String(h).padStart(2, "0")}:00
            </text>
          ))}
        </svg>
      </div>
    </ChartFrame>
  );
}
