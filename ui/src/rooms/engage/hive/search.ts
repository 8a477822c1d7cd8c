export const lists = ["mine", "taken", "pool"] as const;
export type ListName = (typeof lists)[number];

export interface HiveSearch {
  list?: ListName;
  q?: string; // the question that is open
}

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

// hiveSearch reads the address of the hive; what it does not know it leaves out.
export function hiveSearch(s: Record<string, unknown>): HiveSearch {
  const out: HiveSearch = {};
  const list = lists.find((l) => l === s.list);
  if (list && list !== "mine") out.list = list;
  const q = text(s.q);
  if (q) out.q = q;
  return out;
}

export interface ProgrammeSearch {
  p?: string;
}

// programmeSearch reads which programme a lead looks at.
export function programmeSearch(s: Record<string, unknown>): ProgrammeSearch {
  const p = text(s.p);
  return p ? { p } : {};
}

export const recordViews = [
  "all",
  "offered",
  "widened",
  "claimed",
  "centre",
  "sent",
  "answered",
  "by_hive",
  "solved",
  "in_time",
  "late",
  "unknown",
] as const;
export type RecordView = (typeof recordViews)[number];
export const spans = ["1", "7", "30", "90"] as const;
export type Span = (typeof spans)[number];

export interface LeadSearch {
  p?: string;
  of?: RecordView;
  days?: Span;
  q?: string; // the question whose way is shown
}

// leadSearch reads the address of a lead's page.
export function leadSearch(s: Record<string, unknown>): LeadSearch {
  const out: LeadSearch = programmeSearch(s);
  const of = recordViews.find((v) => v === s.of);
  const days = spans.find((d) => d === String(s.days));
  const q = text(s.q);
  return { ...out, ...(of ? { of } : {}), ...(days ? { days } : {}), ...(q ? { q } : {}) };
}
