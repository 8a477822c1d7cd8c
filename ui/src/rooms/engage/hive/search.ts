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
