import { useEffect, useRef } from "react";

export type Keys = Record<string, (e: KeyboardEvent) => void>;

const typing = (el: EventTarget | null) =>
  el instanceof HTMLElement &&
  (el.isContentEditable ||
    el.tagName === "TEXTAREA" ||
    el.tagName === "SELECT" ||
    (el.tagName === "INPUT" && !["checkbox", "radio", "button"].includes((el as HTMLInputElement).type)));

// covered is true while a dialog, a sheet or a menu has the floor: keys are theirs then.
const covered = () =>
  document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"][data-open]') !==
  null;

// name turns a key press into the words of a table of keys: "j", "?", "Escape", "mod+k", "mod+Enter".
export function name(e: KeyboardEvent): string {
  const mod = e.metaKey || e.ctrlKey ? "mod+" : "";
  const alt = e.altKey ? "alt+" : "";
  return mod + alt + (e.key.length === 1 ? e.key.toLowerCase() : e.key);
}

// useKeys listens on the whole window. Plain keys rest while somebody types or a
// dialog is open; "mod+" keys work while typing too. The last one to mount goes first.
export function useKeys(keys: Keys, on = true): void {
  const table = useRef(keys);
  table.current = keys;
  useEffect(() => {
    if (!on) return;
    const press = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing) return;
      const pressed = name(e);
      const act = table.current[pressed];
      if (!act) return;
      if (covered() || (typing(e.target) && !pressed.startsWith("mod+") && pressed !== "Escape")) return;
      e.preventDefault();
      act(e);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on]);
}

// show writes a key as this machine's keyboard has it.
export function show(key: string): string {
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  return key
    .replace("mod+", mac ? "⌘" : "Ctrl ")
    .replace("Enter", "↵")
    .replace("Escape", "esc")
    .replace(/(^|\s|⌘)([a-z])$/, (_, a, b) => a + b.toUpperCase());
}
