export const goals = ["first", "next", "resolve"] as const;
export type Goal = (typeof goals)[number];

export interface PaceSearch {
  range?: "7d" | "30d" | "90d";
  goal?: Goal; // whose conversations are listed
  show?: "kept" | "missed";
  programme?: string;
  channel?: string;
}

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

// paceSearch reads the address of what was kept on time.
export function paceSearch(s: Record<string, unknown>): PaceSearch {
  const out: PaceSearch = {};
  if (s.range === "7d" || s.range === "30d" || s.range === "90d") out.range = s.range;
  const goal = goals.find((g) => g === s.goal);
  if (goal) out.goal = goal;
  if (s.show === "kept" || s.show === "missed") out.show = s.show;
  for (const k of ["programme", "channel"] as const) {
    const v = text(s[k]);
    if (v) out[k] = v;
  }
  return out;
}
