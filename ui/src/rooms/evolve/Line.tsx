import { useWidth } from "../../kit";
import { span } from "../../lib/format";
import { axis } from "./axis";

interface Point {
  key: string;
  label: string;
  value: number | null;
  high?: number | null; // the ninth of ten
}

// Line draws how long people waited, day by day: the median, and above it, pale,
// what nine of ten did not have to wait longer than. Days without an answer are gaps.
export function Line({
  points,
  label,
  height = 176,
}: {
  points: readonly Point[];
  label: string;
  height?: number;
}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const left = 56;
  const foot = 22;
  const floor = height - foot;
  const step = (width - left - 8) / Math.max(points.length - 1, 1);
  const x = (i: number) => left + i * step;
  const { ticks, at } = axis(points.flatMap((p) => [p.value, p.high]).filter((v) => typeof v === "number"));
  const y = (v: number) => floor - at(v) * (floor - 14);
  const there = (i: number) => typeof points[i]?.value === "number";
  const path = (of: (p: Point) => number | null | undefined) => {
    let d = "";
    let open = false;
    points.forEach((p, i) => {
      const v = of(p);
      if (v === null || v === undefined) {
        open = false;
        return;
      }
      d += `${open ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
      open = true;
    });
    return d;
  };
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((width - left) / 90))));
  return (
    <div ref={box}>
      <svg
        className="chart rtl:-scale-x-100"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
      >
        {ticks.map((v) => (
          <g key={v}>
            <path d={`M${left} ${y(v)}H${width}`} stroke="var(--color-line)" />
            <text x={left - 8} y={y(v) + 4} textAnchor="end">
              {span(v)}
            </text>
          </g>
        ))}
        <path
          d={path((p) => p.high)}
          fill="none"
          stroke="var(--color-context)"
          strokeWidth="1.5"
          strokeLinecap="round"
        />
        <path
          d={path((p) => p.value)}
          fill="none"
          stroke="var(--color-cat-1)"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        {points.map(
          (p, i) =>
            typeof p.value === "number" &&
            ((!there(i - 1) && !there(i + 1)) || i === points.length - 1) && (
              <circle
                key={p.key}
                cx={x(i)}
                cy={y(p.value)}
                r="3.5"
                fill="var(--color-cat-1)"
                stroke="var(--color-paper)"
                strokeWidth="1.5"
              />
            ),
        )}
        {points.map(
          (p, i) =>
            i % every === 0 && (
              <text key={p.key} x={x(i)} y={height - 6} textAnchor={i === 0 ? "start" : "middle"}>
                {p.label}
              </text>
            ),
        )}
      </svg>
    </div>
  );
}
