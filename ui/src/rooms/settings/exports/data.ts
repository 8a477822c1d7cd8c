import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "../../../lib/api";

export type Export = NonNullable<Got<"/api/exports">["items"]>[number];

const at = (id: string) => ({ params: { path: { id } } });

export function useExports(on: boolean) {
  return useQuery({
    queryKey: ["exports"],
    queryFn: ({ signal }) => ok(api.GET("/api/exports", { params: { query: { limit: 30 } }, signal })),
    enabled: on,
    refetchInterval: (q) => (q.state.data?.items?.some((e) => e.state === "running") ? 700 : 30_000),
  });
}

export function useExportActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["exports"] });
  return {
    start: useMutation({
      mutationFn: (body: { format: "csv" | "jsonl"; tables?: string[] }) =>
        ok(api.POST("/api/exports", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/exports/{id}/cancel", at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/exports/{id}", at(id))),
      onSuccess,
    }),
  };
}
