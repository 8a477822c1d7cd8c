import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Chip, feelingWord, Menu, MenuItem, Sign } from "../../kit";
import { language } from "../../lib/format";
import { intentName } from "../../lib/intent";
import type { Mention } from "./data";
import { useChannels } from "./data";
import { type Filter, feelings, times } from "./search";
import { stretch, timeName } from "./words";

type Change = (next: Partial<Record<keyof Filter, string | undefined>>) => void;

const usual = ["en", "de", "es", "fr", "pt", "it", "nl", "pl", "ja", "ar", "tr"];
const intents = [
  "question",
  "complaint",
  "praise",
  "idea",
  "request",
  "purchase",
  "churn_risk",
  "event",
  "job",
  "spam",
];

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

// Filters narrow the wall. What is chosen stands in the address.
export function Filters({
  of: f,
  rows,
  onChange,
}: {
  of: Filter;
  rows: readonly Mention[];
  onChange: Change;
}) {
  const channels = useChannels().data ?? [];
  const heard = rows.map((m) => m.lang).filter((l) => l && l !== "und");
  const langs = [...new Set([...(f.lang ? [f.lang] : []), ...heard, ...usual])].slice(0, 14);
  return (
    <>
      <Pick
        name={t`Channel`}
        value={f.channel}
        choices={channels.map((c) => ({ value: c.id, label: c.name }))}
        onPick={(channel) => onChange({ channel })}
      />
      <Pick
        name={t`Language`}
        value={f.lang}
        choices={langs.map((l) => ({ value: l, label: language(l) }))}
        onPick={(lang) => onChange({ lang })}
      />
      <Pick
        name={t`Feeling`}
        value={f.sentiment}
        choices={feelings.map((v) => ({ value: v, label: feelingWord(v), icon: <Sign of={v} /> }))}
        onPick={(sentiment) => onChange({ sentiment })}
      />
      <Pick
        name={t`Intent`}
        value={f.intent}
        choices={intents.map((v) => ({ value: v, label: intentName(v) }))}
        onPick={(intent) => onChange({ intent })}
      />
      <Pick
        name={t`Time`}
        value={f.since ? undefined : f.time}
        choices={times.map((v) => ({ value: v, label: timeName(v) }))}
        onPick={(time) => onChange({ time, since: undefined, until: undefined })}
      />
      {(f.since || f.until) && (
        <Chip tone="voice" onRemove={() => onChange({ since: undefined, until: undefined })}>
          {stretch(f.since, f.until)}
        </Chip>
      )}
    </>
  );
}

// Chosen is what narrows a monitor's list, each taken away by itself.
export function Chosen({ of: f, onChange }: { of: Filter; onChange: Change }) {
  return (
    <>
      {(f.since || f.until) && (
        <Chip tone="voice" onRemove={() => onChange({ since: undefined, until: undefined })}>
          {stretch(f.since, f.until)}
        </Chip>
      )}
      {f.sentiment && (
        <Chip tone="voice" onRemove={() => onChange({ sentiment: undefined })}>
          {feelingWord(f.sentiment)}
        </Chip>
      )}
      {f.intent && (
        <Chip tone="voice" onRemove={() => onChange({ intent: undefined })}>
          {intentName(f.intent)}
        </Chip>
      )}
      {f.lang && (
        <Chip tone="voice" onRemove={() => onChange({ lang: undefined })}>
          {language(f.lang)}
        </Chip>
      )}
    </>
  );
}
