import { type ReactNode, useEffect, useId, useRef, useSyncExternalStore } from "react";
import { type Keys, useKeys } from "./keys";

// Command is an act with a name: it stands in the palette, in the help, and under its key.
export interface Command {
  id: string;
  label: string;
  icon?: ReactNode;
  end?: ReactNode;
  keys?: string;
  found?: boolean; // the server found it for the words typed: it stays whatever they are
  run: () => void;
}

export interface CommandGroup {
  label: string;
  items: readonly Command[];
}

let groups: readonly (CommandGroup & { owner: string })[] = [];
const listeners = new Set<() => void>();
const set = (next: typeof groups) => {
  groups = next;
  for (const l of listeners) l();
};

// useCommands gives a screen's acts to the palette and the help, and binds their keys.
export function useCommands(label: string, items: readonly Command[], on = true): void {
  const owner = useId();
  const now = useRef(items);
  now.current = items;
  const shape = items.map((c) => `${c.id}\u0000${c.label}\u0000${c.keys ?? ""}`).join("\u0001");
  // shape stands for the items; what they do is read when they are called
  useEffect(() => {
    if (!on || shape === "") return;
    const lasting = now.current.map((c) => ({
      ...c,
      run: () => now.current.find((n) => n.id === c.id)?.run(),
    }));
    set([...groups.filter((g) => g.owner !== owner), { label, items: lasting, owner }]);
    return () => set(groups.filter((g) => g.owner !== owner));
  }, [owner, label, shape, on]);
  const keys: Keys = {};
  for (const c of items) if (c.keys) keys[c.keys] = () => c.run();
  useKeys(keys, on);
}

export function useAllCommands(): readonly CommandGroup[] {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => groups,
  );
}

// The palette and the help open from anywhere.
let opened: "palette" | "help" | undefined;
const openers = new Set<() => void>();
export function open(what: "palette" | "help" | undefined): void {
  opened = what;
  for (const l of openers) l();
}
export function useOpened(): typeof opened {
  return useSyncExternalStore(
    (l) => {
      openers.add(l);
      return () => openers.delete(l);
    },
    () => opened,
  );
}
