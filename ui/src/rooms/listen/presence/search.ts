export interface PresenceSearch {
  kind?: string;
  region?: string;
  status?: string;
  q?: string;
}

const text = (v: unknown) =>
  typeof v === "string" && v !== "" ? v : typeof v === "number" ? String(v) : undefined;

export function presenceSearch(s: Record<string, unknown>): PresenceSearch {
  return Object.fromEntries(
    Object.entries({
      kind: text(s.kind),
      region: text(s.region),
      status: text(s.status),
      q: text(s.q),
    }).filter(([, v]) => v !== undefined),
  );
}
