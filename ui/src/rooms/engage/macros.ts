import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";

export type Macro = Item<"/api/macros">;
export type Foreseen = Got<"/api/conversations/{id}/macros/{macro}">;

export function useMacros(on = true) {
  return useQuery({
    queryKey: ["macros"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/macros", { signal }))).items ?? [],
    enabled: on,
    staleTime: 60_000,
  });
}

// useForeseen is what a macro would do with a conversation.
export function useForeseen(id: string, macro: string | undefined) {
  return useQuery({
    queryKey: ["conversation", id, "macro", macro],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/conversations/{id}/macros/{macro}", {
          params: { path: { id, macro: macro ?? "" } },
          signal,
        }),
      ),
    enabled: Boolean(macro),
    staleTime: 0,
  });
}

export function useUseMacro(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (macro: string) =>
      ok(api.POST("/api/conversations/{id}/macros/{macro}", { params: { path: { id, macro } } })),
    onSuccess: () => {
      for (const noun of ["conversations", "conversation", "messages", "counts"])
        void cache.invalidateQueries({ queryKey: [noun] });
    },
  });
}
