import { plural, t } from "@lingui/core/macro";
import { topicName } from "../../lib/facet";
import { clock, count, day, share, signed } from "../../lib/format";
import type { Amount, Explored } from "./data";
import type { AnalyzeSearch, Range } from "./search";

export function rangeName(r: Range): string {
  return r === "24h" ? t`24 h` : r === "7d" ? t`7 days` : r === "30d" ? t`30 days` : t`90 days`;
}

// timeName says the chosen time within a sentence.
export function timeName(s: AnalyzeSearch): string {
  if (s.from && s.to) return t`from ${day(`${s.from}T12:00:00`)} to ${day(`${s.to}T12:00:00`)}`;
  switch (s.range ?? "30d") {
    case "24h":
      return t`in 24 hours`;
    case "7d":
      return t`in 7 days`;
    case "30d":
      return t`in 30 days`;
    default:
      return t`in 90 days`;
  }
}

// labelOf is a step on the axis.
export function labelOf(at: string, hourly: boolean, steps: number): string {
  if (!hourly) return day(at);
  return steps <= 24 ? clock(at) : `${day(at)} ${clock(at)}`;
}

// 4 January 1970 was a Sunday.
export function weekday(d: number, width: "short" | "long" = "short"): string {
  return new Intl.DateTimeFormat(undefined, { weekday: width, timeZone: "UTC" }).format(
    new Date(Date.UTC(1970, 0, 4 + d)),
  );
}

export function slotName(slot: string): string {
  const [d = 0, h = 0] = slot.split("-").map(Number);
  const hour = (n: number) => `${String(n % 24).padStart(2, "0")}:00`;
  return `${weekday(d)} ${hour(h)}–${hour(h + 1)}`;
}

// changeWord says how much more or less than before.
export function changeWord(now: number, before: number): string {
  if (before === 0) return now === 0 ? "–" : t`new`;
  if (before < 3 && now >= 30) return t`hardly before`;
  const times = now / before;
  if (times >= 2) return `× ${count(Math.round(times * 10) / 10)}`;
  return `${signed(Math.round((times - 1) * 100))}%`;
}

// velocity is how much faster than before it grows: the difference of the differences.
export function velocity(now: number, previous: number, before: number): number {
  return now - previous - (previous - before);
}

export const fewest = 30; // with fewer posts, shares say little
export const fewestFelt = 10;

export function felt(a: Amount): number {
  return a.negative + a.neutral + a.positive;
}

// lead says what it comes to. Each part can be counted again in the charts below.
export function lead(e: Explored, who: string, s: AnalyzeSearch): string {
  const n = e.total.count;
  const time = timeName(s);
  if (n === 0) return t`${who}: nothing was said ${time}.`;
  const posts = plural(n, { one: "# post", other: "# posts" });
  const before = e.previous.count;
  const parts: string[] = [];
  if (before < 10 && n > before * 4)
    parts.push(t`${who}: ${posts} ${time}; before that too little was heard to compare.`);
  else if (n > before * 1.95)
    parts.push(
      t`${who}: ${posts} ${time}, ${count(Math.round((n / before) * 10) / 10)} times as many as before.`,
    );
  else if (n > before * 1.05)
    parts.push(t`${who}: ${posts} ${time}, ${share(n / before - 1)} more than before.`);
  else if (n < before * 0.95)
    parts.push(t`${who}: ${posts} ${time}, ${share(1 - n / before)} fewer than before.`);
  else parts.push(t`${who}: ${posts} ${time}, about as many as before.`);
  const f = felt(e.total);
  if (f >= fewestFelt) {
    const is = Math.round(((e.total.positive - e.total.negative) / f) * 100);
    const was = felt(e.previous);
    const had =
      was >= fewestFelt ? Math.round(((e.previous.positive - e.previous.negative) / was) * 100) : undefined;
    const net = signed(is);
    const then = had === undefined ? "" : signed(had);
    parts.push(
      had === undefined || Math.abs(is - had) < 3
        ? t`Net feeling is ${net}.`
        : is < had
          ? t`Net feeling fell from ${then} to ${net}.`
          : t`Net feeling rose from ${then} to ${net}.`,
    );
  }
  const topics = e.facets?.find((x) => x.name === "topic")?.values ?? [];
  const risen = topics
    .filter((v) => before >= 10 && v.count >= 8 && v.count > v.previous * 1.5)
    .sort((a, b) => b.count - b.previous - (a.count - a.previous))[0];
  if (risen) parts.push(t`What grew most is talk of ${topicName(risen.value)}.`);
  else if (topics[0]) parts.push(t`Most of it is about ${topicName(topics[0].value)}.`);
  return parts.join(" ");
}
