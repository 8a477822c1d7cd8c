import {
  type InfiniteData,
  type Query,
  type QueryClient,
  type QueryKey,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";

interface Page<T> {
  items: T[] | null;
  next?: string | null;
  looked?: number; // how many were looked through for it, where no index knows which fit
}

export interface Pages<T> {
  data: T[] | undefined;
  error: unknown;
  refetch: () => unknown;
  more: () => void; // fetch the next page, if there is one
  hasMore: boolean;
  loadingMore: boolean;
  looked: number; // the same of all pages
}

// usePages reads a list page by page and gives its rows as one list; again every so many milliseconds, where that
// is given.
export function usePages<T>(
  key: QueryKey,
  page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  on = true,
  every?: number,
): Pages<T> {
  const q = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next || undefined,
    enabled: on,
    refetchInterval: every ?? false,
    meta: { page },
  });
  const data = useMemo(() => q.data?.pages.flatMap((p) => p.items ?? []), [q.data]);
  return {
    data,
    error: q.error,
    refetch: q.refetch,
    more: () => {
      if (q.hasNextPage && !q.isFetchingNextPage) void q.fetchNextPage();
    },
    hasMore: q.hasNextPage,
    loadingMore: q.isFetchingNextPage,
    looked: q.data?.pages.reduce((n, p) => n + (p.looked ?? 0), 0) ?? 0,
  };
}

interface Row {
  id?: string;
}
type Cursor = string | undefined;
type Long = InfiniteData<Page<Row>, Cursor>;
type Read = (cursor: Cursor, signal?: AbortSignal) => Promise<Page<Row>>;

// Up to so many pages are simply read again when something changed.
const few = 4;
// A row that changed and is on no page that is held may have come into the middle: all pages are read for it, but not
// more often than this, in milliseconds.
const seldom = 60_000;

// freshen reads anew what changed in the lists of this noun. A list in which somebody has scrolled far holds hundreds of
// pages: of it only the first one is read, where what is new appears, and those on which a row of these ids stands.
export function freshen(cache: QueryClient, noun: string, ids: readonly string[]) {
  const changed = new Set(ids);
  for (const q of cache.getQueryCache().findAll({ queryKey: [noun] })) refresh(cache, q, changed);
}

function refresh(cache: QueryClient, q: Query, changed: ReadonlySet<string>) {
  const held = q.state.data as Long | undefined;
  const read = q.meta?.page as Read | undefined;
  if (!read || !held?.pages || held.pages.length <= few || q.state.fetchStatus === "fetching")
    return anew(cache, q);
  if (q.isActive()) return void partly(cache, q, read, held, changed);
  // Nobody looks at it: whoever comes back begins at its head.
  const [pages, pageParams] = [held.pages.slice(0, few), held.pageParams.slice(0, few)];
  cache.setQueryData<Long>(q.queryKey, { pages, pageParams });
  anew(cache, q);
}

const anew = (cache: QueryClient, q: Query) =>
  void cache.invalidateQueries({ queryKey: q.queryKey, exact: true });
const whole = new WeakMap<Query, number>(); // when all pages of a list were last read for a row on none of them

async function partly(cache: QueryClient, q: Query, read: Read, held: Long, changed: ReadonlySet<string>) {
  const has = (p: Page<Row> | undefined, id: string) => p?.items?.some((r) => r.id === id) ?? false;
  const bears = (p: Page<Row>) => [...changed].some((id) => has(p, id));
  const which = held.pages.flatMap((p, i) => (i === 0 || bears(p) ? [i] : []));
  if (which.length > few) return anew(cache, q);
  try {
    const got = await Promise.all(which.map(async (i) => [i, await read(held.pageParams[i])] as const));
    if (q.state.data !== held) return refresh(cache, q, changed); // it grew meanwhile
    const fresh = new Map(got);
    const next = mend(held, fresh, changed);
    const lost = [...changed].some((id) => !has(fresh.get(0), id) && !held.pages.some((p) => has(p, id)));
    if (!next || (lost && Date.now() - (whole.get(q) ?? 0) > seldom)) {
      whole.set(q, Date.now());
      return anew(cache, q);
    }
    cache.setQueryData<Long>(q.queryKey, next);
  } catch {
    anew(cache, q); // which tells what is wrong, if it still is
  }
}

// mend puts pages that were read again into a list: each reaches as far as it did, no row stands twice, and what
// changed and is not where it was is gone. Undefined when more is new than the first page holds.
export function mend(
  held: Long,
  fresh: ReadonlyMap<number, Page<Row>>,
  changed: ReadonlySet<string>,
): Long | undefined {
  const head = fresh.get(0);
  if (!head?.next) return head && { pages: [head], pageParams: [undefined] }; // all of it fits on one page now
  const seen = new Set<string | undefined>();
  const at = held.pages.map((p) => new Set((p.items ?? []).map((r) => r.id)));
  const pages = held.pages.map((old, i) => {
    let items = old.items ?? [];
    const read = fresh.get(i)?.items;
    if (i === 0) {
      const last = items.findLastIndex((r) => read?.some((f) => f.id === r.id));
      if (last < 0) return undefined;
      items = [...(read ?? []), ...items.slice(last + 1).filter((r) => !changed.has(r.id ?? ""))];
    } else if (read) {
      const end = read.findIndex((r) => at[i + 1]?.has(r.id) && !changed.has(r.id ?? ""));
      items = end < 0 ? read : read.slice(0, end);
    }
    const own = items.filter((r) => !seen.has(r.id));
    for (const r of own) seen.add(r.id);
    return { ...old, items: own };
  });
  return pages.every((p) => p !== undefined) ? { pages, pageParams: held.pageParams } : undefined;
}
