import { t } from "@lingui/core/macro";
import { Checkbox, Select } from "../../../kit";

type Unit = "60" | "3600" | "86400";

interface Props {
  label: string;
  value: number; // seconds, 0 for none
  onChange: (seconds: number) => void;
  usual?: number; // taken when it is switched on; absent where it is always on
}

// Length is a stretch of time in the unit that suits it, and whether there is one at all.
export function Length({ label, value, onChange, usual }: Props) {
  const unit: Unit = value % 86_400 === 0 ? "86400" : value % 3600 === 0 ? "3600" : "60";
  const n = Math.round(value / Number(unit));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <div className="w-64">
        {usual === undefined ? (
          label
        ) : (
          <Checkbox label={label} checked={value > 0} onChange={(on) => onChange(on ? usual : 0)} />
        )}
      </div>
      {(value > 0 || usual === undefined) && (
        <div className="flex gap-2">
          <input
            className="input w-20! flex-none"
            type="number"
            min={usual === undefined ? 0 : 1}
            max={9999}
            aria-label={t`${label}: how many`}
            value={n}
            onChange={(e) => onChange(Math.max(0, Math.round(Number(e.target.value) || 0)) * Number(unit))}
          />
          <Select<Unit>
            className="w-32! flex-none"
            label={t`${label}: unit`}
            value={unit}
            onChange={(u) => onChange(n * Number(u))}
            choices={[
              { value: "60", label: t`minutes` },
              { value: "3600", label: t`hours` },
              { value: "86400", label: t`times 24 hours` },
            ]}
          />
        </div>
      )}
    </div>
  );
}
