import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Field, Input } from "../../../kit";

export interface Week {
  zone: string;
  days: number[];
  from: number;
  to: number;
}

const hhmm = (m: number) =>
  `${String(Math.floor(m / 60) % 24).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
const minutes = (s: string) => {
  const [h, m] = s.split(":").map(Number);
  return (h ?? 0) * 60 + (m ?? 0);
};
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const order = [1, 2, 3, 4, 5, 6, 0];

function dayName(d: number, style: "short" | "long"): string {
  return new Date(Date.UTC(2023, 0, 1 + d)).toLocaleDateString(undefined, {
    weekday: style,
    timeZone: "UTC",
  });
}

// WeekField is working days and hours in a time zone. Where it is optional, no
// day chosen means: when the programme works.
export function WeekField({
  value,
  onChange,
  optional,
}: {
  value: Omit<Week, "days"> & { days: number[] | null };
  onChange: (w: Week) => void;
  optional?: boolean;
}) {
  const days = value.days ?? [];
  const own = days.length > 0 || !optional;
  const toggle = (d: number) =>
    onChange({
      ...value,
      zone: value.zone || here(),
      days: days.includes(d) ? days.filter((x) => x !== d) : [...days, d],
    });
  return (
    <div className="flex flex-col gap-3">
      <fieldset>
        <legend className="label mb-1.5">
          <Trans>Working days</Trans>
        </legend>
        <div className="flex flex-wrap gap-1.5">
          {order.map((d) => (
            <Button
              key={d}
              touch
              size="sm"
              look={days.includes(d) ? "k" : "o"}
              aria-pressed={days.includes(d)}
              aria-label={dayName(d, "long")}
              onClick={() => toggle(d)}
            >
              {dayName(d, "short")}
            </Button>
          ))}
        </div>
        {!own && (
          <p className="help mt-1.5">
            <Trans>None chosen: you can be asked when your programme works.</Trans>
          </p>
        )}
      </fieldset>
      {own && (
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={<Trans>Work begins</Trans>}>
            <Input
              type="time"
              value={hhmm(value.from)}
              onChange={(e) => onChange({ ...value, days, from: minutes(e.target.value) })}
            />
          </Field>
          <Field label={<Trans>Work ends</Trans>}>
            <Input
              type="time"
              value={hhmm(value.to)}
              onChange={(e) => onChange({ ...value, days, to: minutes(e.target.value) })}
            />
          </Field>
          <Field label={<Trans>Time zone</Trans>}>
            <Input
              value={value.zone}
              placeholder={here()}
              aria-label={t`Time zone`}
              list="zones"
              onChange={(e) => onChange({ ...value, days, zone: e.target.value })}
            />
          </Field>
        </div>
      )}
      <datalist id="zones">
        {Intl.supportedValuesOf("timeZone").map((z) => (
          <option key={z} value={z} />
        ))}
      </datalist>
    </div>
  );
}
