import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Chip, Menu, MenuItem } from "../../kit";
import { valueName } from "../../lib/facet";
import { type Filter, listOf, times, toggled } from "./search";
import { stretch, timeName } from "./words";

type Change = (next: Partial<Record<keyof Filter, string | undefined>>) => void;

function Pick({
  name,
  value,
  choices,
  onPick,
}: {
  name: string;
  value: string | undefined;
  choices: readonly { value: string; label: string; icon?: ReactNode }[];
  onPick: (v: string | undefined) => void;
}) {
  const said = choices.find((c) => c.value === value)?.label ?? value;
  return (
    <Menu
      trigger={
        <Button look={value ? "o" : "g"} size="sm" touch aria-label={said ? `${name}: ${said}` : name}>
          {said ?? name}
          <ChevronDown className="i s" aria-hidden />
        </Button>
      }
    >
      <MenuItem chosen={!value} onSelect={() => onPick(undefined)}>
        <Trans>Any</Trans>
      </MenuItem>
      {choices.map((c) => (
        <MenuItem key={c.value} icon={c.icon} chosen={c.value === value} onSelect={() => onPick(c.value)}>
          {c.label}
        </MenuItem>
      ))}
    </Menu>
  );
}

// TimePick is the time that the wall looks back.
export function TimePick({ of: f, onChange }: { of: Filter; onChange: Change }) {
  return (
    <Pick
      name={t`Time`}
      value={f.since ? undefined : f.time}
      choices={times.map((v) => ({ value: v, label: timeName(v) }))}
      onPick={(time) => onChange({ time, since: undefined, until: undefined })}
    />
  );
}

// Chosen is what narrows a monitor's list, each taken away by itself.
export function Chosen({
  of: f,
  names,
  onChange,
}: {
  of: Filter;
  names?: {
    channel: (id: string) => string | undefined;
    programme: (id: string) => string | undefined;
    place: (id: string) => string | undefined;
  };
  onChange: Change;
}) {
  return (
    <>
      {(f.since || f.until) && (
        <Chip tone="voice" onRemove={() => onChange({ since: undefined, until: undefined })}>
          {stretch(f.since, f.until)}
        </Chip>
      )}
      {f.sentiment && (
        <Chip tone="voice" onRemove={() => onChange({ sentiment: undefined })}>
          {valueName("sentiment", f.sentiment)}
        </Chip>
      )}
      {(["topic", "intent", "emotion", "entity", "toxicity", "lang", "reach"] as const).map(
        (key) =>
          f[key] && (
            <Chip key={key} tone="voice" onRemove={() => onChange({ [key]: undefined })}>
              {valueName(key, f[key])}
            </Chip>
          ),
      )}
      {listOf(f.place).map((id) => (
        <Chip key={id} tone="voice" onRemove={() => onChange({ place: toggled(f.place, id) })}>
          {names?.place(id) ?? t`one place`}
        </Chip>
      ))}
      {f.channel && (
        <Chip tone="voice" onRemove={() => onChange({ channel: undefined })}>
          {names?.channel(f.channel) ?? t`one channel`}
        </Chip>
      )}
      {f.programme && (
        <Chip tone="voice" onRemove={() => onChange({ programme: undefined })}>
          {names?.programme(f.programme) ?? t`one programme`}
        </Chip>
      )}
    </>
  );
}
