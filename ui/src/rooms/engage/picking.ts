import { useCallback, useMemo, useRef, useState } from "react";
import type { Talk } from "./data";

export interface Picking {
  on: boolean; // boxes are shown
  ids: ReadonlySet<string>;
  toggle: (id: string, range?: boolean) => void;
  all: (rows: readonly Talk[]) => void;
  begin: () => void;
  clear: () => void;
}

// The server takes five hundred at once.
export const mostPicked = 500;

// usePicking holds which conversations of a list are chosen for one act. A range goes
// from the one picked last to this one, as in any list of files. Another list begins anew.
export function usePicking(rows: readonly Talk[], list: string): Picking {
  const [state, setState] = useState<{ list: string; ids: ReadonlySet<string>; begun: boolean }>();
  const last = useRef<string>(undefined);
  const order = useRef(rows);
  order.current = rows;
  const here = state?.list === list ? state : undefined;
  // What left the list is no longer chosen.
  const ids = useMemo(() => {
    const there = new Set(rows.map((r) => r.id));
    return new Set([...(here?.ids ?? [])].filter((id) => there.has(id)));
  }, [rows, here]);
  const now = useRef(ids);
  now.current = ids;
  const put = useCallback(
    (next: Iterable<string>, begun: boolean) =>
      setState({ list, ids: new Set([...next].slice(0, mostPicked)), begun }),
    [list],
  );
  const toggle = useCallback(
    (id: string, range = false) => {
      const next = new Set(now.current);
      const at = (x: string | undefined) => order.current.findIndex((r) => r.id === x);
      const [from, to] = [at(last.current), at(id)].sort((a, b) => a - b) as [number, number];
      if (range && from >= 0) for (const r of order.current.slice(from, to + 1)) next.add(r.id);
      else if (!next.delete(id)) next.add(id);
      last.current = id;
      put(next, next.size > 0);
    },
    [put],
  );
  return {
    on: ids.size > 0 || (here?.begun ?? false),
    ids,
    toggle,
    all: useCallback((of) => put(new Set(of.map((r) => r.id)), true), [put]),
    begin: useCallback(() => put([], true), [put]),
    clear: useCallback(() => setState(undefined), []),
  };
}
