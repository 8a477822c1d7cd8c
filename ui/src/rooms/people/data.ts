import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";

export type Row = Item<"/api/people">;
export type Full = Got<"/api/people/{id}">;
export type Moment = Item<"/api/people/{id}/timeline">;

export function usePeople(
  { q, segment }: { q?: string | undefined; segment?: string | undefined },
  on = true,
) {
  return usePages<Row>(
    ["people", "list", q ?? "", segment ?? ""],
    (cursor, signal) =>
      ok(
        api.GET("/api/people", {
          params: {
            query: {
              ...(q ? { q } : {}),
              ...(segment ? { segment } : {}),
              ...(cursor ? { cursor } : {}),
            },
          },
          signal,
        }),
      ),
    on,
  );
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: ["person", id],
    queryFn: ({ signal }) => ok(api.GET("/api/people/{id}", { params: { path: { id } }, signal })),
  });
}

export function useTimeline(id: string, kinds: readonly Moment["kind"][] = []) {
  return usePages<Moment>(["timeline", id, kinds], (cursor, signal) =>
    ok(
      api.GET("/api/people/{id}/timeline", {
        params: {
          path: { id },
          query: { ...(kinds.length > 0 ? { kinds: [...kinds] } : {}), ...(cursor ? { cursor } : {}) },
        },
        signal,
      }),
    ),
  );
}

export function useMend(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { name?: string; notes?: string; place?: string }) =>
      ok(api.PATCH("/api/people/{id}", { params: { path: { id } }, body })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["person", id] });
      void cache.invalidateQueries({ queryKey: ["people"] });
    },
  });
}

export function useMerge(id: string) {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["person", "people", "timeline", "conversations"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const undo = useMutation({
    mutationFn: (merge: string) =>
      ok(api.POST("/api/people/merges/{merge}/undo", { params: { path: { merge } } })),
    onSuccess: fresh,
  });
  const merge = useMutation({
    mutationFn: (other: string) =>
      ok(api.POST("/api/people/{id}/merge", { params: { path: { id } }, body: { other } })),
    onSuccess: fresh,
  });
  return { merge, undo };
}

// useRecord is who changed what of one thing, newest first.
export function useRecord(object: string, id: string, on: boolean) {
  return useQuery({
    queryKey: ["record", "of", object, id],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/record", { params: { query: { object, id, limit: 50 } }, signal }))).items ??
      [],
    enabled: on,
  });
}
