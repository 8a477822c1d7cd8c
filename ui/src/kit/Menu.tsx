import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./Kbd";

interface Props {
  trigger: ReactElement; // a Button, usually
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom" | "inline-end";
  open?: boolean; // only where a key opens it too
  onOpenChange?: (open: boolean) => void;
}

// Menu opens under its trigger. Put MenuItem, MenuLabel, MenuLine and MenuNote into it.
export function Menu({ trigger, children, align = "start", side = "bottom", open, onOpenChange }: Props) {
  return (
    <Base.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} side={side} className="z-(--z-tip)">
          <Base.Popup className="pop">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface ItemProps {
  children: ReactNode;
  onSelect?: () => void;
  icon?: ReactNode;
  keys?: string;
  chosen?: boolean;
  danger?: boolean;
  disabled?: boolean;
  end?: ReactNode;
  link?: ReactElement; // a Link that renders the row
}

export function MenuItem({ children, onSelect, icon, keys, chosen, danger, disabled, end, link }: ItemProps) {
  return (
    <Base.Item
      className={`it${danger ? " d" : ""}`}
      {...(onSelect ? { onClick: onSelect } : {})}
      {...(disabled ? { disabled } : {})}
      {...(link ? { render: link, nativeButton: false } : {})}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end && <span className="text-xs text-ink-3">{end}</span>}
      {chosen && <Check className="i s" aria-hidden />}
      {keys && <Kbd k={keys} />}
    </Base.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="lab">{children}</div>;
}

export function MenuLine() {
  return <Base.Separator className="my-1.5 h-px bg-line" />;
}

// MenuNote is the small print under the items: why, and by which model.
export function MenuNote({ children }: { children: ReactNode }) {
  return <div className="why">{children}</div>;
}
