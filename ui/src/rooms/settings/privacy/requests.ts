import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Request = Item<"/api/privacy/requests">;
export type Full = Got<"/api/privacy/requests/{id}">;
export type Hold = Item<"/api/privacy/holds">;

const at = (id: string) => ({ params: { path: { id } } });

export function useRequests(closed: boolean) {
  return usePages<Request>(["privacy", "requests", closed], (cursor, signal) =>
    ok(
      api.GET("/api/privacy/requests", {
        params: { query: { ...(closed ? { closed } : {}), ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useRequest(id: string) {
  return useQuery({
    queryKey: ["privacy", "request", id],
    queryFn: ({ signal }) => ok(api.GET("/api/privacy/requests/{id}", { ...at(id), signal })),
    refetchInterval: (q) => (q.state.data?.state === "running" ? 1000 : false),
  });
}

export function usePreview(id: string, on: boolean) {
  return useQuery({
    queryKey: ["privacy", "preview", id],
    queryFn: ({ signal }) => ok(api.GET("/api/privacy/requests/{id}/preview", { ...at(id), signal })),
    enabled: on,
  });
}

export function useHolds() {
  return useQuery({
    queryKey: ["privacy", "holds"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/privacy/holds", { signal }))).items ?? [],
  });
}

export function useRequestActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of [["privacy"], ["person"], ["people"], ["record"]])
      void cache.invalidateQueries({ queryKey: noun });
  };
  return {
    carry: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/privacy/requests/{id}/carry", at(id))),
      onSuccess,
    }),
    refuse: useMutation({
      mutationFn: ({ id, why }: { id: string; why: string }) =>
        ok(api.POST("/api/privacy/requests/{id}/refuse", { ...at(id), body: { why } })),
      onSuccess,
    }),
  };
}
