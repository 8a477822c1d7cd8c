// The calendar in any time zone: what a clock on the wall shows there, and which moment that is.

export interface Wall {
  y: number;
  m: number; // 1 to 12
  d: number;
  h: number;
  min: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string): Intl.DateTimeFormat {
  let f = formats.get(zone);
  if (!f) {
    f = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formats.set(zone, f);
  }
  return f;
}

export function here(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

export function known(zone: string): boolean {
  try {
    format(zone);
    return true;
  } catch {
    return false;
  }
}

// wall is what the clock on the wall shows at a moment.
export function wall(at: Date | string, zone: string): Wall {
  const p: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(new Date(at))) p[type] = Number(value);
  return { y: p.year ?? 0, m: p.month ?? 1, d: p.day ?? 1, h: p.hour ?? 0, min: p.minute ?? 0 };
}

const utc = (w: Wall) => Date.UTC(w.y, w.m - 1, w.d, w.h, w.min);

// instant is the moment at which the wall shows w. A time that the clocks leave out in spring is the one
// that they show instead; of one that comes twice it is the first.
export function instant(w: Wall, zone: string): Date {
  const want = utc(w);
  const off = (t: number) => utc(wall(new Date(t), zone)) - t;
  const candidates = [want - off(want - 86_400_000), want - off(want + 86_400_000)];
  const right = candidates.filter((t) => utc(wall(new Date(t), zone)) === want);
  return new Date(right.length > 0 ? Math.min(...right) : (candidates[0] ?? want));
}

export const dayOf = (w: Wall): string => `${w.y}-${two(w.m)}-${two(w.d)}`;
const two = (n: number) => String(n).padStart(2, "0");

export function parseDay(day: string): { y: number; m: number; d: number } {
  const [y = 1970, m = 1, d = 1] = day.split("-").map(Number);
  return { y, m, d };
}

export function addDays(day: string, n: number): string {
  const { y, m, d } = parseDay(day);
  return new Date(Date.UTC(y, m - 1, d + n)).toISOString().slice(0, 10);
}

export function addMonths(day: string, n: number): string {
  const { y, m, d } = parseDay(day);
  const last = new Date(Date.UTC(y, m - 1 + n + 1, 0)).getUTCDate();
  return new Date(Date.UTC(y, m - 1 + n, Math.min(d, last))).toISOString().slice(0, 10);
}

// weekday is 0 for Sunday.
export function weekday(day: string): number {
  const { y, m, d } = parseDay(day);
  return new Date(Date.UTC(y, m - 1, d)).getUTCDay();
}

// weekStart is the Monday of a day's week.
export function weekStart(day: string): string {
  return addDays(day, -((weekday(day) + 6) % 7));
}

// monthWeeks are the days that a month's page shows: whole weeks.
export function monthWeeks(day: string): string[][] {
  const { y, m } = parseDay(day);
  const last = addDays(addMonths(`${y}-${two(m)}-01`, 1), -1);
  const out: string[][] = [];
  for (let d = weekStart(`${y}-${two(m)}-01`); d <= last; d = addDays(d, 7))
    out.push(Array.from({ length: 7 }, (_, i) => addDays(d, i)));
  return out;
}

// startOf is the moment at which a day begins there.
export function startOf(day: string, zone: string): Date {
  return instant({ ...parseDay(day), h: 0, min: 0 }, zone);
}

// moved puts a moment onto another day, at the same time of that day.
export function moved(at: string, day: string, zone: string): Date {
  const w = wall(at, zone);
  return instant({ ...parseDay(day), h: w.h, min: w.min }, zone);
}
