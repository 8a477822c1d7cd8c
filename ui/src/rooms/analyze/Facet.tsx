import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ChartFrame, NoData } from "../../kit";
import { count } from "../../lib/format";

export interface Line {
  key: string;
  name: string;
  n: number;
  end?: ReactNode;
  cells?: readonly (string | number | null)[];
  link: Pick<LinkProps, "to" | "params" | "search">;
}

interface Props {
  title: string;
  def: { word: string; text: string };
  lines: readonly Line[];
  n?: number;
  head?: readonly string[]; // of the extra cells
  none?: ReactNode;
  missing?: ReactNode;
}

// Facet is a sorted list with bars; each line leads to the posts behind it.
export function Facet({ title, def, lines, n, head = [], none, missing }: Props) {
  const sorted = [...lines].sort((a, b) => b.n - a.n);
  const top = Math.max(...sorted.map((l) => l.n), 1);
  return (
    <ChartFrame
      title={title}
      def={def}
      n={n}
      missing={missing}
      table={{ head: [title, t`Posts`, ...head], rows: sorted.map((l) => [l.name, l.n, ...(l.cells ?? [])]) }}
    >
      {sorted.length === 0 ? (
        <NoData>{none}</NoData>
      ) : (
        <ul aria-label={title}>
          {sorted.map((l) => (
            <li key={l.key}>
              <Link
                {...l.link}
                className="grid min-h-8 grid-cols-[minmax(6rem,1fr)_minmax(0,1.4fr)_auto] items-center gap-3 border-b border-line hover:bg-hover max-sm:min-h-11"
              >
                <span className="truncate">{l.name}</span>
                <span className="block h-2">
                  <span
                    className="block h-full rounded-xs bg-cat-1"
                    style={{ width: `${(l.n / top) * 100}%` }}
                  />
                </span>
                <span className="flex min-w-12 items-center justify-end gap-3 tabular-nums">
                  {l.end}
                  <span>
                    {count(l.n)}{" "}
                    <span className="sr-only">
                      <Trans>posts</Trans>
                    </span>
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}
