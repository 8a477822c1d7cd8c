import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Columns, Sign, Skeleton } from "../../kit";
import { valueName } from "../../lib/facet";
import { clock, count, day } from "../../lib/format";
import type { Survey } from "./data";
import { type Filter, listOf, toggled } from "./search";

type Change = (next: Partial<Record<keyof Filter, string | undefined>>) => void;

const shown = 6;
const levels = ["branch", "city", "country"];
const order = [
  "sentiment",
  "topic",
  "intent",
  "emotion",
  "branch",
  "city",
  "country",
  "channel",
  "programme",
  "lang",
  "reach",
  "entity",
  "toxicity",
];

function facetName(name: string): string {
  const names: Record<string, string> = {
    sentiment: t`Feeling`,
    topic: t`Topic`,
    intent: t`Intent`,
    emotion: t`Emotion`,
    branch: t`Branch`,
    city: t`City`,
    country: t`Country`,
    channel: t`Channel`,
    programme: t`Programme`,
    lang: t`Language`,
    reach: t`Author’s reach`,
    entity: t`Named`,
    toxicity: t`Tone`,
  };
  return names[name] ?? name;
}

// Narrow counts what was found by every facet. A number says how many posts are
// left when its value is chosen beside what is chosen already.
export function Narrow({
  of: s,
  filter,
  onChange,
}: {
  of: Survey | undefined;
  filter: Filter;
  onChange: Change;
}) {
  if (!s) return <Skeleton rows={6} avatar={false} />;
  const facets = order
    .map((name) => s.facets?.find((f) => f.name === name))
    .filter((f): f is NonNullable<typeof f> => Boolean(f?.values?.length));
  return (
    <div className="px-5 py-4" data-total={s.exact ? s.total : ""}>
      <Course of={s} filter={filter} onChange={onChange} />
      {!s.exact && (
        <p className="mt-3 rounded-sm border border-line-2 px-3 py-2 text-xs text-ink-2" role="note">
          <Trans>
            Counted among the newest {count(s.looked)} posts, back to {day(s.back ?? "")}. Narrow the time for
            exact numbers.
          </Trans>
        </p>
      )}
      {facets.map((f) =>
        levels.includes(f.name) ? (
          <Group
            key={f.name}
            name={f.name}
            values={f.values ?? []}
            chosen={listOf(filter.place)}
            onChoose={(v) => onChange({ place: toggled(filter.place, v) })}
          />
        ) : (
          <Group
            key={f.name}
            name={f.name}
            values={f.values ?? []}
            chosen={listOf(filter[f.name as keyof Filter], false)}
            onChoose={(v) => onChange({ [f.name]: filter[f.name as keyof Filter] === v ? undefined : v })}
          />
        ),
      )}
    </div>
  );
}

// Course is when it was said; dragging over it keeps that stretch.
function Course({ of: s, filter, onChange }: { of: Survey; filter: Filter; onChange: Change }) {
  const steps = s.steps ?? [];
  if (steps.length < 2) return null;
  const first = steps[0];
  const length = first ? Date.parse(first.until) - Date.parse(first.at) : 0;
  const label = (at: string) => (length < 86_400_000 ? `${day(at)} ${clock(at)}` : day(at));
  return (
    <Columns
      label={t`When it was said, ${count(s.total)} in all`}
      height={96}
      columns={steps.map((p) => ({ key: p.at, label: label(p.at), value: p.count }))}
      onChoose={(span) => {
        const from = span && steps[span[0]];
        const to = span && steps[span[1]];
        if (from && to && !(filter.since === from.at && filter.until === to.until))
          onChange({ since: from.at, until: to.until, time: undefined });
      }}
    />
  );
}

function Group({
  name,
  values,
  chosen,
  onChoose,
}: {
  name: string;
  values: readonly { value: string; name?: string | undefined; count: number }[];
  chosen: readonly string[];
  onChoose: (v: string) => void;
}) {
  const [all, setAll] = useState(false);
  const title = facetName(name);
  const rows = all ? values : values.slice(0, shown);
  const away = values.filter((v) => chosen.includes(v.value) && !rows.includes(v));
  const hidden = values.length - rows.length - away.length;
  return (
    <div className="mt-4" role="group" aria-label={title}>
      <h3 className="text-xs font-medium text-ink-3">{title}</h3>
      <ul className="mt-1">
        {[...rows, ...away].map((v) => {
          const on = chosen.includes(v.value);
          const say = valueName(name, v.value, v.name);
          return (
            <li key={v.value}>
              <button
                type="button"
                aria-pressed={on}
                disabled={v.count === 0 && !on}
                onClick={() => onChoose(v.value)}
                className={`flex min-h-7 w-full items-center gap-2 rounded-xs px-1.5 text-start hover:bg-hover max-sm:min-h-11${on ? " bg-chosen font-strong" : ""}`}
              >
                {name === "sentiment" &&
                  (v.value === "negative" || v.value === "neutral" || v.value === "positive") && (
                    <Sign of={v.value} />
                  )}
                <span className="min-w-0 truncate">{say}</span>
                <span className="ms-auto text-ink-3 tabular-nums">{count(v.count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {hidden > 0 && (
        <Button look="g" size="sm" onClick={() => setAll(true)}>
          <Trans>{count(hidden)} more</Trans>
        </Button>
      )}
    </div>
  );
}
