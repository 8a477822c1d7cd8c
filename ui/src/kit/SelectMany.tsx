import { Select as Base } from "@base-ui/react/select";
import { t } from "@lingui/core/macro";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import type { Choice } from "./Select";

interface Props<T extends string> {
  choices: readonly Choice<T>[];
  value: readonly T[];
  onChange: (value: T[]) => void;
  label?: string; // only where no Field gives one
  placeholder?: ReactNode;
  className?: string;
}

// SelectMany chooses any number of choices; the list stays open meanwhile.
export function SelectMany<T extends string>({
  choices,
  value,
  onChange,
  label,
  placeholder,
  className = "",
}: Props<T>) {
  const name = (v: T) => choices.find((c) => c.value === v)?.label ?? v;
  return (
    <Base.Root<T, true>
      multiple
      items={choices.map((c) => ({ value: c.value, label: c.label }))}
      value={[...value]}
      onValueChange={(v) => onChange(v)}
      modal={false}
    >
      <Base.Trigger
        className={`input h-auto! min-h-9 ${className}`}
        {...(label ? { "aria-label": label } : {})}
      >
        <Base.Value className="flex min-w-0 flex-wrap gap-1">
          {(v: readonly T[]) =>
            v.length === 0 ? (
              <span className="text-ink-3">{placeholder ?? t`choose`}</span>
            ) : (
              v.map((x) => (
                <span key={x} className="chip max-w-full truncate">
                  {name(x)}
                </span>
              ))
            )
          }
        </Base.Value>
        <Base.Icon className="ms-auto text-ink-2">
          <ChevronsUpDown className="i s" aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-(--z-tip)">
          <Base.Popup className="pop max-h-80 min-w-(--anchor-width) overflow-y-auto">
            {choices.length === 0 && (
              <p className="px-2 py-1.5 text-ink-3">{t`There is nothing to choose yet.`}</p>
            )}
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
