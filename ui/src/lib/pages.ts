import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

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
  });
  return {
    data: q.data?.pages.flatMap((p) => p.items ?? []),
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
