import { plural, t } from "@lingui/core/macro";
import { clock, count, day, language, share, signed } from "../../lib/format";
import { intentName } from "../../lib/intent";
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

export function topicName(label: string): string {
  const names: Record<string, string> = {
    delivery: t`delivery`,
    price: t`price`,
    billing: t`billing`,
    quality: t`quality`,
    safety: t`safety`,
    support: t`support`,
    digital: t`app and website`,
    availability: t`availability`,
    staff: t`staff`,
    place: t`shop and place`,
    returns: t`returns`,
    environment: t`environment`,
    privacy: t`privacy`,
    features: t`features`,
    outage: t`outage`,
    taste: t`taste`,
  };
  return names[label] ?? label.replaceAll("_", " ");
}

export function emotionName(label: string): string {
  const names: Record<string, string> = {
    anger: t`anger`,
    joy: t`joy`,
    optimism: t`optimism`,
    sadness: t`sadness`,
  };
  return names[label] ?? label;
}

// entityName is a thing without its kind.
export function entityName(v: string): string {
  return v.slice(v.indexOf(":") + 1);
}

export function entityKind(v: string): string {
  const names: Record<string, string> = {
    brand: t`brand`,
    product: t`product`,
    person: t`person`,
    place: t`place`,
    hashtag: t`hashtag`,
  };
  const kind = v.slice(0, Math.max(0, v.indexOf(":")));
  return names[kind] ?? kind;
}

export function reachName(v: string): string {
  switch (v) {
    case "0":
      return t`under 100 followers`;
    case "100":
      return t`100 to 1,000`;
    case "1000":
      return t`1,000 to 10,000`;
    case "10000":
      return t`10,000 to 100,000`;
    default:
      return t`100,000 and more`;
  }
}

// valueName says a value of a facet.
export function valueName(facet: string, value: string, name?: string): string {
  if (name) return name;
  switch (facet) {
    case "topic":
      return topicName(value);
    case "intent":
      return intentName(value);
    case "emotion":
      return emotionName(value);
    case "entity":
      return entityName(value);
    case "lang":
      return language(value);
    case "reach":
      return reachName(value);
    case "toxicity":
      return value === "offensive" ? t`offensive` : t`not offensive`;
    default:
      return value;
  }
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
