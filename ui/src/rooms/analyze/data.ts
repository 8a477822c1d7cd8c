import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";

export type Series = Got<"/api/wall/series">;
export type Monitor = Item<"/api/monitors">;
export type Channel = Item<"/api/channels">;
export type Range = "24h" | "3d" | "30d";
export const ranges: readonly Range[] = ["24h", "3d", "30d"];

export function useSeries(range: Range) {
  return useQuery({
    queryKey: ["series", "wall", range],
    queryFn: ({ signal }) => ok(api.GET("/api/wall/series", { params: { query: { range } }, signal })),
  });
}

export function useMonitors() {
  return useQuery({
    queryKey: ["monitors"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/monitors", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

// useTotals is how much each monitor found in the time, and how it felt.
export function useTotals(monitors: readonly Monitor[], range: Range) {
  const ids = monitors.map((m) => m.id);
  return useQuery({
    queryKey: ["series", "totals", range, ids],
    queryFn: ({ signal }) =>
      Promise.all(
        ids.map(async (id) => ({
          id,
          series: await ok(
            api.GET("/api/monitors/{id}/series", { params: { path: { id }, query: { range } }, signal }),
          ),
        })),
      ),
    enabled: ids.length > 0,
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/channels", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}
