import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { share } from "../../../lib/format";
import type { OutlookModel } from "./data";

const size = 200;
const edge = 30;
const at = (v: number) => edge + v * (size - edge - 6);
const up = (v: number) => size - edge - v * (size - edge - 6);

// Reliability holds what was foreseen beside what happened, for ten groups of those
// it was judged by: on the line, shares mean what they say.
export function Reliability({ of: m }: { of: OutlookModel }) {
  const tens = m.tens ?? [];
  if (tens.length === 0) return null;
  const said = tens.map((x) => t`${share(x.foreseen)} foreseen, ${share(x.happened)} happened`).join("; ");
  return (
    <figure className="w-50 flex-none">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={said} className="w-full">
        {[0, 0.25, 0.5, 0.75, 1].map((v) => (
          <g key={v} stroke="var(--color-line)" strokeWidth={1}>
            <line x1={at(0)} x2={at(1)} y1={up(v)} y2={up(v)} />
            <line x1={at(v)} x2={at(v)} y1={up(0)} y2={up(1)} />
          </g>
        ))}
        <line
          x1={at(0)}
          y1={up(0)}
          x2={at(1)}
          y2={up(1)}
          stroke="var(--color-ink-3)"
          strokeDasharray="3 3"
          strokeWidth={1}
        />
        {[0, 0.5, 1].map((v) => (
          <g key={v} fontSize={10} fill="var(--color-ink-3)" aria-hidden>
            <text x={at(v)} y={size - edge + 13} textAnchor={v === 1 ? "end" : v === 0 ? "start" : "middle"}>
              {share(v)}
            </text>
            <text x={edge - 4} y={up(v) + 3.5} textAnchor="end">
              {v === 0 ? "" : share(v)}
            </text>
          </g>
        ))}
        {tens.map((x, i) => (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: tenths have nothing but their place
            key={i}
            cx={at(x.foreseen)}
            cy={up(x.happened)}
            r={4.5}
            fill="var(--color-voice)"
            fillOpacity={0.8}
          >
            <title>{t`${share(x.foreseen)} foreseen, ${share(x.happened)} happened`}</title>
          </circle>
        ))}
      </svg>
      <figcaption className="text-xs text-ink-3">
        <Trans>Foreseen, across; happened, up. Ten groups of people; on the line it was right.</Trans>
      </figcaption>
    </figure>
  );
}
