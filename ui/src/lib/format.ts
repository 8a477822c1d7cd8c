import { plural, t } from "@lingui/core/macro";
import { region } from "./locale";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: (l: string) => T): T {
  const full = `${region()} ${key}`;
  const had = cache.get(full);
  if (had) return had as T;
  const made = make(region());
  cache.set(full, made);
  return made;
}

const dateFormat = (key: string, options: Intl.DateTimeFormatOptions) =>
  kept(`d${key}`, (l) => new Intl.DateTimeFormat(l, options));

export function count(n: number): string {
  return kept("n", (l) => new Intl.NumberFormat(l)).format(n);
}

// short shows big numbers as people say them: 12.4K.
export function short(n: number): string {
  return Math.abs(n) < 10_000
    ? count(n)
    : kept("s", (l) => new Intl.NumberFormat(l, { notation: "compact", maximumFractionDigits: 1 })).format(n);
}

export function share(n: number): string {
  return kept("p", (l) => new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: 0 })).format(n);
}

// score is a probability or a confidence, always with two figures.
export function score(n: number): string {
  return kept(
    "c",
    (l) => new Intl.NumberFormat(l, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  ).format(n);
}

// money takes an amount in whole units of an ISO 4217 currency, as the server tells it.
export function money(value: number, currency: string): string {
  return kept(`m${currency}`, (l) => new Intl.NumberFormat(l, { style: "currency", currency })).format(value);
}

// minor shows an amount in minor units, such as cents, as many as the currency has.
export function minor(amount: number, currency: string): string {
  return money(amount / 10 ** digits(currency), currency);
}

// bytes is how large a file is.
export function bytes(n: number): string {
  const [size, unit] = n < 1000 ? [n, "byte"] : n < 999_500 ? [n / 1000, "kilobyte"] : [n / 1e6, "megabyte"];
  return kept(
    `b${unit}`,
    (l) =>
      new Intl.NumberFormat(l, {
        style: "unit",
        unit,
        unitDisplay: unit === "byte" ? "long" : "short",
        maximumFractionDigits: unit === "megabyte" ? 1 : 0,
      }),
  ).format(size);
}

// digits is how many digits of a currency are minor: 2 for EUR, 0 for JPY.
export function digits(currency: string): number {
  try {
    return (
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
      2
    );
  } catch {
    return 2;
  }
}

// signed shows a difference with its sign.
export function signed(n: number): string {
  return kept("+", (l) => new Intl.NumberFormat(l, { signDisplay: "exceptZero", maximumFractionDigits: 0 }))
    .format(n)
    .replace("-", "−"); // a minus is as wide as a plus
}

// span says how long in the two words that matter: 4 s, 26 min, 1 h 10, 3 days.
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 1) return t`under 1 s`;
  if (s < 60) return t`${s} s`;
  const min = Math.round(s / 60);
  if (min < 60) return t`${min} min`;
  const h = Math.floor(s / 3600);
  const rest = Math.round((s % 3600) / 60);
  if (h < 10 && rest > 0 && rest < 60) return t`${h} h ${rest} min`;
  const hours = Math.round(s / 3600);
  if (hours < 48) return t`${hours} h`;
  const days = Math.round(s / 86_400);
  return plural(days, { one: "# day", other: "# days" });
}

// when shows a moment as shortly as it can be understood: 09:14, Thu, 3 Nov, Nov 2025.
export function when(at: string | Date, now = new Date()): string {
  const d = new Date(at);
  const days = (startOfDay(now) - startOfDay(d)) / 86_400_000;
  if (days === 0) return dateFormat("t", { hour: "2-digit", minute: "2-digit" }).format(d);
  if (days > 0 && days < 7) return dateFormat("w", { weekday: "short" }).format(d);
  if (d.getFullYear() === now.getFullYear())
    return dateFormat("dm", { day: "numeric", month: "short" }).format(d);
  return dateFormat("my", { month: "short", year: "numeric" }).format(d);
}

export function clock(at: string | Date): string {
  return dateFormat("t", { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

export function day(at: string | Date): string {
  return dateFormat("dm", { day: "numeric", month: "short" }).format(new Date(at));
}

export function month(at: string | Date): string {
  return dateFormat("mo", { month: "short" }).format(new Date(at));
}

export function full(at: string | Date): string {
  return dateFormat("full", { dateStyle: "full", timeStyle: "short" }).format(new Date(at));
}

// longDay is the date in the bar of the day: Saturday 21 November.
export function longDay(at: string | Date): string {
  return dateFormat("ld", { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
}

function startOfDay(d: Date): number {
  return new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
}

// initials are what an avatar without a picture shows: the first letters of the first and last name.
export function initials(name: string): string {
  const all = name
    .replace(/^[@#]/, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const spoken = all.filter((w) => /^[\p{L}\p{N}]/u.test(w)); // signs and faces are no names
  const words = spoken.length > 0 ? spoken : all;
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

export function language(tag: string): string {
  if (tag === "und" || tag === "") return t`unknown language`;
  try {
    return new Intl.DisplayNames([region()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
