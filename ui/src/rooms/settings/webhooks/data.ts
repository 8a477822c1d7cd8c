import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Hook = Got<"/api/webhooks/{id}">;
export type Delivery = Item<"/api/webhooks/{id}/deliveries">;
export type DeliveryState = "open" | "done" | "failed";

const at = (id: string) => ({ params: { path: { id } } });

export function useHooks(on: boolean) {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: ({ signal }) => ok(api.GET("/api/webhooks", { signal })),
    enabled: on,
    refetchInterval: 15_000,
  });
}

export function useHook(id: string, on: boolean) {
  return useQuery({
    queryKey: ["webhooks", id],
    queryFn: ({ signal }) => ok(api.GET("/api/webhooks/{id}", { ...at(id), signal })),
    enabled: on,
    refetchInterval: 5000,
  });
}

export function useDeliveries(id: string, state: DeliveryState | undefined, on: boolean) {
  return usePages<Delivery>(
    ["webhooks", id, "deliveries", state ?? ""],
    (cursor, signal) =>
      ok(
        api.GET("/api/webhooks/{id}/deliveries", {
          params: { path: { id }, query: { ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    on,
    5000,
  );
}

export function useDelivery(id: string | undefined) {
  return useQuery({
    queryKey: ["webhooks", "delivery", id],
    queryFn: ({ signal }) => ok(api.GET("/api/deliveries/{id}", { ...at(id ?? ""), signal })),
    enabled: id !== undefined,
  });
}

export function useHookActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["webhooks"] });
  return {
    add: useMutation({
      mutationFn: (body: { name: string; url: string; facts?: string[] }) =>
        ok(api.POST("/api/webhooks", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    edit: useMutation({
      mutationFn: ({
        id,
        ...body
      }: {
        id: string;
        name?: string;
        url?: string;
        facts?: string[];
        all?: boolean;
        on?: boolean;
      }) => ok(api.PATCH("/api/webhooks/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/webhooks/{id}", at(id))),
      onSuccess,
    }),
    rotate: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/webhooks/{id}/rotate", at(id))),
      onSuccess,
    }),
    ping: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/webhooks/{id}/ping", at(id))),
      onSuccess,
    }),
    replay: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/deliveries/{id}/replay", at(id))),
      onSuccess,
    }),
    replayAll: useMutation({
      mutationFn: ({ id, ...body }: { id: string; since: string; until: string; failed: boolean }) =>
        ok(api.POST("/api/webhooks/{id}/replay", { ...at(id), body })),
      onSuccess,
    }),
  };
}
