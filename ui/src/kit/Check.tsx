import { Checkbox as Box } from "@base-ui/react/checkbox";
import { Switch as Base } from "@base-ui/react/switch";
import { Check, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";

interface Props {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  hidden?: boolean; // the label is for screen readers only
}

export function Checkbox({ label, help, checked, onChange, disabled = false, hidden }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Box.Root
        id={id}
        className="box"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={help ? `${id}-h` : undefined}
      >
        <Box.Indicator>
          <Check className="size-3.5" strokeWidth={2.5} aria-hidden />
        </Box.Indicator>
      </Box.Root>
      <Words id={id} label={label} help={help} hidden={hidden} />
    </div>
  );
}

// Pick is the box that chooses one row of many; onPick says whether shift was held,
// which means all between. Its target is 44 px, whatever its look.
export function Pick({
  label,
  checked,
  onPick,
  className = "",
  tabIndex,
}: {
  label: string;
  checked: boolean | "mixed";
  onPick: (range: boolean) => void;
  className?: string;
  tabIndex?: number;
}) {
  const Sign = checked === "mixed" ? Minus : Check;
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      tabIndex={tabIndex}
      className={`pick ${className}`}
      onClick={(e) => onPick(e.shiftKey)}
    >
      <span className="box" data-checked={checked ? "" : undefined}>
        {checked && <Sign className="size-3.5" strokeWidth={2.5} aria-hidden />}
      </span>
    </button>
  );
}

export function Switch({ label, help, checked, onChange, disabled = false, hidden }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Base.Root
        id={id}
        className="switch"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={help ? `${id}-h` : undefined}
      >
        <Base.Thumb />
      </Base.Root>
      <Words id={id} label={label} help={help} hidden={hidden} />
    </div>
  );
}

function Words({
  id,
  label,
  help,
  hidden,
}: {
  id: string;
  label: ReactNode;
  help?: ReactNode;
  hidden?: boolean | undefined;
}) {
  return (
    <div className={hidden ? "sr-only" : "min-w-0"}>
      <label htmlFor={id} className="cursor-pointer">
        {label}
      </label>
      {help && (
        <div id={`${id}-h`} className="help">
          {help}
        </div>
      )}
    </div>
  );
}
