import { plural, t } from "@lingui/core/macro";
import { clock, count, day, share } from "../../lib/format";
import { intentName } from "../../lib/intent";
import type { Series } from "./data";
import type { Range, TimeName } from "./search";
import { spikeOf } from "./spike";

export function rangeName(r: Range): string {
  return r === "24h" ? t`24 h` : r === "3d" ? t`3 days` : t`30 days`;
}

export function timeName(v: TimeName): string {
  return v === "1h"
    ? t`last hour`
    : v === "24h"
      ? t`last 24 hours`
      : v === "3d"
        ? t`last 3 days`
        : t`last 30 days`;
}

function lately(r: Range): string {
  return r === "24h" ? t`in the last 24 hours` : r === "3d" ? t`in the last 3 days` : t`in the last 30 days`;
}

export function sum(points: readonly { count: number }[] | null): number {
  return (points ?? []).reduce((n, p) => n + p.count, 0);
}

// feelingsOf adds up how they felt over the whole time.
export function feelingsOf(s: Series) {
  const out = { negative: 0, neutral: 0, positive: 0, unknown: 0 };
  for (const p of s.points ?? []) {
    out.negative += p.negative;
    out.neutral += p.neutral;
    out.positive += p.positive;
    out.unknown += p.unknown;
  }
  return out;
}

// times says a factor as people do.
export function timesWord(n: number): string {
  if (n >= 10) return t`${count(Math.round(n))} times as much as`;
  if (n >= 2.75) return t`${count(Math.round(n))} times as much as`;
  if (n >= 1.75) return t`twice as much as`;
  if (n >= 1.15) return t`more than`;
  if (n > 0.87) return t`about as much as`;
  if (n > 0.6) return t`less than`;
  return t`half as much as, or less than,`;
}

// most says what more than half of the posts do.
function most(intent: string): string {
  switch (intent) {
    case "question":
      return t`Most of them ask something.`;
    case "complaint":
      return t`Most of them complain.`;
    case "praise":
      return t`Most of them praise.`;
    case "request":
      return t`Most of them want something done.`;
    case "purchase":
      return t`Most of them think of buying.`;
    default:
      return t`What most of them have in common: ${intentName(intent)}.`;
  }
}

// lead is the sentence a monitor's page begins with. Each part of it can be
// counted again in the charts below it.
export function lead(s: Series, range: Range): string {
  const n = s.total;
  if (n === 0) return t`Nobody spoke of this ${lately(range)}.`;
  const points = s.points ?? [];
  const before = sum(s.previous);
  const spike = s.step === "hour" ? spikeOf(points, s.previous ?? []) : undefined;
  const parts: string[] = [];
  if (spike) {
    const since = clock(points[spike.from]?.at ?? "");
    parts.push(t`Since ${since} people speak of this ${timesWord(spike.times)} in a usual hour.`);
  } else if (before >= 5) {
    const posts = plural(n, { one: "# post", other: "# posts" });
    parts.push(t`${posts} ${lately(range)}, ${timesWord(n / before)} in the time before.`);
  } else {
    const posts = plural(n, { one: "# post", other: "# posts" });
    parts.push(t`${posts} ${lately(range)}.`);
  }
  const f = feelingsOf(s);
  const felt = f.negative + f.neutral + f.positive;
  const top = s.intents?.[0];
  if (top && top.count * 2 > n) parts.push(most(top.label));
  else if (felt >= 5 && f.negative * 2 > felt)
    parts.push(t`Of those whose feeling can be read, ${share(f.negative / felt)} are unhappy.`);
  else if (felt >= 5 && f.positive * 2 > felt)
    parts.push(t`Of those whose feeling can be read, ${share(f.positive / felt)} are happy.`);
  return parts.join(" ");
}

// labelOf is a point of a series on the axis.
export function labelOf(at: string, step: string, range: Range): string {
  if (step === "day") return day(at);
  return range === "24h" ? clock(at) : `${day(at)} ${clock(at)}`;
}

export const stepMs = (step: string) => (step === "day" ? 86_400_000 : 3_600_000);

// stretch says a span of time that was chosen in a chart.
export function stretch(since: string | undefined, until: string | undefined): string {
  const say = (v: string) => `${day(v)} ${clock(v)}`;
  if (since && until)
    return day(since) === day(until) ? `${say(since)}–${clock(until)}` : `${say(since)}–${say(until)}`;
  if (since) return t`since ${say(since)}`;
  return until ? t`until ${say(until)}` : "";
}
