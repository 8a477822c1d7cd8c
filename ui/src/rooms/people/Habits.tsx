import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AsidePart } from "../../kit";
import { region } from "../../lib/locale";
import { useHabits } from "./data";
import { aboutName } from "./Moments";

// A Monday, to name days by.
const monday = Date.UTC(2024, 0, 1);
const dayName = (d: number, style: "narrow" | "long") =>
  new Intl.DateTimeFormat(region(), { weekday: style, timeZone: "UTC" }).format(monday + d * 86_400_000);
const hourName = (h: number) =>
  new Intl.DateTimeFormat(region(), { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
    monday + h * 3_600_000,
  );

// Few messages say nothing of somebody's habits.
const least = 5;

// Habits is when somebody writes, in the reader's own hours, and what about; each subject leads to what they said.
export function Habits({ id }: { id: string }) {
  const habits = useHabits(id).data;
  if (!habits) return null;
  const hours = habits.hours ?? [];
  const about = (habits.about ?? []).slice(0, 6);
  return (
    <>
      {habits.count >= least && (
        <AsidePart
          title={<Trans>When they write</Trans>}
          end={<Plural value={habits.count} one="# message" other="# messages" />}
        >
          <Week hours={hours} />
        </AsidePart>
      )}
      {about.length > 0 && (
        <AsidePart title={<Trans>What about</Trans>}>
          <ul>
            {about.map((a) => (
              <li key={a.label}>
                <Link
                  to="/people/$id"
                  params={{ id }}
                  search={{ about: a.label }}
                  resetScroll={false}
                  className="flex min-h-6.5 items-center gap-2 hover:underline"
                >
                  <span className="min-w-0 flex-1 truncate">{aboutName(a.label)}</span>
                  <span className="text-xs text-ink-3">{a.count}</span>
                </Link>
              </li>
            ))}
          </ul>
        </AsidePart>
      )}
    </>
  );
}

function Week({ hours }: { hours: readonly (readonly number[] | null)[] }) {
  const flat = hours.flatMap((d, day) => (d ?? []).map((n, hour) => ({ day, hour, n })));
  const top = flat.reduce((a, b) => (b.n > a.n ? b : a), { day: 0, hour: 0, n: 0 });
  // Once or twice is no habit.
  const clear = top.n >= 3;
  const most = clear
    ? t`Most often on ${dayName(top.day, "long")} at ${hourName(top.hour)}`
    : t`Messages by the hours of the week`;
  return (
    <div>
      <svg viewBox="0 0 250 86" role="img" aria-label={most} className="w-full text-voice">
        {flat.map((c) => (
          <rect
            key={`${c.day}.${c.hour}`}
            x={10 + c.hour * 10}
            y={c.day * 11}
            width={9}
            height={10}
            rx={1.5}
            fill={c.n === 0 ? "var(--color-line-2)" : "currentColor"}
            opacity={c.n === 0 ? 0.55 : 0.25 + (0.75 * c.n) / top.n}
          >
            <title>{`${dayName(c.day, "long")} ${hourName(c.hour)}: ${c.n}`}</title>
          </rect>
        ))}
        {[0, 1, 2, 3, 4, 5, 6].map((d) => (
          <text key={d} x={0} y={d * 11 + 8.5} fontSize={8} fill="var(--color-ink-3)" aria-hidden>
            {dayName(d, "narrow")}
          </text>
        ))}
        {[0, 6, 12, 18].map((h) => (
          <text key={h} x={10 + h * 10} y={85} fontSize={8} fill="var(--color-ink-3)" aria-hidden>
            {hourName(h)}
          </text>
        ))}
      </svg>
      {clear && <p className="pt-1 text-xs text-ink-3">{most}.</p>}
    </div>
  );
}
