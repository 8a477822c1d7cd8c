export const feelings = ["negative", "neutral", "positive", "none"] as const;
export type FeelingName = (typeof feelings)[number];
export const times = ["1h", "24h", "3d", "30d"] as const;
export type TimeName = (typeof times)[number];
export const ranges = ["24h", "3d", "30d"] as const;
export type Range = (typeof ranges)[number];

// Filter is what narrows a list of posts; all of it stands in the address.
export interface Filter {
  q?: string;
  channel?: string;
  lang?: string;
  sentiment?: FeelingName;
  intent?: string;
  emotion?: string;
  topic?: string;
  entity?: string;
  toxicity?: string;
  programme?: string;
  reach?: string;
  place?: string; // branches, cities and countries with commas between: any of them
  time?: TimeName; // the last so many hours or days
  since?: string; // or a stretch, chosen in a chart
  until?: string;
}

export interface WallSearch extends Filter {
  m?: string; // the post that is open beside
}

export interface MonitorSearch extends Pick<Filter, "lang" | "sentiment" | "intent" | "since" | "until"> {
  range?: Range;
}

// A word in the address may look like a number to the router; it stays a word.
const text = (v: unknown) =>
  typeof v === "string" && v !== "" ? v : typeof v === "number" ? String(v) : undefined;
const one = <T extends string>(of: readonly T[], v: unknown) => of.find((x) => x === v);
const moment = (v: unknown) => {
  const s = text(v);
  return s && !Number.isNaN(Date.parse(s)) ? s : undefined;
};

// kept drops what is not there, so that addresses stay short.
function kept<T extends object>(o: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T;
}

export function wallSearch(s: Record<string, unknown>): WallSearch {
  return kept<WallSearch>({
    q: text(s.q),
    channel: text(s.channel),
    lang: text(s.lang),
    sentiment: one(feelings, s.sentiment),
    intent: text(s.intent),
    emotion: one(["anger", "joy", "optimism", "sadness"], s.emotion),
    topic: text(s.topic),
    entity: text(s.entity),
    toxicity: one(["offensive", "not-offensive"], s.toxicity),
    programme: text(s.programme),
    reach: one(["0", "100", "1000", "10000", "100000"], text(s.reach)),
    place: text(s.place),
    time: one(times, s.time),
    since: moment(s.since),
    until: moment(s.until),
    m: text(s.m),
  });
}

export function monitorSearch(s: Record<string, unknown>): MonitorSearch {
  return kept<MonitorSearch>({
    range: one(ranges, s.range),
    lang: text(s.lang),
    sentiment: one(feelings, s.sentiment),
    intent: text(s.intent),
    since: moment(s.since),
    until: moment(s.until),
  });
}

const hours: Record<TimeName, number> = { "1h": 1, "24h": 24, "3d": 72, "30d": 720 };

// asked turns a filter into what the server is asked, at this moment.
export function asked(f: Filter, now = new Date()): Omit<Filter, "time"> {
  const { time, ...rest } = f;
  if (!time || rest.since) return rest;
  return { ...rest, since: new Date(now.getTime() - hours[time] * 3_600_000).toISOString() };
}

// listOf is what stands in an address with commas between, or the one thing.
export function listOf(v: string | undefined, several = true): string[] {
  return v ? (several ? v.split(",").filter(Boolean) : [v]) : [];
}

// toggled is such a list with a value more, or without the one that it had.
export function toggled(list: string | undefined, v: string): string | undefined {
  const all = listOf(list);
  const next = all.includes(v) ? all.filter((x) => x !== v) : [...all, v];
  return next.length > 0 ? next.join(",") : undefined;
}
