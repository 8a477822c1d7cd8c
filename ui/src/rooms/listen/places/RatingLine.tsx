import { useWidth } from "../../../kit";
import { day } from "../../../lib/format";
import type { PlaceSeries } from "./data";
import { reviewsOf, stars } from "./words";

interface Line {
  name: string;
  of: PlaceSeries;
  colour: string;
}

const left = 26;
const height = 190;
const foot = 22;

// RatingLine draws mean ratings over time, always from one to five, so that two
// places can be laid side by side. A dot is the larger the more reviews it rests
// on; where nobody rated, the line is broken.
export function RatingLine({ lines, label }: { lines: readonly Line[]; label: string }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const points = lines[0]?.of.points ?? [];
  const step = (width - left - 12) / Math.max(1, points.length - 1);
  const x = (i: number) => left + 6 + i * step;
  const y = (v: number) => 10 + ((5 - v) / 4) * (height - foot - 18);
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((width - left) / 80))));
  return (
    <div ref={box}>
      <svg
        className="chart rtl:-scale-x-100"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
      >
        {[1, 2, 3, 4, 5].map((v) => (
          <g key={v}>
            <path d={`M${left} ${y(v)}H${width}`} stroke="var(--color-line)" />
            <text x={left - 8} y={y(v) + 4} textAnchor="end">
              {v}
            </text>
          </g>
        ))}
        {lines.map((l) => {
          const all = (l.of.points ?? []).map((p, i) => ({ ...p, i }));
          let d = "";
          let pen = false;
          for (const p of all) {
            if (p.mean === undefined) {
              pen = false;
              continue;
            }
            d += `${pen ? "L" : "M"}${x(p.i).toFixed(1)} ${y(p.mean).toFixed(1)}`;
            pen = true;
          }
          return (
            <g key={l.name}>
              <path d={d} fill="none" stroke={l.colour} strokeWidth="2" strokeLinejoin="round" />
              {all.map(
                (p) =>
                  p.mean !== undefined && (
                    <circle
                      key={p.at}
                      cx={x(p.i)}
                      cy={y(p.mean)}
                      r={Math.min(6, 2 + Math.sqrt(p.reviews) / 1.5)}
                      fill={l.colour}
                      stroke="var(--color-paper)"
                    >
                      <title>{`${day(p.at)}: ${stars(p.mean)}, ${reviewsOf(p.reviews)}`}</title>
                    </circle>
                  ),
              )}
            </g>
          );
        })}
        {points.map(
          (p, i) =>
            i % every === 0 && (
              <text
                key={p.at}
                x={x(i)}
                y={height - 6}
                textAnchor={i === 0 ? "start" : i + every >= points.length ? "end" : "middle"}
              >
                {day(p.at)}
              </text>
            ),
        )}
      </svg>
    </div>
  );
}
