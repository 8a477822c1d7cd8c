import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";
import { asked, type Filter, type Range } from "./search";

export type Monitor = Item<"/api/monitors">;
export type Series = Got<"/api/monitors/{id}/series">;
export type Survey = Got<"/api/mentions/facets">;
export type Mention = Item<"/api/mentions">;
export type Whole = Got<"/api/mentions/{id}">;
export type Check = Awaited<ReturnType<typeof check>>;

const at = (id: string) => ({ params: { path: { id } } });
const check = (query: string, signal?: AbortSignal) =>
  ok(api.POST("/api/monitors/check", { body: { query }, ...(signal ? { signal } : {}) }));

export function useMonitors() {
  return useQuery({
    queryKey: ["monitors"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/monitors", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useMonitor(id: string) {
  return useQuery({
    queryKey: ["monitor", id],
    queryFn: ({ signal }) => ok(api.GET("/api/monitors/{id}", { ...at(id), signal })),
    // The past is read in the background; nobody tells how far it has come.
    refetchInterval: (q) => (q.state.data?.backfill?.state === "running" ? 3000 : false),
  });
}

export function useSeries(id: string, range: Range) {
  return useQuery({
    queryKey: ["series", id, range],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/monitors/{id}/series", {
          params: { path: { id }, query: { range } },
          signal,
        }),
      ),
  });
}

export function useCheck(query: string) {
  return useQuery({
    queryKey: ["check", query],
    queryFn: ({ signal }) => check(query, signal),
    enabled: query.trim() !== "",
    placeholderData: (old) => old,
    staleTime: 60_000,
    gcTime: 120_000,
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/channels", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

// useHandles are those who were heard lately, for a query that asks for one.
export function useHandles(on: boolean) {
  return useQuery({
    queryKey: ["handles"],
    queryFn: async ({ signal }) => {
      const heard = await ok(api.GET("/api/mentions", { params: { query: { limit: 100 } }, signal }));
      const handles = (heard.items ?? [])
        .map((m) => m.author.handle)
        .filter((h) => h !== undefined && h !== "");
      return [...new Set(handles as string[])].sort((a, b) => a.localeCompare(b));
    },
    enabled: on,
    staleTime: 60_000,
  });
}

// usePlaceNames are branches, cities and countries that words begin.
export function usePlaceNames(q: string) {
  const found = useQuery({
    queryKey: ["places", "names", q],
    queryFn: async ({ signal }) => ({
      asked: q,
      found:
        (await ok(api.GET("/api/places/find", { params: { query: { q, countries: true } }, signal })))
          .items ?? [],
    }),
    enabled: q !== "",
    staleTime: 60_000,
    placeholderData: (old) => old,
  });
  return found.data ?? { asked: "", found: [] };
}

export function useProgrammes(on: boolean) {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    enabled: on,
  });
}

// sent is a filter as the server takes it; its words were checked when the address was read.
const sent = (f: ReturnType<typeof asked>) => f as Record<string, never>;

// useSurvey counts what a filter finds by every facet. It waits with the list until
// somebody asks, so that numbers and list agree.
export function useSurvey(filter: Filter) {
  const shape = JSON.stringify(filter);
  const query = useMemo(() => asked(JSON.parse(shape) as Filter), [shape]);
  return useQuery({
    queryKey: ["wall", "survey", query],
    queryFn: ({ signal }) => ok(api.GET("/api/mentions/facets", { params: { query: sent(query) }, signal })),
    placeholderData: (old) => old,
  });
}

// useMentions reads posts page by page. The noun decides whether they move by
// themselves: "mentions" do, "wall" waits until somebody asks.
export function useMentions(noun: "mentions" | "wall", filter: Filter, monitor?: string) {
  const shape = JSON.stringify(filter);
  const query = useMemo(() => asked(JSON.parse(shape) as Filter), [shape]);
  return usePages<Mention>([noun, "list", monitor, query], (cursor, signal) =>
    ok(
      api.GET("/api/mentions", {
        params: { query: { ...sent(query), ...(monitor ? { monitor } : {}), ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

// useNewest is the first page as it is now; it moves with every post heard.
export function useNewest(filter: Filter) {
  const shape = JSON.stringify(filter);
  const query = useMemo(() => asked(JSON.parse(shape) as Filter), [shape]);
  return useQuery({
    queryKey: ["mentions", "newest", query],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/mentions", { params: { query: { ...sent(query), limit: 100 } }, signal })))
        .items ?? [],
  });
}

export function useMention(id: string | undefined) {
  return useQuery({
    queryKey: ["mentions", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/api/mentions/{id}", { ...at(id ?? ""), signal })),
    enabled: Boolean(id),
  });
}

// useShares is who passed a post on, the latest first.
export function useShares(id: string | undefined) {
  return usePages<Item<"/api/mentions/{id}/shares">>(
    ["mentions", "shares", id],
    (cursor, signal) =>
      ok(
        api.GET("/api/mentions/{id}/shares", {
          params: { path: { id: id ?? "" }, query: { limit: 10, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    Boolean(id),
  );
}

// useTake takes a post into the inbox and gives its conversation.
export function useTake() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ok(api.POST("/api/mentions/{id}/conversation", at(id))),
    onSuccess: () => {
      for (const noun of ["mentions", "wall", "conversations", "counts", "home"])
        void cache.invalidateQueries({ queryKey: [noun] });
    },
  });
}

export type Kind = "brand" | "competitor" | "topic" | "other";

export interface Draft {
  name: string;
  query: string;
  kind: Kind;
  inbox: boolean;
  programme: string;
}

export function useMonitorActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["monitors", "monitor", "series", "mentions", "wall"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    add: useMutation({
      mutationFn: (body: Draft) => ok(api.POST("/api/monitors", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string; state?: "active" | "paused" } & Partial<Draft>) =>
        ok(api.PATCH("/api/monitors/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/monitors/{id}", at(id))),
      // Its own page is left at once; what stands there is not asked for again.
      onSuccess: () => {
        for (const noun of ["monitors", "wall"]) void cache.invalidateQueries({ queryKey: [noun] });
      },
    }),
  };
}
