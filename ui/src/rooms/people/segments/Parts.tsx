import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { count } from "../../../lib/format";
import type { Segment } from "./data";

// Moved is how many joined and left in the last seven days.
export function Moved({ of: s }: { of: Segment }) {
  if (s.joined === undefined || s.left === undefined) return <span className="text-ink-3">–</span>;
  if (s.joined === 0 && s.left === 0) return <span className="text-ink-3">{t`unchanged`}</span>;
  const words = t`${count(s.joined)} joined and ${count(s.left)} left in the last seven days`;
  return (
    <span className="whitespace-nowrap text-ink-2" title={words}>
      <span className="sr-only">{words}</span>
      <span aria-hidden>
        +{count(s.joined)} <span className="text-ink-3">−{count(s.left)}</span>
      </span>
    </span>
  );
}

// Filling is how far the look at everybody is, after conditions changed.
export function Filling({ of: s }: { of: Segment }) {
  const done = s.filling?.done ?? 0;
  const of = Math.max(s.filling?.of ?? 0, 1);
  const percent = Math.min(99, Math.floor((100 * done) / of));
  return (
    <span role="status" className="whitespace-nowrap text-ink-2">
      <Trans>looking at everybody, {percent} %</Trans>
    </span>
  );
}
