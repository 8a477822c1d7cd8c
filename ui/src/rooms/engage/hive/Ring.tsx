import { t } from "@lingui/core/macro";
import { useNow } from "../../../lib/tick";

// Ring is the time that is left, as part of the whole.
export function Ring({ from, to, label }: { from: string; to: string; label?: string }) {
  const now = useNow(10_000).getTime();
  const whole = Math.max(1, Date.parse(to) - Date.parse(from));
  const left = Math.max(0, Date.parse(to) - now);
  const part = Math.min(1, left / whole);
  const minutes = Math.ceil(left / 60_000);
  const long = minutes >= 100;
  const n = long ? Math.round(minutes / 60) : minutes;
  const r = 19;
  const round = 2 * Math.PI * r;
  const tone = part < 0.25 ? "var(--color-wait)" : "var(--color-voice)";
  const name =
    label ??
    (long
      ? t`${n} hours left before the contact centre gets it`
      : t`${n} minutes left before the contact centre gets it`);
  return (
    <svg width="44" height="44" viewBox="0 0 44 44" role="img" aria-label={name} className="flex-none">
      <title>{name}</title>
      <circle cx="22" cy="22" r={r} fill="none" stroke="var(--color-line)" strokeWidth="3" />
      {part > 0 && (
        <circle
          cx="22"
          cy="22"
          r={r}
          fill="none"
          stroke={tone}
          strokeWidth="3"
          strokeLinecap="round"
          strokeDasharray={`${part * round} ${round}`}
          transform="rotate(-90 22 22)"
        />
      )}
      <text x="22" y="23" textAnchor="middle" className="fill-ink text-md font-strong">
        {n}
      </text>
      <text x="22" y="33" textAnchor="middle" className="fill-ink-2" style={{ fontSize: 10 }}>
        {long ? t`h` : t`min`}
      </text>
    </svg>
  );
}
