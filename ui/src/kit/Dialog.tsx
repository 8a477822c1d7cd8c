import { Dialog as Base } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button, type Look } from "./Button";

interface Props {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  title: ReactNode; // names the act: "Send to 2,190 people?"
  text?: ReactNode;
  children?: ReactNode;
  acts?: ReactNode; // buttons, the one that acts last
  wide?: boolean;
}

export function Dialog({ open, onOpenChange, trigger, title, text, children, acts, wide }: Props) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={`dlg${wide ? " wide" : ""}`}>
          <Base.Title>{title}</Base.Title>
          {text && <Base.Description className="mt-1 text-ink-2">{text}</Base.Description>}
          {children && <div className="mt-4">{children}</div>}
          {acts && <div className="touch mt-5 flex flex-wrap items-center justify-end gap-2">{acts}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

// Confirm asks before an act that cannot be undone; its button names the act.
export function Confirm({
  act,
  look = "p",
  onAct,
  busy,
  ...rest
}: Omit<Props, "acts"> & { act: ReactNode; look?: Look; onAct: () => void; busy?: boolean }) {
  return (
    <Dialog
      {...rest}
      acts={
        <>
          <Base.Close
            render={
              <Button look="g">
                <Trans>Not now</Trans>
              </Button>
            }
          />
          <Button look={look} busy={busy ?? false} onClick={onAct}>
            {act}
          </Button>
        </>
      }
    />
  );
}

export const DialogClose = Base.Close;

// Sheet slides over the page from its end (or start): the aside and the shelf on narrow screens.
export function Sheet({
  open,
  onOpenChange,
  title,
  children,
  start,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  start?: boolean;
}) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={`sheet${start ? " start" : ""}`}>
          <div className="flex items-center gap-2 py-1.5 ps-4 pe-1.5">
            <Base.Title className="min-w-0 flex-1 truncate text-md font-strong">{title}</Base.Title>
            <Base.Close
              render={
                <Button look="g" square size="lg" aria-label={t`Close`}>
                  <X className="i" aria-hidden />
                </Button>
              }
            />
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
