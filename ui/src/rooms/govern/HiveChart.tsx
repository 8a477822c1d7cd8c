import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Joint, useWidth } from "../../kit";
import { count } from "../../lib/format";
import type { Programme } from "./data";
import { hexagon, lines, place, radius, spiral } from "./hex";

const levels = ["--color-seq-1", "--color-seq-2", "--color-seq-3", "--color-seq-4", "--color-seq-5"] as const;

// levelName says what a level of maturity means.
export function levelName(n: number): string {
  return [t`Trying`, t`Repeating`, t`Defined`, t`Measured`, t`Learning`][n - 1] ?? "";
}

interface Props {
  programmes: readonly Programme[];
  chosen?: string | undefined;
  onChoose: (id: string) => void;
}

// HiveChart is the networked hive: programmes around the centre of excellence. The
// size of a cell is its people, colour and dots are its maturity.
export function HiveChart({ programmes, chosen, onChoose }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const empty =
    programmes.length < 6 ? 6 - programmes.length : programmes.length < 18 ? 18 - programmes.length : 0;
  const places = spiral(programmes.length + empty);
  const most = Math.max(...programmes.map((p) => p.members), 0);
  const unit = places.map((p) => place(p, 1));
  const reach = Math.max(...unit.map((p) => Math.abs(p.x)), 1) + 1;
  const high = Math.max(...unit.map((p) => Math.abs(p.y)), 1) + 1;
  const size = Math.min(76, width / (2 * reach));
  const w = Math.max(width, 2 * reach * size);
  const h = 2 * high * size;
  const cx = w / 2;
  const cy = h / 2;
  return (
    <div ref={box}>
      <svg
        className="chart block"
        height={h}
        viewBox={`0 0 ${w} ${h}`}
        role="group"
        aria-label={plural(programmes.length, { one: "Hive of # programme", other: "Hive of # programmes" })}
      >
        {places.map((p) => {
          const { x, y } = place(p, size);
          return (
            <path
              key={p.join()}
              d={hexagon(cx + x, cy + y, size * 0.97)}
              fill="none"
              stroke="var(--color-line)"
            />
          );
        })}
        <Centre x={cx} y={cy} size={size} />
        {programmes.map((p, i) => {
          const at = place(places[i] ?? [0, 0], size);
          return (
            <One
              key={p.id}
              p={p}
              x={cx + at.x}
              y={cy + at.y}
              size={size}
              r={radius(p.members, most, size)}
              chosen={p.id === chosen}
              onChoose={() => onChoose(p.id)}
            />
          );
        })}
      </svg>
      <Legend />
    </div>
  );
}

function Centre({ x, y, size }: { x: number; y: number; size: number }) {
  return (
    <g aria-hidden>
      <path
        d={hexagon(x, y, size * 0.92)}
        fill="var(--color-paper)"
        stroke="var(--color-ink)"
        strokeWidth="1.5"
      />
      {size > 56 && (
        <g className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100">
          <Joint x={x} y={y - 22} />
        </g>
      )}
      <text x={x} y={size > 56 ? y + 12 : y - 2} textAnchor="middle" className="!fill-ink !font-strong">
        <Trans>Centre of</Trans>
      </text>
      <text x={x} y={size > 56 ? y + 27 : y + 13} textAnchor="middle" className="!fill-ink !font-strong">
        <Trans>excellence</Trans>
      </text>
    </g>
  );
}

interface OneProps {
  p: Programme;
  x: number;
  y: number;
  size: number;
  r: number;
  chosen: boolean;
  onChoose: () => void;
}

function One({ p, x, y, size, r, chosen, onChoose }: OneProps) {
  // Where a name has no room, the list below says it.
  const name = size > 48 ? lines(p.name, size > 56 ? 12 : 9) : [];
  const light = p.maturity < 4;
  const ink = light ? "light-dark(var(--color-ink),var(--color-ink))" : "var(--color-on-voice)";
  const top = name.length > 0 ? y - (name.length - 1) * 7.5 - 6 : y + 1;
  const people = plural(p.members, { one: "# person", other: "# people" });
  return (
    <g
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={t`${p.name}: ${people}, maturity ${p.maturity} of 5, ${levelName(p.maturity)}`}
      className="cursor-pointer outline-none [&:focus-visible>path:first-child]:stroke-voice [&:focus-visible>path:first-child]:[stroke-width:3]"
      onClick={onChoose}
      onKeyDown={(e) => {
        if (e.key === "Enter" || e.key === " ") {
          e.preventDefault();
          onChoose();
        }
      }}
    >
      <path
        d={hexagon(x, y, size * 0.97)}
        fill={chosen ? "var(--color-chosen)" : "transparent"}
        stroke={chosen ? "var(--color-voice)" : "transparent"}
        strokeWidth="2"
      />
      <path d={hexagon(x, y, r)} fill={`var(${levels[p.maturity - 1] ?? levels[0]})`} />
      {name.map((l, i) => (
        <text
          key={l}
          x={x}
          y={top + i * 15}
          textAnchor="middle"
          style={{ fill: ink, fontWeight: 600, fontSize: 12 }}
        >
          {l}
        </text>
      ))}
      <text x={x} y={top + name.length * 15 + 1} textAnchor="middle" style={{ fill: ink }}>
        {count(p.members)}
      </text>
      {[0, 1, 2, 3, 4].map((i) => (
        <circle
          key={i}
          cx={x - 14 + i * 7}
          cy={top + name.length * 15 + 10}
          r={i < p.maturity ? 2.25 : 1.75}
          fill={i < p.maturity ? ink : "none"}
          stroke={ink}
          strokeWidth={i < p.maturity ? 0 : 1}
        />
      ))}
    </g>
  );
}

function Legend() {
  return (
    <div className="mt-4 text-xs text-ink-3">
      <p className="mb-1.5">
        <Trans>Maturity, colour and dots; the size of a cell is its people</Trans>
      </p>
      <ul className="grid max-w-110 grid-cols-5 gap-px">
        {levels.map((l, i) => (
          <li key={l} className="min-w-0 text-[11px] leading-4 sm:text-xs">
            <span className="mb-1 block h-2" style={{ background: `var(${l})` }} />
            {i + 1} {levelName(i + 1)}
          </li>
        ))}
      </ul>
    </div>
  );
}
