export const ranges = ["24h", "7d", "30d", "90d"] as const;
export type Range = (typeof ranges)[number];
export const feelings = ["negative", "neutral", "positive", "none"] as const;
export type FeelingName = (typeof feelings)[number];
export const facets = ["topic", "intent", "emotion", "entity", "lang", "on", "reach", "toxicity"] as const;
export type FacetName = (typeof facets)[number];

// What narrows the list of posts: marks that were chosen in the charts.
export interface Marks {
  since?: string;
  until?: string;
  sentiment?: FeelingName;
  topic?: string;
  intent?: string;
  emotion?: string;
  entity?: string;
  toxicity?: string;
  lang?: string;
  on?: string; // channel
  reach?: string;
  author?: string;
  slot?: string; // hour of the week
  place?: string; // branches, cities and countries with commas between: any of them
  q?: string; // words
}

// AnalyzeSearch is the whole view: what is looked at, when, beside what, and the marks.
export interface AnalyzeSearch extends Marks {
  range?: Range;
  from?: string; // or days of one's own: 2026-11-01
  to?: string;
  monitor?: string;
  programme?: string;
  channel?: string;
  vs?: string; // beside what: m:ID, p:ID, all; the time before if left out
  trend?: string; // facet:value that is followed
  level?: "branch" | "city" | "country"; // on which places are counted
}

export const markNames = [
  "since",
  "until",
  "sentiment",
  "topic",
  "intent",
  "emotion",
  "entity",
  "toxicity",
  "lang",
  "on",
  "reach",
  "author",
  "slot",
  "place",
  "q",
] as const satisfies readonly (keyof Marks)[];

// A word in the address may look like a number to the router; it stays a word.
const text = (v: unknown) =>
  typeof v === "string" && v !== "" ? v : typeof v === "number" ? String(v) : undefined;
const one = <T extends string>(of: readonly T[], v: unknown) => of.find((x) => x === v);
const moment = (v: unknown) => {
  const s = text(v);
  return s && !Number.isNaN(Date.parse(s)) ? s : undefined;
};
const date = (v: unknown) => {
  const s = text(v);
  return s && /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(s)) ? s : undefined;
};

export function analyzeSearch(s: Record<string, unknown>): AnalyzeSearch {
  const own = date(s.from) && date(s.to) ? { from: date(s.from), to: date(s.to) } : {};
  const all: { [K in keyof AnalyzeSearch]: AnalyzeSearch[K] | undefined } = {
    range: own.from ? undefined : one(ranges, s.range),
    ...own,
    monitor: text(s.monitor),
    programme: text(s.programme),
    channel: text(s.channel),
    vs: text(s.vs),
    trend: text(s.trend),
    since: moment(s.since),
    until: moment(s.until),
    sentiment: one(feelings, s.sentiment),
    topic: text(s.topic),
    intent: text(s.intent),
    emotion: text(s.emotion),
    entity: text(s.entity),
    toxicity: text(s.toxicity),
    lang: text(s.lang),
    on: text(s.on),
    reach: text(s.reach),
    author: text(s.author),
    slot: text(s.slot),
    place: text(s.place),
    level: one(["branch", "city", "country"] as const, s.level),
    q: text(s.q),
  };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as AnalyzeSearch;
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export interface Subject {
  monitor?: string;
  programme?: string;
  channel?: string;
}

export function subjectOf(s: AnalyzeSearch): Subject {
  if (s.monitor) return { monitor: s.monitor };
  if (s.programme) return { programme: s.programme };
  return s.channel ? { channel: s.channel } : {};
}

// otherOf is what the subject is seen beside, where that is not the time before.
export function otherOf(vs: string | undefined): Subject | undefined {
  if (!vs) return undefined;
  if (vs === "all") return {};
  const id = vs.slice(2);
  return vs.startsWith("m:") ? { monitor: id } : vs.startsWith("p:") ? { programme: id } : undefined;
}

// spanOf is the time as the server is asked for it. Days of one's own are whole
// days here, the last one included.
export function spanOf(s: AnalyzeSearch): { range?: Range; from?: string; to?: string; tz: string } {
  const tz = zone();
  if (!s.from || !s.to) return { range: s.range ?? "30d", tz };
  const [a, b] = s.from <= s.to ? [s.from, s.to] : [s.to, s.from];
  const end = new Date(`${b}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return { from: new Date(`${a}T00:00:00`).toISOString(), to: end.toISOString(), tz };
}

export function marksOf(s: AnalyzeSearch): Marks {
  return Object.fromEntries(markNames.filter((n) => s[n] !== undefined).map((n) => [n, s[n]])) as Marks;
}

export const bondKinds = ["answered", "named", "shared", "quoted"] as const;
export type BondKind = (typeof bondKinds)[number];

export interface NetworkSearch {
  programme?: string;
  kind?: BondKind;
  as?: "list";
  by?: "bridge";
  circle?: number;
  who?: string;
}

export function networkSearch(s: Record<string, unknown>): NetworkSearch {
  const circle = Number(s.circle);
  const all: { [K in keyof NetworkSearch]: NetworkSearch[K] | undefined } = {
    programme: text(s.programme),
    kind: one(bondKinds, s.kind),
    as: one(["list"], s.as),
    by: one(["bridge"], s.by),
    circle: s.circle !== undefined && Number.isInteger(circle) && circle >= 0 ? circle : undefined,
    who: text(s.who),
  };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as NetworkSearch;
}
