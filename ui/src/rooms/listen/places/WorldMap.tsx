import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Maximize, Minus, Plus } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { feature, mesh } from "topojson-client";
import topology from "world-atlas/countries-50m.json";
import { Button, useWidth } from "../../../kit";
import type { Dot } from "./data";
import {
  at,
  closest,
  drawn,
  gather,
  overview,
  type Placed,
  type Point,
  project,
  towards,
  type View,
  zoomed,
} from "./project";
import { countOf, netTone, reviewsOf, stars, tone } from "./words";

type Rings = number[][][];

const countries = topology.objects.countries;
const land = drawn(
  (feature(topology, topology.objects.land).features ?? []).flatMap((f) =>
    f.geometry.type === "Polygon"
      ? (f.geometry.coordinates as Rings)
      : (f.geometry.coordinates as Rings[]).flat(),
  ),
  true,
);
const borders = drawn(mesh(topology, countries, (a, b) => a !== b).coordinates, false);

interface Props {
  dots: readonly Dot[];
  chosen: string | undefined;
  by: "rating" | "net";
  height: number;
  onChoose: (id: string | undefined) => void;
}

// WorldMap draws places as circles: their size is how much was said, their
// colour how it was meant, and the figure inside says the same. What would lie
// upon each other is one circle until one comes nearer.
export default function WorldMap({ dots, chosen, by, height, onChoose }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const points = useMemo(() => dots.map((d) => ({ ...project(d.lat, d.lon), d })), [dots]);
  const [own, setOwn] = useState<View>();
  const whole = useMemo(() => overview(points, width, height), [points, width, height]);
  const view = own ?? whole;
  const [over, setOver] = useState<string>();
  const drag = useRef<{ x: number; y: number; view: View; moved: boolean } | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other places, another picture
  useEffect(() => setOwn(undefined), [dots.length]);

  const top = Math.max(1, ...dots.map((d) => d.count));
  const radius = (n: number) => 6 + 16 * Math.sqrt(Math.min(1, n / top));
  const placed = points
    .map((p) => ({ ...at(p, view, width, height), r: radius(p.d.count), it: p.d }))
    .filter((p) => p.x > -40 && p.x < width + 40 && p.y > -40 && p.y < height + 40);
  const groups = gather(placed, (n) => radius(n.reduce((s, d) => s + d.count, 0)));
  const active = groups.find((g) => g.of.some((d) => d.id === chosen)) ?? groups[0];

  const zoom = (factor: number, to?: Point) => setOwn(zoomed(view, factor, width, height, to));
  const choose = (g: Placed<Dot>) => {
    if (g.of.length === 1) return onChoose(g.of[0]?.id === chosen ? undefined : g.of[0]?.id);
    const near = overview(
      g.of.map((d) => project(d.lat, d.lon)),
      width,
      height,
      closest,
    );
    setOwn(near.k > view.k * 1.2 ? near : zoomed(view, 4, width, height, g));
  };
  const keys = (e: KeyboardEvent<SVGGElement>, g: Placed<Dot>) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key];
    if (e.key === "Enter" || e.key === " ") choose(g);
    else if (e.key === "+" || e.key === "=") zoom(1.8, g);
    else if (e.key === "-") zoom(1 / 1.8, g);
    else if (e.key === "0") setOwn(undefined);
    else if (way) {
      const next = towards(g, groups, way[0] ?? 0, way[1] ?? 0);
      const svg = e.currentTarget.ownerSVGElement;
      if (next) svg?.querySelector<SVGGElement>(`[data-dot="${next.of[0]?.id}"]`)?.focus();
      else
        setOwn({
          ...view,
          x: view.x + ((way[0] ?? 0) * 80) / view.k,
          y: view.y + ((way[1] ?? 0) * 80) / view.k,
        });
    } else return;
    e.preventDefault();
  };
  const down = (e: PointerEvent<SVGSVGElement>) => {
    if (e.button === 0) drag.current = { x: e.clientX, y: e.clientY, view, moved: false };
  };
  const move = (e: PointerEvent<SVGSVGElement>) => {
    const d = drag.current;
    if (!d) return;
    const [dx, dy] = [e.clientX - d.x, e.clientY - d.y];
    if (!d.moved && Math.hypot(dx, dy) < 5) return;
    if (!d.moved) e.currentTarget.setPointerCapture(e.pointerId);
    d.moved = true;
    setOwn({ ...d.view, x: d.view.x - dx / d.view.k, y: d.view.y - dy / d.view.k });
  };
  const k = view.k / 10_000;
  const shown = groups.find((g) => g.of[0]?.id === over);
  return (
    <div ref={box} className="relative min-w-0">
      <svg
        className="chart cursor-grab touch-pan-y select-none rounded-md bg-sunken active:cursor-grabbing"
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        style={{ overflow: "hidden" }}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = undefined;
        }}
        onWheel={(e) => {
          if (!e.ctrlKey && !e.metaKey) return;
          const r = e.currentTarget.getBoundingClientRect();
          zoom(e.deltaY < 0 ? 1.25 : 0.8, { x: e.clientX - r.left, y: e.clientY - r.top });
        }}
      >
        <title>{t`Map of places. The list holds the same.`}</title>
        <g
          transform={`translate(${width / 2 - view.x * view.k} ${height / 2 - view.y * view.k}) scale(${k})`}
          aria-hidden
        >
          <path
            d={land}
            fill="var(--color-paper)"
            stroke="var(--color-line-2)"
            vectorEffect="non-scaling-stroke"
          />
          <path d={borders} fill="none" stroke="var(--color-line)" vectorEffect="non-scaling-stroke" />
        </g>
        {groups.map((g) => (
          <Circle
            key={g.of[0]?.id}
            of={g}
            by={by}
            chosen={g.of.some((d) => d.id === chosen)}
            tab={g === active}
            onKey={(e) => keys(e, g)}
            onPick={() => {
              if (!drag.current?.moved) choose(g);
            }}
            onOver={(on) => setOver(on ? g.of[0]?.id : undefined)}
          />
        ))}
        <Labels groups={groups} width={width} />
      </svg>
      {shown && <Tip of={shown} width={width} />}
      <span className="absolute end-2 top-2 flex flex-col gap-1">
        <Button square size="sm" aria-label={t`Nearer`} title={t`Nearer`} onClick={() => zoom(1.8)}>
          <Plus className="i s" aria-hidden />
        </Button>
        <Button square size="sm" aria-label={t`Farther`} title={t`Farther`} onClick={() => zoom(1 / 1.8)}>
          <Minus className="i s" aria-hidden />
        </Button>
        <Button
          square
          size="sm"
          aria-label={t`Show all`}
          title={t`Show all`}
          onClick={() => setOwn(undefined)}
        >
          <Maximize className="i s" aria-hidden />
        </Button>
      </span>
    </div>
  );
}

// meant is the figure of some places together, by their reviews.
function meant(of: readonly Dot[], by: "rating" | "net"): number | undefined {
  let n = 0;
  let sum = 0;
  for (const d of of) {
    const v = by === "net" ? d.net : d.score;
    if (v === undefined) continue;
    const w = by === "net" ? d.count : d.reviews;
    n += w;
    sum += v * w;
  }
  return n > 0 ? sum / n : undefined;
}

function figure(v: number | undefined, by: "rating" | "net"): string {
  if (v === undefined) return "–";
  return by === "net" ? `${v > 0 ? "+" : v < 0 ? "−" : ""}${Math.abs(Math.round(v * 100))}` : stars(v);
}

function name(g: Placed<Dot>, by: "rating" | "net"): string {
  const [first] = g.of;
  const said = figure(meant(g.of, by), by);
  const reviews = reviewsOf(g.of.reduce((n, d) => n + d.reviews, 0));
  const n = countOf(g.of.length);
  return g.of.length === 1
    ? t`${first?.name ?? ""}: ${said}, ${reviews}`
    : t`${n} places around ${first?.name ?? ""}: ${said}, ${reviews}. Choose to come nearer.`;
}

function Circle({
  of: g,
  by,
  chosen,
  tab,
  onKey,
  onPick,
  onOver,
}: {
  of: Placed<Dot>;
  by: "rating" | "net";
  chosen: boolean;
  tab: boolean;
  onKey: (e: KeyboardEvent<SVGGElement>) => void;
  onPick: () => void;
  onOver: (on: boolean) => void;
}) {
  const v = meant(g.of, by);
  const strong =
    by === "net" ? v !== undefined && Math.abs(v) > 0.4 : v !== undefined && (v < 2.6 || v >= 4.3);
  return (
    <g
      role="button"
      data-dot={g.of[0]?.id}
      tabIndex={tab ? 0 : -1}
      aria-label={name(g, by)}
      aria-pressed={chosen}
      className="cursor-pointer outline-none [&:focus-visible>circle.ring]:opacity-100"
      onKeyDown={onKey}
      onClick={onPick}
      onPointerEnter={() => onOver(true)}
      onPointerLeave={() => onOver(false)}
      onFocus={() => onOver(true)}
      onBlur={() => onOver(false)}
    >
      <circle cx={g.x} cy={g.y} r={Math.max(g.r, 12)} fill="transparent" />
      <circle
        className="ring"
        cx={g.x}
        cy={g.y}
        r={g.r + 4}
        fill="none"
        stroke="var(--color-voice)"
        strokeWidth="2"
        opacity={chosen ? 1 : 0}
      />
      {g.of.length > 1 && (
        <circle
          cx={g.x}
          cy={g.y}
          r={g.r + 2.5}
          fill="none"
          stroke="var(--color-ink-3)"
          strokeDasharray="2 2"
        />
      )}
      <circle
        cx={g.x}
        cy={g.y}
        r={g.r}
        fill={by === "net" ? netTone(v) : tone(v)}
        stroke="var(--color-paper)"
        strokeWidth="1.5"
      />
      {g.r >= 11 && (
        <text
          x={g.x}
          y={g.y + 4}
          textAnchor="middle"
          style={{ fontWeight: 600, fill: strong ? "var(--color-on-voice, white)" : "var(--color-ink)" }}
        >
          {figure(v, by)}
        </text>
      )}
    </g>
  );
}

// Labels names the circles for which there is room.
function Labels({ groups, width }: { groups: readonly Placed<Dot>[]; width: number }) {
  if (groups.length > 40) return null;
  const taken: { x0: number; x1: number; y: number }[] = [];
  return (
    <g aria-hidden className="pointer-events-none">
      {groups.map((g) => {
        const first = g.of[0]?.name ?? "";
        const text = g.of.length > 1 ? `${first} +${g.of.length - 1}` : first;
        const w = text.length * 6.2;
        const end = g.x + g.r + 5 + w > width - 44;
        const x0 = end ? g.x - g.r - 5 - w : g.x + g.r + 5;
        const hit = taken.some((l) => Math.abs(l.y - g.y) < 14 && x0 < l.x1 && x0 + w > l.x0);
        const over = groups.some(
          (o) => o !== g && Math.abs(o.y - g.y) < o.r + 7 && o.x + o.r > x0 && o.x - o.r < x0 + w,
        );
        if (hit || over || x0 < 0) return null;
        taken.push({ x0, x1: x0 + w, y: g.y });
        return (
          <text
            key={g.of[0]?.id}
            x={end ? g.x - g.r - 5 : g.x + g.r + 5}
            y={g.y + 4}
            textAnchor={end ? "end" : "start"}
            style={{
              fill: "var(--color-ink-2)",
              paintOrder: "stroke",
              stroke: "var(--color-paper)",
              strokeWidth: 3,
            }}
          >
            {text}
          </text>
        );
      })}
    </g>
  );
}

function Tip({ of: g, width }: { of: Placed<Dot>; width: number }) {
  const [first] = g.of;
  const n = g.of.reduce((s, d) => s + d.count, 0);
  const reviews = g.of.reduce((s, d) => s + d.reviews, 0);
  const score = meant(g.of, "rating");
  const left = g.x > width * 0.6;
  return (
    <div
      className="tip pointer-events-none absolute"
      style={{
        top: Math.max(4, g.y - 22),
        ...(left ? { right: width - g.x + g.r + 8 } : { left: g.x + g.r + 8 }),
      }}
    >
      <b>{g.of.length > 1 ? <Trans>{g.of.length} places</Trans> : first?.name}</b>
      <br />
      {score === undefined ? <Trans>no rating</Trans> : <Trans>{stars(score)} stars</Trans>} ·{" "}
      {reviewsOf(reviews)} · <Trans>{countOf(n)} mentions in all</Trans>
    </div>
  );
}
