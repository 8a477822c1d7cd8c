export type View = "month" | "week" | "day" | "list";
export const stateNames = [
  "draft",
  "in_review",
  "approved",
  "scheduled",
  "publishing",
  "unknown",
  "published",
  "failed",
  "held",
] as const;
export type State = (typeof stateNames)[number];

export interface CalendarSearch {
  cal?: View;
  on?: string; // a day, as 2026-11-26
  stands?: State;
  channel?: string;
  programme?: string;
  zone?: string;
}

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);
const stateOf = (v: unknown) => stateNames.find((n) => n === v);

// calendarSearch reads the address of the calendar; what it does not know it leaves out.
export function calendarSearch(s: Record<string, unknown>): CalendarSearch {
  const out: CalendarSearch = {};
  if (s.cal === "month" || s.cal === "week" || s.cal === "day" || s.cal === "list") out.cal = s.cal;
  const on = text(s.on);
  if (on && /^\d{4}-\d{2}-\d{2}$/.test(on)) out.on = on;
  const state = stateOf(s.stands);
  if (state) out.stands = state;
  for (const k of ["channel", "programme", "zone"] as const) {
    const v = text(s[k]);
    if (v) out[k] = v;
  }
  return out;
}

export interface ListSearch {
  stands?: State;
  mine?: true;
  loose?: true;
  q?: string;
}

// listSearch reads the address of the list of contents.
export function listSearch(s: Record<string, unknown>): ListSearch {
  const out: ListSearch = {};
  const state = stateOf(s.stands);
  if (state) out.stands = state;
  if (s.mine === true) out.mine = true;
  if (s.loose === true) out.loose = true;
  const q = text(s.q);
  if (q) out.q = q;
  return out;
}

export interface NewSearch {
  at?: string;
}

export function newSearch(s: Record<string, unknown>): NewSearch {
  const at = text(s.at);
  return at && !Number.isNaN(Date.parse(at)) ? { at } : {};
}

const bys = ["at", "likes", "shares", "replies", "clicks", "conversions", "answers"] as const;
export type By = (typeof bys)[number];
export interface ResultSearch {
  since?: 7 | 30 | 365;
  by?: By;
  up?: true;
}

// resultSearch reads the address of the results.
export function resultSearch(s: Record<string, unknown>): ResultSearch {
  const out: ResultSearch = {};
  if (s.since === 7 || s.since === 30 || s.since === 365) out.since = s.since;
  const by = bys.find((b) => b === s.by);
  if (by) out.by = by;
  if (s.up === true) out.up = true;
  return out;
}
