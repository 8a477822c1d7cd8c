import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Rule = Item<"/api/rules">;
export type RuleIn = Omit<Rule, "id" | "owner">;
export type Act = NonNullable<Rule["acts"]>[number];
export type Run = Item<"/api/rules/{id}/runs">;

const at = (id: string) => ({ params: { path: { id } } });

export function useRules() {
  return useQuery({
    queryKey: ["rules"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/rules", { signal }))).items ?? [],
  });
}

export function useRuns(id: string) {
  return usePages<Run>(["rules", "runs", id], (cursor, signal) =>
    ok(
      api.GET("/api/rules/{id}/runs", {
        params: { path: { id }, query: { limit: 20, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useRuleActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["rules"] });
  return {
    save: useMutation({
      mutationFn: ({ id, ...body }: RuleIn & { id: string | undefined }) =>
        id ? ok(api.PUT("/api/rules/{id}", { ...at(id), body })) : ok(api.POST("/api/rules", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/rules/{id}", at(id))),
      onSuccess,
    }),
    order: useMutation({
      mutationFn: (ids: string[]) => ok(api.POST("/api/rules/order", { body: { ids } })),
      onSuccess,
    }),
    dry: useMutation({
      mutationFn: (body: RuleIn) => ok(api.POST("/api/rules/try", { body })),
      meta: { quiet: true },
    }),
  };
}
