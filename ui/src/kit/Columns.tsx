import { type PointerEvent, useState } from "react";
import { count } from "../lib/format";
import { nice, useWidth } from "./useWidth";

export interface Column {
  key: string;
  label: string; // on the axis and for the pointer
  value: number;
  before?: number | undefined; // the same moment one period ago, drawn dashed
  alarm?: boolean;
  band?: readonly [number, number] | undefined; // from and to of what is usual, shaded
}

interface Props {
  columns: readonly Column[];
  label: string; // the sentence it stands for
  note?: { at: number; lines: readonly string[] } | undefined; // a spike and why
  chosen?: readonly [number, number] | undefined; // first and last chosen column
  onChoose?: ((span: [number, number] | undefined) => void) | undefined;
  height?: number;
}

const left = 38;
const foot = 22;

// Columns draws amounts over time. The last period is a dashed line; a stretch can
// be chosen by dragging over it, and choosing filters the list beside it.
export function Columns({ columns, label, note, chosen, onChoose, height = 176 }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [drag, setDrag] = useState<[number, number]>();
  const [over, setOver] = useState<number>();
  const ticks = nice(Math.max(...columns.map((c) => Math.max(c.value, c.before ?? 0, c.band?.[1] ?? 0)), 1));
  const top = ticks[ticks.length - 1] ?? 1;
  const floor = height - foot;
  const step = (width - left) / Math.max(columns.length, 1);
  const y = (v: number) => floor - (v / top) * (floor - 14);
  const x = (i: number) => left + i * step;
  const span = drag ?? chosen;
  const wash: [number, number] | undefined = span && [Math.min(...span), Math.max(...span)];
  const index = (e: PointerEvent<SVGElement>) => {
    const r = e.currentTarget.getBoundingClientRect();
    const px = document.documentElement.dir === "rtl" ? r.right - e.clientX : e.clientX - r.left;
    return Math.min(columns.length - 1, Math.max(0, Math.floor((px - left) / step)));
  };
  // The first label stands at the start of its column, so it needs half as much again.
  const room = Math.max(90, Math.max(0, ...columns.map((c) => c.label.length)) * 9.5);
  const every = Math.max(1, Math.ceil(columns.length / Math.max(2, Math.floor((width - left) / room))));
  const shown = over === undefined ? undefined : columns[over];
  return (
    <div ref={box} className="relative">
      <svg
        className={`chart rtl:-scale-x-100${onChoose ? " cursor-crosshair touch-pan-y" : ""}`}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={label}
        onPointerDown={
          onChoose &&
          ((e) => {
            e.currentTarget.setPointerCapture(e.pointerId);
            const i = index(e);
            setDrag([i, i]);
          })
        }
        onPointerMove={(e) => {
          const i = index(e);
          setOver(i);
          if (drag) setDrag([drag[0], i]);
        }}
        onPointerLeave={() => setOver(undefined)}
        onPointerUp={
          onChoose &&
          (() => {
            if (drag) onChoose(settle(drag, chosen));
            setDrag(undefined);
          })
        }
      >
        {ticks.map((v) => (
          <g key={v}>
            <path d={`M${left} ${y(v)}H${width}`} stroke="var(--color-line)" />
            <text
              x={left - 8}
              y={y(v) + 4}
              textAnchor="end"
              className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
            >
              {count(v)}
            </text>
          </g>
        ))}
        {wash && (
          <rect
            x={x(wash[0])}
            y={14}
            width={(wash[1] - wash[0] + 1) * step}
            height={floor - 14}
            fill="var(--color-chosen)"
          />
        )}
        {columns.some((c) => c.band) && (
          <path d={bandOf(columns, (i) => x(i) + step / 2, y)} fill="var(--color-ink-3)" opacity="0.16" />
        )}
        {columns.map((c, i) => (
          <rect
            key={c.key}
            x={x(i) + step * 0.1}
            y={Math.min(y(c.value), floor - (c.value > 0 ? 1.5 : 0))}
            width={Math.max(1, step * 0.8)}
            height={Math.max(c.value > 0 ? 1.5 : 0, floor - y(c.value))}
            rx="1"
            fill={c.alarm ? "var(--color-alarm)" : "var(--color-cat-1)"}
            opacity={over === undefined || over === i ? 1 : 0.72}
          />
        ))}
        {columns.some((c) => c.before !== undefined) && (
          <path
            d={`M${columns.map((c, i) => `${(x(i) + step / 2).toFixed(1)} ${y(c.before ?? 0).toFixed(1)}`).join("L")}`}
            fill="none"
            stroke="var(--color-ink-3)"
            strokeWidth="1.5"
            strokeDasharray="3 3"
          />
        )}
        {columns.map(
          (c, i) =>
            i % every === 0 && (
              <text
                key={c.key}
                x={x(i) + step / 2}
                y={height - 6}
                textAnchor={i === 0 ? "start" : "middle"}
                className="rtl:[transform-box:fill-box] rtl:origin-center rtl:-scale-x-100"
              >
                {c.label}
              </text>
            ),
        )}
        {note && <Note note={note} x={x(note.at)} y={y(columns[note.at]?.value ?? 0)} />}
      </svg>
      {shown && (
        <div
          className="tip pointer-events-none absolute top-0 whitespace-nowrap"
          style={{ insetInlineStart: Math.min(Math.max(0, x(over ?? 0) - 40), Math.max(0, width - 150)) }}
        >
          <b>{count(shown.value)}</b> {shown.label}
          {shown.before !== undefined && <span className="opacity-75"> · {count(shown.before)}</span>}
        </div>
      )}
    </div>
  );
}

// bandOf is the shape between the upper and the lower edge of what is usual.
function bandOf(columns: readonly Column[], x: (i: number) => number, y: (v: number) => number): string {
  const edge = (k: 0 | 1) => columns.map((c, i) => `${x(i).toFixed(1)} ${y(c.band?.[k] ?? 0).toFixed(1)}`);
  return `M${edge(1).join("L")}L${edge(0).reverse().join("L")}Z`;
}

// settle orders a drag; a press inside what is chosen takes the choice back.
function settle(
  drag: readonly [number, number],
  chosen?: readonly [number, number],
): [number, number] | undefined {
  const from = Math.min(...drag);
  const to = Math.max(...drag);
  return chosen && from === to && from >= chosen[0] && from <= chosen[1] ? undefined : [from, to];
}

function Note({ note, x, y }: { note: { lines: readonly string[] }; x: number; y: number }) {
  const flip = x > 280;
  const at = flip ? x - 62 : x + 62;
  return (
    <g>
      {note.lines.map((line, i) => (
        <text
          key={line}
          x={at}
          y={36 + i * 16}
          textAnchor={flip ? "end" : "start"}
          className={i === 0 ? "k" : "k2"}
        >
          {line}
        </text>
      ))}
      <path
        d={`M${flip ? at + 6 : at - 6} 34L${x} ${Math.max(y - 2, 40)}`}
        stroke="var(--color-ink-3)"
        fill="none"
      />
    </g>
  );
}

// Swatch is one word of a legend, where a direct label does not fit.
export function Swatch({
  dashed,
  colour,
  children,
}: {
  dashed?: boolean;
  colour?: string;
  children: string;
}) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg width="16" height="4" aria-hidden>
        <path
          d="M0 2H16"
          stroke={colour ?? "var(--color-ink-3)"}
          strokeWidth={dashed ? 1.5 : 2}
          strokeDasharray={dashed ? "3 3" : undefined}
        />
      </svg>
      {children}
    </span>
  );
}
