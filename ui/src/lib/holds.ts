import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Item, ok } from "./api";

export type Hold = Item<"/api/privacy/holds">;
export type HeldKind = Hold["kind"];

// useHoldsOn lists the legal holds that stand on one thing, for whoever sees that.
export function useHoldsOn(kind: "conversation" | "programme", id: string) {
  const at = { params: { path: { id } } };
  return useQuery({
    queryKey: ["privacy", "holds", kind, id],
    queryFn: async ({ signal }) => {
      const list =
        kind === "conversation"
          ? await ok(api.GET("/api/conversations/{id}/holds", { ...at, signal }))
          : await ok(api.GET("/api/programmes/{id}/holds", { ...at, signal }));
      return list.items ?? [];
    },
  });
}

export function useHoldActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of [["privacy"], ["record"]]) void cache.invalidateQueries({ queryKey: noun });
  };
  return {
    place: useMutation({
      mutationFn: (body: { kind: HeldKind; on: string; reason: string }) =>
        ok(api.POST("/api/privacy/holds", { body })),
      onSuccess,
    }),
    lift: useMutation({
      mutationFn: ({ id, reason }: { id: string; reason: string }) =>
        ok(api.POST("/api/privacy/holds/{id}/lift", { params: { path: { id } }, body: { reason } })),
      onSuccess,
    }),
  };
}
