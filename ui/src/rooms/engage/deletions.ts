import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { tell } from "../../kit";
import { api, ok } from "../../lib/api";

// useWouldGo says what deleting some conversations would come to: which go, which stay and why.
export function useWouldGo(ids: readonly string[], on: boolean) {
  return useQuery({
    queryKey: ["conversations", "deletions", ids],
    queryFn: ({ signal }) =>
      ok(api.POST("/api/conversations/deletions/preview", { body: { ids: [...ids] }, signal })),
    enabled: on && ids.length > 0,
    staleTime: 0,
    gcTime: 0,
  });
}

// useDeletions let conversations go in a few minutes, and take that back.
export function useDeletions() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["conversations", "conversation", "messages", "counts", "home"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const undo = useMutation({
    mutationFn: (ids: readonly string[]) =>
      ok(api.POST("/api/conversations/deletions/undo", { body: { ids: [...ids] } })),
    onSuccess: (o) => {
      const why = o.stay?.[0]?.why;
      if (why) tell({ text: why, bad: true });
    },
    onSettled: fresh,
  });
  const ask = useMutation({
    mutationFn: (ids: readonly string[]) =>
      ok(api.POST("/api/conversations/deletions", { body: { ids: [...ids] } })),
    onSuccess: (o) => {
      const going = o.going ?? [];
      const n = going.length;
      if (n > 0)
        tell({
          text: plural(n, {
            one: "# conversation is deleted in five minutes.",
            other: "# conversations are deleted in five minutes.",
          }),
          undo: () => undo.mutate(going),
        });
      else tell({ text: o.stay?.[0]?.why ?? t`Nothing was deleted.`, bad: true });
    },
    onSettled: fresh,
  });
  return { ask, undo };
}
