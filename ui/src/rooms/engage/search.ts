export const views = [
  "mine",
  "unassigned",
  "mentions",
  "open",
  "waiting",
  "snoozed",
  "resolved",
  "all",
] as const;
export type View = (typeof views)[number];

export interface InboxSearch {
  view?: View;
  c?: string; // the conversation that is open
  q?: string;
  channel?: string;
  programme?: string;
  sort?: "recent" | "waiting";
  saved?: string; // a saved view, instead of one that is always there
  team?: string;
}

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

// inboxSearch reads the address of the inbox; what it does not know it leaves out.
export function inboxSearch(s: Record<string, unknown>): InboxSearch {
  const out: InboxSearch = {};
  const view = views.find((v) => v === s.view);
  if (view) out.view = view;
  for (const k of ["c", "q", "channel", "programme", "saved", "team"] as const) {
    const v = text(s[k]);
    if (v) out[k] = v;
  }
  if (s.sort === "recent" || s.sort === "waiting") out.sort = s.sort;
  return out;
}
