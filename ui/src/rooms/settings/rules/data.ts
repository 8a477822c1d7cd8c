import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CondField } from "../../../kit";
import { api, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import { useTags } from "../../../lib/tags";
import { useTalkFields } from "../pace/data";

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

// useTeamChoices are the teams to which a rule can give something.
export function useTeamChoices() {
  const teams = useQuery({
    queryKey: ["counts", "teams"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/teams", { signal }))).items ?? [],
  });
  return (teams.data ?? []).map((x) => ({ value: x.id, label: x.name }));
}

// useRuleFields is what conditions of rules ask of a conversation, in words.
export function useRuleFields(): CondField[] {
  const tags = useTags().data ?? [];
  return [
    ...useTalkFields(),
    {
      name: "tags",
      label: t`Tags`,
      type: "many",
      choices: tags.map((x) => ({ value: x.id, label: x.name })),
    },
  ];
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
