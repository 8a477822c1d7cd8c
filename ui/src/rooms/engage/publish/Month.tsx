import { t } from "@lingui/core/macro";
import { Plus } from "lucide-react";
import { region } from "../../../lib/locale";
import { CalendarChip, useDrop } from "./Chip";
import { crowded, type Item } from "./item";
import { dayName } from "./words";
import { dayOf, instant, moved, parseDay, wall } from "./zone";

interface Props {
  items: readonly Item[];
  days: readonly string[];
  zone: string;
  today: string;
  month: string;
  onMove: ((item: Item, to: Date) => void) | undefined;
  onCreate: ((at: Date) => void) | undefined;
}

// Month is the calendar page: whole weeks, Monday first.
export function Month({ items, days, zone, today, month, onMove, onCreate }: Props) {
  const tight = crowded(items);
  const by = new Map<string, Item[]>();
  for (const i of items) {
    const d = dayOf(wall(i.at, zone));
    by.set(d, [...(by.get(d) ?? []), i]);
  }
  return (
    <div className="flex min-h-full min-w-160 flex-col">
      <div className="cal-head" aria-hidden>
        {[1, 2, 3, 4, 5, 6, 0].map((d) => (
          <span key={d}>{dayName(d)}</span>
        ))}
      </div>
      <ol className="cal flex-1">
        {days.map((d) => (
          <Day
            key={d}
            day={d}
            all={items}
            items={by.get(d) ?? []}
            tight={tight}
            zone={zone}
            today={d === today}
            past={d < today}
            out={d.slice(0, 7) !== month.slice(0, 7)}
            onMove={onMove}
            onCreate={onCreate}
          />
        ))}
      </ol>
    </div>
  );
}

function Day({
  day,
  all,
  items,
  tight,
  zone,
  today,
  past,
  out,
  onMove,
  onCreate,
}: {
  day: string;
  all: readonly Item[];
  items: readonly Item[];
  tight: Set<string>;
  zone: string;
  today: boolean;
  past: boolean;
  out: boolean;
  onMove: Props["onMove"];
  onCreate: Props["onCreate"];
}) {
  const drop = useDrop(all, onMove && !past ? (i) => onMove(i, moved(i.at, day, zone)) : undefined);
  const { y, m, d } = parseDay(day);
  const name = new Intl.DateTimeFormat(region(), {
    day: "numeric",
    month: "long",
  }).format(new Date(y, m - 1, d));
  return (
    <li
      className="cal-day"
      aria-label={name}
      data-out={out || undefined}
      data-today={today || undefined}
      {...drop}
    >
      <span className="no">
        <b className="font-normal">{d}</b>
        {onCreate && !past && (
          <button
            type="button"
            className="cal-add"
            aria-label={t`Write a post for ${name}`}
            onClick={() => onCreate(free(day, today, zone))}
          >
            <Plus className="i s" aria-hidden />
          </button>
        )}
      </span>
      {items.map((i) => (
        <CalendarChip
          key={i.key}
          item={i}
          zone={zone}
          step="day"
          crowded={tight.has(i.key)}
          onMove={onMove}
        />
      ))}
    </li>
  );
}

// free is nine o'clock of a day, or the next full hour of today.
function free(day: string, today: boolean, zone: string): Date {
  const nine = instant({ ...parseDay(day), h: 9, min: 0 }, zone);
  const soon = new Date(Math.ceil((Date.now() + 60_000) / 3_600_000) * 3_600_000);
  return today && nine < soon ? soon : nine;
}
