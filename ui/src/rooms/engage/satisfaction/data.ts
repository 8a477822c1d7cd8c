import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import { spanOf } from "../pace/data";
import type { SatisfactionSearch } from "./search";

export type Report = Got<"/api/surveys/report">;
export type Tally = Report["all"];
export type Answer = Item<"/api/surveys/answers">;

const narrowed = (s: SatisfactionSearch) => ({
  ...spanOf(s.range),
  ...(s.programme ? { programme: s.programme } : {}),
});

export function useSatisfaction(s: SatisfactionSearch) {
  const query = narrowed(s);
  return useQuery({
    queryKey: ["surveys", "report", query],
    queryFn: ({ signal }) => ok(api.GET("/api/surveys/report", { params: { query }, signal })),
  });
}

export function useAnswers(s: SatisfactionSearch) {
  const filter = {
    ...narrowed(s),
    ...(s.score ? { score: s.score } : {}),
    ...(s.worded ? { worded: true } : {}),
  };
  return usePages<Answer>(["surveys", "answers", filter], (cursor, signal) =>
    ok(
      api.GET("/api/surveys/answers", {
        params: { query: { ...filter, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

// useAsked is what was asked and answered about one conversation.
export function useAsked(conversation: string) {
  return useQuery({
    queryKey: ["conversation", conversation, "surveys"],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/conversations/{id}/surveys", { params: { path: { id: conversation } }, signal }),
        )
      ).items ?? [],
  });
}
