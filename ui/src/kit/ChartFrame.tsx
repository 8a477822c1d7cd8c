import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Download, ImageDown, Table2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { clock, count } from "../lib/format";
import { download, nameOf, picture } from "../lib/picture";
import { Button } from "./Button";
import { Table } from "./Row";
import { Def } from "./Tip";

export interface Grid {
  head: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

interface Props {
  title: string;
  def?: { word: string; text: ReactNode } | undefined; // the definition behind the dotted word
  aside?: ReactNode; // legend or note at the end
  table: Grid; // the same numbers, for those who read rather than look, and for download
  n?: number | undefined;
  readAt?: string | undefined;
  missing?: ReactNode; // "not available from Yelp"
  children: ReactNode;
}

// ChartFrame stands around every chart: what it is, its definition, its table and
// download; beneath, n, when it was read, and what is missing.
export function ChartFrame({ title, def, aside, table, n, readAt, missing, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const notes = [n !== undefined && `n = ${count(n)}`, readAt && t`read ${clock(readAt)}`]
    .filter(Boolean)
    .join(" · ");
  return (
    <figure className="fig min-w-0" ref={figure}>
      <figcaption>
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
          <b className="text-md font-strong">{title}</b>
          {def && (
            <span className="text-ink-3">
              <Def text={def.text}>{def.word}</Def>
            </span>
          )}
          <span className="ms-auto text-xs whitespace-nowrap text-ink-3">{aside}</span>
        </span>
        <span className="-my-1 -me-1.5 flex flex-none self-start">
          <Button
            look="g"
            size="sm"
            square
            aria-pressed={asTable}
            aria-label={t`As a table`}
            title={t`As a table`}
            onClick={() => setAsTable(!asTable)}
          >
            <Table2 className="i s" aria-hidden />
          </Button>
          <Button
            look="g"
            size="sm"
            square
            aria-label={t`Download as CSV`}
            title={t`Download as CSV`}
            onClick={() => save(title, table)}
          >
            <Download className="i s" aria-hidden />
          </Button>
          <Button
            look="g"
            size="sm"
            square
            aria-label={t`Download as a picture`}
            title={t`Download as a picture`}
            onClick={() => figure.current && void picture(title, notes, figure.current, table)}
          >
            <ImageDown className="i s" aria-hidden />
          </Button>
        </span>
      </figcaption>
      <div className="mt-2">
        {asTable ? (
          <div className="max-h-72 overflow-auto">
            <Table
              label={title}
              head={table.head.map((h, i) => (
                <th key={h} className={i ? "num" : ""}>
                  {h}
                </th>
              ))}
            >
              {table.rows.map((r) => (
                <tr key={r.join("|")}>
                  {r.map((c, i) => (
                    <td key={table.head[i]} className={i ? "num" : ""}>
                      {typeof c === "number" ? count(c) : (c ?? "–")}
                    </td>
                  ))}
                </tr>
              ))}
            </Table>
          </div>
        ) : (
          children
        )}
      </div>
      {(notes || missing) && (
        <p className="foot">
          {notes}
          {missing && (
            <>
              {notes && " · "}
              {missing}
            </>
          )}
        </p>
      )}
    </figure>
  );
}

// NoData stands where a chart would, when there is nothing to draw yet.
export function NoData({ children }: { children?: ReactNode }) {
  return (
    <p className="rounded-sm border border-dashed border-line-2 p-4 text-ink-2">
      {children ?? <Trans>Nothing was heard in this time.</Trans>}
    </p>
  );
}

function save(title: string, grid: Grid): void {
  const cell = (c: string | number | null) =>
    typeof c === "number"
      ? String(c)
      : `"${(c ?? "").replace(/^([=+\-@\t\r])/, "'$1").replaceAll('"', '""')}"`;
  const text = [grid.head, ...grid.rows].map((r) => r.map(cell).join(",")).join("\r\n");
  download(new Blob([`\uFEFF${text}`], { type: "text/csv" }), `${nameOf(title)}.csv`);
}
