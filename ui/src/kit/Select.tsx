import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";

export interface Choice<T extends string = string> {
  value: T;
  label: ReactNode;
  icon?: ReactNode;
  help?: ReactNode;
}

interface Props<T extends string> {
  choices: readonly Choice<T>[];
  value: T | null;
  onChange: (value: T) => void;
  label?: string; // only where no Field gives one
  placeholder?: ReactNode;
  disabled?: boolean;
  name?: string;
  className?: string;
}

export function Select<T extends string>({
  choices,
  value,
  onChange,
  label,
  placeholder,
  disabled,
  name,
  className = "",
}: Props<T>) {
  return (
    <Base.Root<T>
      items={choices.map((c) => ({ value: c.value, label: c.label }))}
      value={value}
      onValueChange={(v) => v !== null && onChange(v as T)}
      {...(disabled ? { disabled } : {})}
      {...(name ? { name } : {})}
      modal={false}
    >
      <Base.Trigger className={`input ${className}`} {...(label ? { "aria-label": label } : {})}>
        {choices.find((c) => c.value === value)?.icon}
        <Base.Value className="truncate">
          {(v: T | null) =>
            choices.find((c) => c.value === v)?.label ?? <span className="text-ink-3">{placeholder}</span>
          }
        </Base.Value>
        <Base.Icon className="ms-auto text-ink-2">
          <ChevronsUpDown className="i s" aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-(--z-tip)">
          <Base.Popup className="pop min-w-(--anchor-width)">
            {choices.map((c) => (
              <Base.Item key={c.value} value={c.value} className="it">
                {c.icon}
                <span className="min-w-0 flex-1">
                  <Base.ItemText>{c.label}</Base.ItemText>
                  {c.help && <span className="block text-xs text-ink-3">{c.help}</span>}
                </span>
                <Base.ItemIndicator>
                  <Check className="i s" aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
