import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ChannelMark } from "../../../kit";
import { region } from "../../../lib/locale";
import type { Item } from "./item";
import { StateSign, stateName } from "./words";
import { addDays, dayOf, instant, moved, wall } from "./zone";

export const kind = "application/x-parley-post";

interface Props {
  item: Item;
  zone: string;
  step: "day" | "hour"; // what the arrows up and down mean
  crowded: boolean;
  onMove?: ((item: Item, to: Date) => void) | undefined;
}

// CalendarChip is one thing of the calendar. It can be dragged, and with Alt and an arrow moved by a day or an hour.
export function CalendarChip({ item, zone, step, crowded, onMove }: Props) {
  const [drag, setDrag] = useState(false);
  const w = wall(item.at, zone);
  const time = new Intl.DateTimeFormat(region(), {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(new Date(item.at));
  const can = item.movable && onMove !== undefined;
  const keyed = (e: React.KeyboardEvent) => {
    if (!can || !e.altKey || !e.key.startsWith("Arrow")) return;
    const side = e.key === "ArrowLeft" ? -1 : e.key === "ArrowRight" ? 1 : 0;
    const along = e.key === "ArrowUp" ? -1 : e.key === "ArrowDown" ? 1 : 0;
    e.preventDefault();
    if (side !== 0 || step === "day")
      return onMove(item, moved(item.at, addDays(dayOf(w), side !== 0 ? side : along * 7), zone));
    onMove(item, instant({ ...w, h: w.h + along }, zone));
  };
  const where = item.posts.map((p) => p.channel.name).join(", ");
  const state = stateName(item.state);
  return (
    <Link
      to="/publish/$id"
      params={{ id: item.content }}
      className="cal-item"
      data-state={item.state}
      data-drag={drag || undefined}
      draggable={can}
      aria-keyshortcuts={can ? "Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown" : undefined}
      aria-label={t`${time}: ${item.name}. ${state}. ${where}`}
      title={can ? t`Drag it, or hold Alt and press an arrow, to move it` : undefined}
      onDragStart={(e) => {
        e.dataTransfer.setData(kind, item.key);
        e.dataTransfer.effectAllowed = "move";
        setDrag(true);
      }}
      onDragEnd={() => setDrag(false)}
      onKeyDown={keyed}
    >
      <span className="top">
        <StateSign of={item.state} />
        <span>{time}</span>
        {crowded && (
          <TriangleAlert
            className="i s text-wait"
            aria-label={t`Another post leaves there at nearly the same time`}
          />
        )}
        <span className="ms-auto flex gap-0.5 overflow-hidden">
          {item.posts.slice(0, 4).map((p) => (
            <ChannelMark
              key={p.id}
              kind={p.channel.kind}
              mark={p.channel.mark}
              name={p.channel.name}
              inline
            />
          ))}
        </span>
      </span>
      <span className="nm">
        {item.picture && <img src={item.picture} alt="" loading="lazy" />}
        <span>{item.name}</span>
      </span>
    </Link>
  );
}

// useDrop makes a place take what is dragged.
export function useDrop(all: readonly Item[], onDrop: ((item: Item) => void) | undefined) {
  const [over, setOver] = useState(false);
  if (!onDrop) return {};
  return {
    "data-over": over || undefined,
    onDragOver: (e: React.DragEvent) => {
      if (!e.dataTransfer.types.includes(kind)) return;
      e.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: React.DragEvent) => {
      setOver(false);
      const item = all.find((i) => i.key === e.dataTransfer.getData(kind));
      if (!item) return;
      e.preventDefault();
      onDrop(item);
    },
  };
}
