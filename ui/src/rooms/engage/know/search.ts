export interface KnowSearch {
  q?: string;
  state?: "draft" | "published" | "archived";
  lang?: string;
  category?: string;
  visibility?: "public" | "internal";
  due?: true;
}

const text = (v: unknown) =>
  typeof v === "string" && v !== "" ? v : typeof v === "number" ? String(v) : undefined;

// knowSearch reads the address of the list of articles; what it does not know it leaves out.
export function knowSearch(s: Record<string, unknown>): KnowSearch {
  const out: KnowSearch = {};
  for (const k of ["q", "lang", "category"] as const) {
    const v = text(s[k]);
    if (v) out[k] = v;
  }
  if (s.state === "draft" || s.state === "published" || s.state === "archived") out.state = s.state;
  if (s.visibility === "public" || s.visibility === "internal") out.visibility = s.visibility;
  if (s.due === true) out.due = true;
  return out;
}
