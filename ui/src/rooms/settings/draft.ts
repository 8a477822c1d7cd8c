import type { FormField, Values } from "./data";

// A draft is what was entered for a channel and not yet connected. It stays in this browser, so that one may
// look something up at the network and come back. Secrets are left out: they belong in no browser's store.
export interface Draft {
  name: string;
  programme: string;
  values: Values;
}

const key = (kind: string) => `parley.connect.${kind}`;

export function readDraft(kind: string): Draft | undefined {
  try {
    const d = JSON.parse(localStorage.getItem(key(kind)) ?? "null") as Partial<Draft> | null;
    if (!d || typeof d.values !== "object") return undefined;
    return { name: String(d.name ?? ""), programme: String(d.programme ?? ""), values: d.values as Values };
  } catch {
    return undefined;
  }
}

export function drafted(kind: string): boolean {
  return readDraft(kind) !== undefined;
}

export function keepDraft(kind: string, form: readonly FormField[] | null, d: Draft): void {
  const secret = new Set((form ?? []).filter((f) => f.type === "secret").map((f) => f.name));
  const values = Object.fromEntries(Object.entries(d.values).filter(([k]) => !secret.has(k)));
  try {
    localStorage.setItem(key(kind), JSON.stringify({ ...d, values }));
  } catch {
    // a browser that keeps nothing: then the draft lasts as long as the page
  }
}

export function dropDraft(kind: string): void {
  try {
    localStorage.removeItem(key(kind));
  } catch {
    // as above
  }
}
