import type { ComponentProps, ReactNode } from "react";
import { Turn, type Whose } from "./Turn";

interface Props {
  turn?: Whose;
  avatar: ReactNode;
  who: ReactNode;
  end?: ReactNode;
  children?: ReactNode; // two lines
  theirs?: boolean; // the lines are their words
  chips?: ReactNode; // those that there is room for are shown
  tail?: ReactNode; // behind the chips, always
}

// RowBody is the inside of a list row. The outside is a link or a button with
// class "row", aria-current when chosen, data-read when read.
export function RowBody({ turn, avatar, who, end, children, theirs, chips, tail }: Props) {
  return (
    <>
      {turn && (
        <span className="pt-2">
          <Turn of={turn} />
        </span>
      )}
      {avatar}
      <span className="block min-w-0 flex-1">
        <span className="flex min-w-0 items-baseline gap-1.5">
          <span className="who truncate">{who}</span>
          <span className="ms-auto flex-none text-xs text-ink-3">{end}</span>
        </span>
        <span className={`pv line-clamp-2${theirs ? " said" : ""}`}>{children}</span>
        {(chips || tail) && (
          <span className="mt-1.5 flex items-center gap-1.5">
            <span className="flex h-5 min-w-0 flex-1 flex-wrap items-center gap-x-1.5 gap-y-4 overflow-hidden">
              {chips}
            </span>
            {tail}
          </span>
        )}
      </span>
    </>
  );
}

// Table is a plain table: hairlines, numbers to the end (class "num" on their cells).
export function Table({
  head,
  children,
  label,
  ...rest
}: { head: ReactNode; label: string } & ComponentProps<"table">) {
  return (
    <div className="overflow-x-auto">
      <table className="t" aria-label={label} {...rest}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

// Section is a titled part of a page: title, a number beside it, something at the end.
export function Section({
  title,
  n,
  end,
  children,
  className = "",
}: {
  title: ReactNode;
  n?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={className}>
      <div className="sec">
        <h2>{title}</h2>
        {n !== undefined && <span className="text-ink-3">{n}</span>}
        {end && <span className="ms-auto text-xs text-ink-3">{end}</span>}
      </div>
      {children}
    </section>
  );
}

// Facts is a list of names and values.
export function Facts({ of }: { of: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className="kv">
      {of.map(([k, v], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed
        <div key={i} className="contents">
          <dt>{k}</dt>
          <dd>{v}</dd>
        </div>
      ))}
    </dl>
  );
}
