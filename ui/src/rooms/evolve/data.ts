import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";

export type Board = Got<"/api/kpis">;
export type Card = NonNullable<Board["cards"]>[number];
export type Range = "7d" | "30d" | "90d";
export type Link = Item<"/api/links">;
export type Outcome = Item<"/api/conversions">;

export const ranges: readonly Range[] = ["7d", "30d", "90d"];

export function useBoard(range: Range) {
  return useQuery({
    queryKey: ["kpis", range],
    queryFn: ({ signal }) => ok(api.GET("/api/kpis", { params: { query: { range } }, signal })),
  });
}

export function useLinks() {
  return usePages<Link>(["links"], (cursor, signal) =>
    ok(api.GET("/api/links", { params: { query: cursor ? { cursor } : {} }, signal })),
  );
}

export function useAddLink() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { target: string; campaign?: string }) => ok(api.POST("/api/links", { body })),
    meta: { quiet: true },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["links"] }),
  });
}

export function useOutcomes() {
  return usePages<Outcome>(["conversions"], (cursor, signal) =>
    ok(api.GET("/api/conversions", { params: { query: cursor ? { cursor } : {} }, signal })),
  );
}
