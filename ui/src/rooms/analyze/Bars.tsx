import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ChartFrame, NoData } from "../../kit";
import { valueName } from "../../lib/facet";
import { count } from "../../lib/format";
import type { Facet, Value } from "./data";
import { changeWord } from "./words";

interface Props {
  title: string;
  def: { word: string; text: ReactNode };
  facet: Facet | undefined;
  beside?: Facet | undefined; // the same of what it is compared with
  besideName?: string;
  n: number;
  chosen: string | undefined;
  onChoose: (v: string | undefined) => void;
  kind?: (value: string) => string; // a word beside the name
  readAt?: string | undefined;
}

// Bars is a sorted list with bars. Choosing one narrows the posts to exactly as many.
export function Bars({ title, def, facet, beside, besideName, n, chosen, onChoose, kind, readAt }: Props) {
  const rows = facet?.values ?? [];
  const other = new Map((beside?.values ?? []).map((v) => [v.value, v.count]));
  const top = Math.max(...rows.map((r) => Math.max(r.count, other.get(r.value) ?? 0)), 1);
  const name = (v: Value) => valueName(facet?.name ?? "", v.value, v.name);
  return (
    <ChartFrame
      title={title}
      def={def}
      n={n}
      readAt={readAt}
      table={{
        head: [title, t`Posts`, besideName ?? t`Before`, t`Negative`, t`Neutral`, t`Positive`, t`Not read`],
        rows: rows.map((v) => [
          name(v),
          v.count,
          besideName ? (other.get(v.value) ?? 0) : v.previous,
          v.negative,
          v.neutral,
          v.positive,
          v.unknown,
        ]),
      }}
    >
      {rows.length === 0 ? (
        <NoData>
          <Trans>Nothing of this was read in this time.</Trans>
        </NoData>
      ) : (
        <ul aria-label={title}>
          {rows.map((v) => (
            <li key={v.value}>
              <button
                type="button"
                aria-pressed={chosen === v.value}
                onClick={() => onChoose(chosen === v.value ? undefined : v.value)}
                className={`grid min-h-8 w-full grid-cols-[minmax(6rem,1fr)_minmax(0,1fr)_3.5rem_3.5rem] items-center gap-3 border-b border-line text-start hover:bg-hover max-sm:min-h-11${chosen === v.value ? " bg-chosen ps-2 shadow-[inset_2px_0_var(--color-voice)]" : ""}`}
              >
                <span className="truncate">
                  {name(v)} {kind && <span className="text-xs text-ink-3">{kind(v.value)}</span>}
                </span>
                <span className="flex h-3 flex-col justify-center gap-px overflow-hidden">
                  <span
                    className="block h-2 rounded-xs bg-cat-1"
                    style={{ width: `${(v.count / top) * 100}%` }}
                  />
                  {besideName && (
                    <span
                      className="block h-1 rounded-xs bg-context"
                      style={{ width: `${((other.get(v.value) ?? 0) / top) * 100}%` }}
                    />
                  )}
                </span>
                <span className="text-end text-xs text-ink-3 tabular-nums">
                  {besideName ? count(other.get(v.value) ?? 0) : changeWord(v.count, v.previous)}
                </span>
                <span className="text-end tabular-nums">
                  {count(v.count)}{" "}
                  <span className="sr-only">
                    <Trans>posts</Trans>
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}
