import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { freshen } from "./pages";

// live: facts arrive as they happen. late: we lost the line and try again. off: signed out.
export type Line = "live" | "late" | "off";

export interface Mate {
  id: string;
  name: string;
  typing?: boolean;
}

type Stale = readonly (string | undefined)[];

// Which things are no longer fresh when a fact arrives. The first word of a query key is the noun.
const touched: Record<string, (fact: Record<string, unknown>) => Stale[]> = {
  heard: () => [["mentions"], ["series"], ["monitors"], ["home"], ["people"], ["kpis"]],
  changed: (f) => [
    ["counts"],
    ["home"],
    ...ids(f.conversations).flatMap((id): Stale[] => [
      ["conversation", id],
      ["messages", id],
    ]),
    ["person"],
    ["timeline"],
  ],
  delivery: (f) => [
    ["messages", text(f.conversation)],
    ["conversation", text(f.conversation)],
  ],
  monitor: () => [["monitors"], ["monitor"], ["series"], ["mentions"], ["warning"]],
  alert: () => [["alerts"], ["alert"], ["home"]],
  posted: () => [["publish"]],
  placed: () => [["places"]],
  channel: () => [["channels"], ["channel"], ["health"]],
  governed: () => [
    ["programmes"],
    ["programme"],
    ["policies"],
    ["policy"],
    ["gate"],
    ["conversation"],
    ["record"],
    ["members"],
    ["session"],
    ["home"],
    ["tags"],
    ["conversations"],
  ],
  dealt: () => [["deals"], ["person"], ["timeline"], ["card"], ["consents"], ["privacy"]],
  brought: () => [["people"], ["deals"], ["person"], ["timeline"], ["card"]],
  sorted: () => [["segments"], ["segment"], ["people"], ["person"]],
  noticed: () => [["notices"]],
  hived: () => [["hive"]],
  evolved: () => [["kpis"], ["home"], ["links"], ["conversions"]],
};

const text = (v: unknown) => (typeof v === "string" ? v : undefined);
const ids = (v: unknown) => (Array.isArray(v) ? v.filter((x): x is string => typeof x === "string") : []);

let line: Line = "off";
let mates = new Map<string, Mate[]>();
const listeners = new Set<() => void>();
const tell = () => {
  for (const l of listeners) l();
};
const subscribe = (l: () => void) => {
  listeners.add(l);
  return () => listeners.delete(l);
};

export function useLine(): Line {
  return useSyncExternalStore(subscribe, () => line);
}

const nobody: Mate[] = [];
// useMates is who else looks at this conversation now.
export function useMates(conversation: string): Mate[] {
  return useSyncExternalStore(subscribe, () => mates.get(conversation) ?? nobody);
}

// listen keeps one line to the server open. The browser resumes it after a break
// by the last position; where the server refused, we come back with that position
// after a while. Facts are gathered for a moment, so that a burst asks once.
export function listen(cache: QueryClient, open = (url: string) => new EventSource(url)): () => void {
  let source: EventSource | undefined;
  let position = "";
  let again: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let stale = new Map<string, Stale>();
  let changed = new Set<string>(); // conversations, since the lists were told
  let flush: ReturnType<typeof setTimeout> | undefined;

  const set = (next: Line) => {
    if (line === next) return;
    if (line === "late" && next === "live") void cache.invalidateQueries();
    line = next;
    tell();
  };
  const take = (name: string) => (e: MessageEvent<string>) => {
    if (e.lastEventId) position = e.lastEventId;
    let fact: Record<string, unknown> = {};
    try {
      fact = JSON.parse(e.data || "{}") as Record<string, unknown>;
    } catch {
      return; // not a fact of ours
    }
    for (const key of touched[name]?.(fact) ?? []) stale.set(key.join("\u0000"), key);
    const those = [...ids(fact.conversations), text(fact.conversation)];
    for (const id of those) if (id) changed.add(id);
    if (name === "changed" && ids(fact.conversations).length === 0)
      stale.set("conversations", ["conversations"]);
    flush ??= setTimeout(() => {
      flush = undefined;
      const [now, those] = [stale, changed];
      stale = new Map();
      changed = new Set();
      if (those.size > 0 && !now.has("conversations")) freshen(cache, "conversations", [...those]);
      for (const key of now.values())
        void cache.invalidateQueries({ queryKey: key.filter((k) => k !== undefined) });
    }, 200);
  };
  const connect = () => {
    source = open(position ? `/api/live?after=${encodeURIComponent(position)}` : "/api/live");
    source.onopen = () => {
      wait = 1000;
      set("live");
    };
    source.onerror = () => {
      set("late");
      if (source?.readyState !== 2) return; // the browser tries again by itself
      clearTimeout(again);
      again = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 30_000);
    };
    for (const name of Object.keys(touched)) source.addEventListener(name, take(name) as EventListener);
    source.addEventListener("reset", () => {
      position = "";
      void cache.invalidateQueries();
    });
    source.addEventListener("presence", ((e: MessageEvent<string>) => {
      const p = JSON.parse(e.data) as { conversation: string; members: Mate[] | null };
      mates = new Map(mates).set(p.conversation, p.members ?? []);
      tell();
    }) as EventListener);
  };
  connect();
  return () => {
    clearTimeout(again);
    clearTimeout(flush);
    source?.close();
    line = "off";
    mates = new Map();
    tell();
  };
}
