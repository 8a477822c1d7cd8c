export interface SatisfactionSearch {
  range?: "7d" | "30d" | "90d";
  score?: 1 | 2 | 3 | 4 | 5;
  programme?: string;
  worded?: true; // only those who wrote something
}

// satisfactionSearch reads the address of what customers gave.
export function satisfactionSearch(s: Record<string, unknown>): SatisfactionSearch {
  const out: SatisfactionSearch = {};
  if (s.range === "7d" || s.range === "30d" || s.range === "90d") out.range = s.range;
  if (s.score === 1 || s.score === 2 || s.score === 3 || s.score === 4 || s.score === 5) out.score = s.score;
  if (typeof s.programme === "string" && s.programme !== "") out.programme = s.programme;
  if (s.worded === true) out.worded = true;
  return out;
}
