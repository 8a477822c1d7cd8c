import { Link } from "@tanstack/react-router";
import { ChannelMark } from "../../../kit";
import { region } from "../../../lib/locale";
import type { Item } from "./item";
import { StateChip } from "./words";
import { dayOf, parseDay, wall } from "./zone";

// Agenda is the calendar as a list, day by day: what a phone shows first.
export function Agenda({ items, zone, today }: { items: readonly Item[]; zone: string; today: string }) {
  const days = [...new Set(items.map((i) => dayOf(wall(i.at, zone))))].sort();
  const lang = region();
  return (
    <div className="max-w-4xl px-4 py-4 sm:px-6">
      {days.map((d) => {
        const { y, m, d: n } = parseDay(d);
        const name = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" }).format(
          new Date(y, m - 1, n),
        );
        return (
          <section key={d} className="mb-5">
            <h2 className={`mb-1 text-sm ${d === today ? "font-strong" : "text-ink-2"}`}>{name}</h2>
            <ul>
              {items
                .filter((i) => dayOf(wall(i.at, zone)) === d)
                .map((i) => (
                  <li key={i.key}>
                    <Link
                      to="/publish/$id"
                      params={{ id: i.content }}
                      className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2 hover:bg-sunken"
                    >
                      <span className="w-14 flex-none text-ink-2">
                        {new Intl.DateTimeFormat(lang, {
                          hour: "2-digit",
                          minute: "2-digit",
                          timeZone: zone,
                        }).format(new Date(i.at))}
                      </span>
                      {i.picture && (
                        <img
                          src={i.picture}
                          alt=""
                          loading="lazy"
                          className="size-9 flex-none rounded-sm border border-line object-cover"
                        />
                      )}
                      <span className="min-w-0 flex-1 truncate">{i.name}</span>
                      <span className="flex flex-none gap-1">
                        {i.posts.map((p) => (
                          <ChannelMark
                            key={p.id}
                            kind={p.channel.kind}
                            mark={p.channel.mark}
                            name={p.channel.name}
                            inline
                          />
                        ))}
                      </span>
                      <StateChip of={i.state} asks={i.asks} />
                    </Link>
                  </li>
                ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
