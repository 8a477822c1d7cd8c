import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Avatar, Button, Field, Input } from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { usePeople } from "../data";
import { useOrgs } from "./data";

export interface Chosen {
  id: string;
  name: string;
}

interface Props {
  value: Chosen | undefined;
  onChange: (value: Chosen | undefined) => void;
}

// PickPerson chooses somebody by the beginning of their name.
export function PickPerson({ value, onChange }: Props) {
  const [q, setQ] = useState("");
  const words = useSettled(q.trim());
  const found = usePeople({ q: words || undefined }, words !== "").data ?? [];
  return (
    <Pick
      label={<Trans>Person</Trans>}
      value={value}
      onChange={onChange}
      q={q}
      onQ={setQ}
      found={words ? found.map((p) => ({ id: p.id, name: p.name, more: p.identities?.[0]?.handle })) : []}
    />
  );
}

// PickOrg chooses an organization.
export function PickOrg({ value, onChange, label }: Props & { label?: ReactNode }) {
  const [q, setQ] = useState("");
  const words = useSettled(q.trim());
  const found = useOrgs(words || undefined, words !== "").data ?? [];
  return (
    <Pick
      org
      label={label ?? <Trans>Organization</Trans>}
      value={value}
      onChange={onChange}
      q={q}
      onQ={setQ}
      found={words ? found.map((o) => ({ id: o.id, name: o.name, more: o.domain })) : []}
    />
  );
}

function Pick({
  label,
  value,
  onChange,
  q,
  onQ,
  found,
  org,
}: Props & {
  label: ReactNode;
  q: string;
  onQ: (q: string) => void;
  found: readonly (Chosen & { more?: string | undefined })[];
  org?: boolean;
}) {
  if (value)
    return (
      <div className="field">
        <span className="label">{label}</span>
        <span className="input flex items-center gap-2">
          <Avatar name={value.name} size="xs" {...(org ? { org } : {})} />
          <span className="min-w-0 flex-1 truncate">{value.name}</span>
          <button
            type="button"
            className="grid size-6 flex-none place-items-center"
            aria-label={t`Take ${value.name} away`}
            onClick={() => onChange(undefined)}
          >
            <X className="i s" aria-hidden />
          </button>
        </span>
      </div>
    );
  return (
    <div>
      <Field label={label}>
        <Input
          value={q}
          onChange={(e) => onQ(e.target.value)}
          placeholder={t`Begin to write a name`}
          autoComplete="off"
        />
      </Field>
      {found.length > 0 && (
        <ul
          className="mt-1 flex max-h-40 flex-col overflow-auto rounded-md border border-line"
          aria-label={t`Found`}
        >
          {found.slice(0, 8).map((x) => (
            <li key={x.id}>
              <Button
                look="g"
                className="w-full justify-start"
                onClick={() => {
                  onChange({ id: x.id, name: x.name });
                  onQ("");
                }}
              >
                <Avatar name={x.name} size="xs" {...(org ? { org } : {})} />
                <span className="truncate">{x.name}</span>
                <span className="truncate text-xs text-ink-3">{x.more}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
