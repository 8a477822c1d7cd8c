import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "../../../lib/api";

export type OutlookModel = NonNullable<Got<"/api/outlooks">["items"]>[number];

// useOutlookModels is how well things are foreseen; while they are learned it is asked again.
export function useOutlookModels() {
  return useQuery({
    queryKey: ["outlooks"],
    queryFn: ({ signal }) => ok(api.GET("/api/outlooks", { signal })),
    refetchInterval: (q) => ((q.state.data?.items ?? []).some((x) => x.learning) ? 1500 : false),
  });
}

export function useOutlookActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["outlooks", "card", "record"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    learn: useMutation({ mutationFn: () => ok(api.POST("/api/outlooks/learn")), onSuccess }),
    turn: useMutation({
      mutationFn: ({ what, on }: { what: string; on: boolean }) =>
        ok(api.PATCH("/api/outlooks/{what}", { params: { path: { what } }, body: { on } })),
      onSuccess,
    }),
  };
}
