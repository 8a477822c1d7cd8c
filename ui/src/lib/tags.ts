import { useQuery } from "@tanstack/react-query";
import { api, type Item, ok } from "./api";

export type Tag = Item<"/api/tags">;

// useTags is the company's vocabulary, as far as it is in use.
export function useTags() {
  return useQuery({
    queryKey: ["tags"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/tags", { signal }))).items ?? [],
    staleTime: 5 * 60_000,
  });
}
