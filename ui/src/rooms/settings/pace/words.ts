import { t } from "@lingui/core/macro";
import type { Span } from "./data";

// Days of the week in the order in which people plan them; 0 is Sunday, as the server counts.
export const week = [1, 2, 3, 4, 5, 6, 0] as const;

export function dayName(day: number): string {
  return new Intl.DateTimeFormat(undefined, { weekday: "long", timeZone: "UTC" }).format(
    new Date(Date.UTC(2024, 0, 7 + day)), // a Sunday, and the days after it
  );
}

export function clockOf(minutes: number): string {
  const m = minutes === 1440 ? 0 : minutes;
  return `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
}

// minutesOf reads 09:30. An end at midnight is the end of the day.
export function minutesOf(clock: string, end = false): number | undefined {
  const m = /^(\d{1,2}):(\d{2})/.exec(clock);
  if (!m) return undefined;
  const n = Number(m[1]) * 60 + Number(m[2]);
  return end && n === 0 ? 1440 : n;
}

export function spansText(spans: readonly Span[] | null | undefined): string {
  if (!spans?.length) return t`closed`;
  return spans.map((s) => `${clockOf(s.from)}–${s.to === 1440 ? "24:00" : clockOf(s.to)}`).join(", ");
}

// weekText says a week shortly: days with the same hours together.
export function weekText(days: readonly (readonly Span[] | null)[]): string[] {
  const out: { from: number; to: number; text: string }[] = [];
  for (const d of week) {
    const text = spansText(days[d]);
    const last = out.at(-1);
    if (last && last.text === text) last.to = d;
    else out.push({ from: d, to: d, text });
  }
  return out.map((r) =>
    r.from === r.to ? `${dayName(r.from)} ${r.text}` : `${dayName(r.from)} – ${dayName(r.to)} ${r.text}`,
  );
}

export const zones: string[] = (() => {
  try {
    return ["UTC", ...Intl.supportedValuesOf("timeZone")];
  } catch {
    return ["UTC"];
  }
})();

export const hereZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
