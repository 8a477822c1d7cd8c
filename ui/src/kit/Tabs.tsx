import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface Part<T extends string = string> {
  value: T;
  label: ReactNode;
  count?: number;
}

interface Props<T extends string> {
  parts: readonly Part<T>[];
  value: T;
  onChange: (value: T) => void;
  label: string;
}

// Tabs change what is under them; put the body in children, drawn for the chosen value.
export function Tabs<T extends string>({
  parts,
  value,
  onChange,
  label,
  children,
}: Props<T> & { children?: ReactNode }) {
  return (
    <Base.Root value={value} onValueChange={(v) => onChange(v as T)}>
      <Base.List className="tabs" aria-label={label} activateOnFocus>
        {parts.map((p) => (
          <Base.Tab key={p.value} value={p.value}>
            {p.label}
            {p.count !== undefined && <span className="font-normal text-ink-3">{p.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="outline-none">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}

// Segments choose a time or a view, nothing else.
export function Segments<T extends string>({ parts, value, onChange, label }: Props<T>) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {parts.map((p) => (
        <button
          key={p.value}
          type="button"
          aria-pressed={p.value === value}
          onClick={() => onChange(p.value)}
        >
          {p.label}
        </button>
      ))}
    </div>
  );
}
