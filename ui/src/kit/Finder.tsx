import { Dialog } from "@base-ui/react/dialog";
import { Trans } from "@lingui/react/macro";
import { Command } from "cmdk";
import { Check, Minus, Search } from "lucide-react";
import type { ReactNode } from "react";
import { Kbd } from "./Kbd";

export interface Found {
  id: string;
  label: string;
  icon?: ReactNode;
  end?: ReactNode;
  on?: boolean | "some"; // whether it holds already; of several things, of some
  help?: string | undefined;
  off?: string | undefined; // why it can't be chosen
}

// Finder chooses among many by typing: tags, teams, colleagues, macros. With stay it
// remains open, so that several can be chosen.
export function Finder({
  open,
  onOpenChange,
  title,
  items,
  onChoose,
  stay,
  empty,
  foot,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  items: readonly Found[];
  onChoose: (id: string) => void;
  stay?: boolean;
  empty?: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="dlg palette" aria-label={title}>
          <Command label={title} loop>
            <div className="flex h-12 items-center gap-2 border-b border-line px-3.5">
              <Search className="i" aria-hidden />
              <Command.Input
                placeholder={title}
                className="min-w-0 flex-1 bg-transparent text-md outline-none focus-visible:shadow-none placeholder:text-ink-3"
              />
              <Kbd k="Escape" />
            </div>
            <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="p-4 text-ink-3">
                {items.length === 0 && empty ? empty : <Trans>Nothing is called that.</Trans>}
              </Command.Empty>
              {items.map((x) => (
                <Command.Item
                  key={x.id}
                  value={`${x.label} ${x.id}`}
                  className="it"
                  disabled={Boolean(x.off)}
                  onSelect={() => {
                    if (!stay) onOpenChange(false);
                    onChoose(x.id);
                  }}
                >
                  {x.icon}
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{x.label}</span>
                    {(x.off ?? x.help) && (
                      <span className="block truncate text-xs text-ink-3">{x.off ?? x.help}</span>
                    )}
                  </span>
                  {x.end && <span className="text-xs text-ink-3">{x.end}</span>}
                  {x.on === "some" ? (
                    <Minus className="i s" aria-hidden />
                  ) : (
                    x.on && <Check className="i s" aria-hidden />
                  )}
                  {x.on && (
                    <span className="sr-only">
                      <Trans>chosen</Trans>
                    </span>
                  )}
                </Command.Item>
              ))}
            </Command.List>
            {foot && <div className="border-t border-line px-3.5 py-2 text-xs text-ink-3">{foot}</div>}
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
