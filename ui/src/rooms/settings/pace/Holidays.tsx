import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { FileUp, Plus, X } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { Button, Checkbox, tell } from "../../../kit";
import { longDay } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { type Holiday, usePaceActs } from "./data";
import { spansText } from "./words";

const keyOf = (h: Holiday) => (h.yearly ? h.day.slice(5) : h.day);

// Holidays are the days that are different; a calendar file brings many at once.
export function Holidays({ days, onChange }: { days: Holiday[]; onChange: (d: Holiday[]) => void }) {
  const { readHolidays } = usePaceActs();
  const file = useRef<HTMLInputElement>(null);
  const [day, setDay] = useState("");
  const [name, setName] = useState("");
  const [yearly, setYearly] = useState(false);
  const join = (more: readonly Holiday[]) => {
    const had = new Set(days.map(keyOf));
    const fresh = more.filter((h) => !had.has(keyOf(h)));
    onChange([...days, ...fresh].sort((a, b) => a.day.localeCompare(b.day)));
    return fresh.length;
  };
  const add = () => {
    if (!day) return;
    join([{ day, name: name.trim(), yearly }]);
    setDay("");
    setName("");
  };
  const read = async (e: ChangeEvent<HTMLInputElement>) => {
    const chosen = e.target.files?.[0];
    e.target.value = "";
    if (!chosen) return;
    readHolidays.mutate(await chosen.text(), {
      onSuccess: (got) => {
        const n = join(got.days ?? []);
        const left = got.left;
        tell({
          text:
            left > 0
              ? t`${n} days added; ${left} events are no whole days and were left out.`
              : t`${n} days added.`,
        });
      },
    });
  };
  return (
    <div className="flex flex-col gap-3 pt-3">
      {days.length === 0 ? (
        <p className="text-ink-3">
          <Trans>No holidays yet.</Trans>
        </p>
      ) : (
        <ul className="max-h-72 overflow-y-auto rounded-md border border-line" aria-label={t`Holidays`}>
          {days.map((h) => (
            <li
              key={h.day + String(h.yearly)}
              className="flex min-h-10 items-center gap-3 border-b border-line px-3 last:border-0"
            >
              <span className="w-36 flex-none tabular-nums">{longDay(`${h.day}T12:00:00`)}</span>
              <span className="min-w-0 flex-1 truncate">{h.name}</span>
              <span className="flex-none text-xs text-ink-3">
                {h.yearly ? <Trans>every year</Trans> : null}
                {h.spans?.length ? ` ${spansText(h.spans)}` : null}
              </span>
              <Button
                look="g"
                size="sm"
                square
                touch
                aria-label={t`Remove ${h.name || h.day}`}
                onClick={() => onChange(days.filter((x) => x !== h))}
              >
                <X className="i s" aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="date"
          className="input w-40! flex-none"
          aria-label={t`Date of a day`}
          value={day}
          onChange={(e) => setDay(e.target.value)}
        />
        <input
          className="input w-44! flex-1"
          aria-label={t`Name of the day`}
          placeholder={t`Name, such as New Year`}
          value={name}
          maxLength={100}
          onChange={(e) => setName(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== "Enter") return;
            e.preventDefault();
            add();
          }}
        />
        <Checkbox label={<Trans>every year</Trans>} checked={yearly} onChange={setYearly} />
        <Button size="sm" onClick={add} disabled={!day}>
          <Plus className="i s" aria-hidden />
          <Trans>Add the day</Trans>
        </Button>
      </div>
      <div>
        <input
          ref={file}
          type="file"
          accept=".ics,text/calendar"
          className="sr-only"
          tabIndex={-1}
          aria-label={t`Calendar file`}
          onChange={(e) => void read(e)}
        />
        <Button size="sm" look="g" busy={readHolidays.isPending} onClick={() => file.current?.click()}>
          <FileUp className="i s" aria-hidden />
          <Trans>Take them from a calendar file (.ics)</Trans>
        </Button>
        {readHolidays.error && (
          <p role="alert" className="help bad">
            {sentenceOf(readHolidays.error)}
          </p>
        )}
      </div>
      {days.length > 0 && (
        <p className="text-xs text-ink-3">
          <Plural value={days.length} one="# day is different." other="# days are different." />
        </p>
      )}
    </div>
  );
}
