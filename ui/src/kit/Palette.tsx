import { Dialog } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";
import type { CommandGroup } from "../lib/commands";
import { Kbd } from "./Kbd";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  words: string;
  onWords: (words: string) => void;
  groups: readonly CommandGroup[];
}

// Palette finds anything by typing: things, then acts, then places.
export function Palette({ open, onOpenChange, words, onWords, groups }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const typed = useRef(words);
  typed.current = words;
  // Whoever types on at once is quicker than the field takes the focus: no letter of theirs is lost.
  useEffect(() => {
    if (!open) return;
    const press = (e: KeyboardEvent) => {
      if (e.key.length !== 1 || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
      if (document.activeElement === field.current) return;
      e.preventDefault();
      typed.current += e.key;
      onWords(typed.current);
      field.current?.focus();
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [open, onWords]);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dlg palette" aria-label={t`Search or do anything`} initialFocus={field}>
          <Command label={t`Search or do anything`} filter={rank} loop>
            <div className="flex h-12 items-center gap-2 border-b border-line px-3.5">
              <Search className="i" aria-hidden />
              <Command.Input
                ref={field}
                value={words}
                onValueChange={onWords}
                placeholder={t`Search or do anything`}
                className="min-w-0 flex-1 bg-transparent text-md outline-none focus-visible:shadow-none placeholder:text-ink-3"
              />
              <Kbd k="Escape" />
            </div>
            <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="p-4 text-ink-3">
                <Trans>Nothing is called that.</Trans>
              </Command.Empty>
              {groups
                .filter((g) => g.items.length > 0)
                .map((g) => (
                  <Command.Group key={g.label} heading={<div className="lab">{g.label}</div>}>
                    {g.items.map((c) => (
                      <Command.Item
                        key={c.id}
                        value={`${c.found ? "\u0001" : ""}${c.label} ${c.id}`}
                        className="it"
                        onSelect={() => {
                          onOpenChange(false);
                          c.run();
                        }}
                      >
                        {c.icon}
                        <span className="min-w-0 flex-1 truncate">{c.label}</span>
                        {c.end && <span className="text-xs text-ink-3">{c.end}</span>}
                        {c.keys && <Kbd k={c.keys} />}
                      </Command.Item>
                    ))}
                  </Command.Group>
                ))}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

// rank keeps an item when every word typed begins one of its words; what the server found stays.
function rank(value: string, search: string): number {
  if (value.startsWith("\u0001")) return 1;
  const have = value.toLocaleLowerCase().split(/\s+/);
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((w) => have.some((h) => h.startsWith(w)))
    ? 0.9
    : 0;
}
