import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Star } from "lucide-react";
import { count, share } from "../../../lib/format";
import type { Figures } from "./data";

// Histogram is how many gave each number of stars; choosing one narrows the
// reviews beside it.
export function Histogram({
  of: f,
  top,
  chosen,
  onChoose,
  colour = "var(--color-cat-1)",
}: {
  of: Figures;
  top?: number; // of the scale, where two stand side by side: the largest share
  chosen?: number | undefined;
  onChoose?: (stars: number | undefined) => void;
  colour?: string;
}) {
  const all = Math.max(1, f.reviews);
  const shares = [5, 4, 3, 2, 1].map((n) => ({ n, k: f.stars[n - 1] ?? 0 }));
  const most = top ?? Math.max(0.01, ...shares.map((s) => s.k / all));
  const bar = (n: number, k: number) => (
    <>
      <span className="flex w-9 items-center gap-1 text-ink-2">
        {n} <Star className="i s text-ink-3" aria-hidden />
      </span>
      <span className="h-3.5 min-w-0 flex-1 rounded-[3px] bg-sunken">
        <span
          className="block h-full rounded-[3px]"
          style={{
            background: colour,
            width: `${(k / all / most) * 100}%`,
            opacity: chosen && chosen !== n ? 0.35 : 1,
          }}
        />
      </span>
      <span className="w-20 text-end text-xs text-ink-2">
        {count(k)} <span className="text-ink-3">{f.reviews > 0 && share(k / all)}</span>
      </span>
    </>
  );
  return (
    <ul className="flex flex-col gap-1.5" aria-label={t`Reviews by stars`}>
      {shares.map(({ n, k }) => (
        <li key={n}>
          {onChoose ? (
            <button
              type="button"
              className="flex min-h-6 w-full items-center gap-2 rounded-sm hover:bg-hover"
              aria-pressed={chosen === n}
              onClick={() => onChoose(chosen === n ? undefined : n)}
            >
              {bar(n, k)}
            </button>
          ) : (
            <div className="flex min-h-6 items-center gap-2">{bar(n, k)}</div>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Given({ of: n }: { of: number }) {
  const whole = Math.round(n);
  return (
    <span role="img" aria-label={t`${n} of 5 stars`} className="inline-flex gap-px text-wait">
      {[1, 2, 3, 4, 5].map((i) => (
        <Star key={i} className="i s" fill={i <= whole ? "currentColor" : "none"} aria-hidden />
      ))}
    </span>
  );
}

export function Nobody() {
  return (
    <span className="text-ink-3">
      <Trans>nobody rated it</Trans>
    </span>
  );
}
