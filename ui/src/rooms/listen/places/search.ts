export const placeRanges = ["30d", "90d", "365d"] as const;
export type PlaceRange = (typeof placeRanges)[number];
export const sorts = ["rating", "count", "change", "answered", "name"] as const;
export type Sort = (typeof sorts)[number];

export interface Asked {
  kind?: "branch" | "city";
  range?: PlaceRange;
  sort?: Sort;
  q?: string;
}

export interface PlacesSearch extends Omit<Asked, "sort"> {
  p?: string; // the place that is chosen
  order?: Sort;
  by?: "net"; // what the circles are coloured by; ratings otherwise
}

export interface PlaceSearch {
  range?: PlaceRange;
  stars?: number;
  q?: string;
}

export interface CompareSearch {
  a?: string;
  b?: string;
  range?: PlaceRange;
}

const text = (v: unknown) =>
  typeof v === "string" && v !== "" ? v : typeof v === "number" ? String(v) : undefined;
const one = <T extends string>(of: readonly T[], v: unknown) => of.find((x) => x === v);

function kept<T extends object>(o: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T;
}

export function placesSearch(s: Record<string, unknown>): PlacesSearch {
  return kept<PlacesSearch>({
    kind: s.kind === "city" ? "city" : undefined,
    range: one(placeRanges, s.range),
    order: one(sorts, s.order),
    q: text(s.q),
    p: text(s.p),
    by: s.by === "net" ? "net" : undefined,
  });
}

export function placeSearch(s: Record<string, unknown>): PlaceSearch {
  const stars = Number(s.stars);
  return kept<PlaceSearch>({
    range: one(placeRanges, s.range),
    stars: Number.isInteger(stars) && stars >= 1 && stars <= 5 ? stars : undefined,
    q: text(s.q),
  });
}

export function compareSearch(s: Record<string, unknown>): CompareSearch {
  return kept<CompareSearch>({ a: text(s.a), b: text(s.b), range: one(placeRanges, s.range) });
}
