import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CopyCheck, Plus, X } from "lucide-react";
import { Button } from "../../../kit";
import type { Span } from "./data";
import { clockOf, dayName, minutesOf, spansText, week } from "./words";

interface Props {
  days: Span[][];
  onChange: (days: Span[][]) => void;
}

// WeekGrid is the spans of each day of the week: a strip to see them, fields to set
// them. The fields are native, so that it goes by keyboard and on a phone.
export function WeekGrid({ days, onChange }: Props) {
  const put = (d: number, spans: Span[]) => onChange(days.map((x, i) => (i === d ? spans : x)));
  return (
    <div className="flex flex-col">
      {week.map((d) => (
        <Day
          key={d}
          day={d}
          spans={days[d] ?? []}
          onChange={(spans) => put(d, spans)}
          onCopy={() =>
            onChange(days.map((x, i) => (i >= 1 && i <= 5 ? (days[d] ?? []).map((s) => ({ ...s })) : x)))
          }
        />
      ))}
    </div>
  );
}

function Day({
  day,
  spans,
  onChange,
  onCopy,
}: {
  day: number;
  spans: Span[];
  onChange: (spans: Span[]) => void;
  onCopy: () => void;
}) {
  const name = dayName(day);
  const put = (i: number, s: Span) => onChange(spans.map((x, at) => (at === i ? s : x)));
  const last = spans.at(-1);
  const room = (last?.to ?? 0) < 1380;
  return (
    <fieldset className="flex flex-col gap-2 border-b border-line py-3 sm:flex-row sm:items-start sm:gap-4">
      <legend className="sr-only">{name}</legend>
      <div className="w-28 flex-none pt-1.5 font-medium" aria-hidden>
        {name}
      </div>
      <div className="min-w-0 flex-1">
        <Strip spans={spans} label={`${name}: ${spansText(spans)}`} />
        <div className="flex flex-col gap-1.5 pt-2">
          {spans.map((s, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span has no other name than its place
            <div key={i} className="flex items-center gap-2">
              <input
                type="time"
                className="input w-28! flex-none tabular-nums"
                aria-label={t`${name}, span ${i + 1}, from`}
                value={clockOf(s.from)}
                onChange={(e) => {
                  const from = minutesOf(e.target.value);
                  if (from !== undefined) put(i, { ...s, from });
                }}
              />
              <span className="text-ink-3" aria-hidden>
                –
              </span>
              <input
                type="time"
                className="input w-28! flex-none tabular-nums"
                aria-label={t`${name}, span ${i + 1}, to`}
                value={clockOf(s.to)}
                onChange={(e) => {
                  const to = minutesOf(e.target.value, true);
                  if (to !== undefined) put(i, { ...s, to });
                }}
              />
              <Button
                look="g"
                size="sm"
                square
                touch
                aria-label={t`Remove ${name}, span ${i + 1}`}
                onClick={() => onChange(spans.filter((_, at) => at !== i))}
              >
                <X className="i s" aria-hidden />
              </Button>
            </div>
          ))}
        </div>
        <div className="flex flex-wrap gap-1 pt-1.5">
          {room && spans.length < 8 && (
            <Button
              look="g"
              size="sm"
              aria-label={t`Add hours on ${name}`}
              onClick={() => {
                const from = last ? Math.min(last.to + 60, 1380) : 540;
                onChange([...spans, { from, to: last ? Math.min(from + 240, 1440) : 1020 }]);
              }}
            >
              <Plus className="i s" aria-hidden />
              {last ? <Trans>Another span</Trans> : <Trans>Open on this day</Trans>}
            </Button>
          )}
          {day === 1 && (
            <Button look="g" size="sm" onClick={onCopy}>
              <CopyCheck className="i s" aria-hidden />
              <Trans>The same from Monday to Friday</Trans>
            </Button>
          )}
        </div>
      </div>
    </fieldset>
  );
}

// Strip draws a day: where it is filled, somebody is there.
function Strip({ spans, label }: { spans: readonly Span[]; label: string }) {
  return (
    <svg
      className="h-6 w-full rounded-sm"
      viewBox="0 0 1440 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect width="1440" height="24" className="fill-line" />
      {spans.map((s) => (
        <rect
          key={`${s.from}-${s.to}`}
          x={s.from}
          width={Math.max(0, s.to - s.from)}
          height="24"
          className="fill-voice"
        />
      ))}
      {[360, 720, 1080].map((x) => (
        <rect key={x} x={x} width="3" height="24" className="fill-paper" />
      ))}
    </svg>
  );
}
