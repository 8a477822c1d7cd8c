import { t } from "@lingui/core/macro";
import { useEffect, useRef } from "react";
import { region } from "../../../lib/locale";
import { CalendarChip, useDrop } from "./Chip";
import { crowded, type Item } from "./item";
import { dayOf, instant, parseDay, wall, weekday } from "./zone";

interface Props {
  items: readonly Item[];
  days: readonly string[];
  zone: string;
  today: string;
  best: readonly { day: number; hour: number; n: number }[];
  onMove: ((item: Item, to: Date) => void) | undefined;
  onCreate: ((at: Date) => void) | undefined;
}

// Hours is a week or a day by its hours. Pressing an hour begins a post for it.
export function Hours({ items, days, zone, today, best, onMove, onCreate }: Props) {
  const tight = crowded(items);
  const at = (day: string, h: number) =>
    items.filter((i) => {
      const w = wall(i.at, zone);
      return w.h === h && dayOf(w) === day;
    });
  const eight = useRef<HTMLDivElement>(null);
  useEffect(() => eight.current?.scrollIntoView({ block: "start" }), []);
  const format = (o: Intl.DateTimeFormatOptions, d: string) => {
    const { y, m, d: n } = parseDay(d);
    return new Intl.DateTimeFormat(region(), o).format(new Date(y, m - 1, n));
  };
  return (
    <div
      className={days.length > 1 ? "hours min-w-180" : "hours"}
      style={{ "--days": days.length } as React.CSSProperties}
    >
      <span className="sticky top-0 z-1 border-b border-line bg-paper" />
      {days.map((d) => (
        <span
          key={d}
          className={`sticky top-0 z-1 border-b border-line bg-paper px-2 py-1.5 text-xs ${d === today ? "font-strong" : "text-ink-2"}`}
        >
          {format({ weekday: "short", day: "numeric", month: "short" }, d)}
        </span>
      ))}
      {Array.from({ length: 24 }, (_, h) => h).map((h) => (
        <div key={h} className="contents">
          <div className="h" ref={h === 7 ? eight : undefined}>
            {String(h).padStart(2, "0")}:00
          </div>
          {days.map((d) => (
            <Hour
              key={d}
              start={instant({ ...parseDay(d), h, min: 0 }, zone)}
              name={`${format({ weekday: "long", day: "numeric", month: "long" }, d)}, ${String(h).padStart(2, "0")}:00`}
              best={best.find((b) => b.day === weekday(d) && b.hour === h)?.n}
              all={items}
              items={at(d, h)}
              tight={tight}
              zone={zone}
              onMove={onMove}
              onCreate={onCreate}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function Hour({
  start,
  name,
  best,
  all,
  items,
  tight,
  zone,
  onMove,
  onCreate,
}: {
  start: Date;
  name: string;
  best: number | undefined;
  all: readonly Item[];
  items: readonly Item[];
  tight: Set<string>;
  zone: string;
  onMove: Props["onMove"];
  onCreate: Props["onCreate"];
}) {
  const past = start.getTime() + 3_600_000 < Date.now();
  const drop = useDrop(
    all,
    onMove && !past ? (i) => onMove(i, new Date(start.getTime() + wall(i.at, zone).min * 60_000)) : undefined,
  );
  return (
    <div
      className="c"
      data-best={best !== undefined || undefined}
      title={
        best !== undefined ? t`One of the hours at which most came back: ${best} in eight weeks` : undefined
      }
      {...drop}
    >
      {items.map((i) => (
        <CalendarChip
          key={i.key}
          item={i}
          zone={zone}
          step="hour"
          crowded={tight.has(i.key)}
          onMove={onMove}
        />
      ))}
      {onCreate && !past && (
        <button
          type="button"
          className="slot"
          aria-label={t`Write a post for ${name}`}
          onClick={() => onCreate(new Date(Math.max(start.getTime(), Date.now() + 120_000)))}
        />
      )}
    </div>
  );
}
