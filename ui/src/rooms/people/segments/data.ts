import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Cond } from "../../../kit";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Segment = Got<"/api/segments/{id}">;
export type SegmentVoice = Got<"/api/segments/{id}/voice">;
export type SegmentChange = Item<"/api/segments/{id}/changes">;
type Where = Segment["conditions"];

// While somebody is being looked at, the numbers are asked for again.
const soon = 1500;

export function useSegments(on = true) {
  return useQuery({
    queryKey: ["segments", "list"],
    queryFn: async ({ signal }) => {
      const all: Segment[] = [];
      for (let cursor = ""; ; ) {
        const page = await ok(
          api.GET("/api/segments", {
            params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } },
            signal,
          }),
        );
        all.push(...(page.items ?? []));
        if (!page.next) return all;
        cursor = page.next;
      }
    },
    enabled: on,
    refetchInterval: (q) => (q.state.data?.some((s) => s.filling) ? soon : false),
  });
}

export function useSegment(id: string) {
  return useQuery({
    queryKey: ["segment", id],
    queryFn: ({ signal }) => ok(api.GET("/api/segments/{id}", { params: { path: { id } }, signal })),
    refetchInterval: (q) => (q.state.data?.filling ? soon : false),
  });
}

export function useSegmentChanges(id: string) {
  return usePages<SegmentChange>(["segment", id, "changes"], (cursor, signal) =>
    ok(
      api.GET("/api/segments/{id}/changes", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

// useSegmentVoice is what the members of a segment said in the last days.
export function useSegmentVoice(id: string | undefined, days: number) {
  return useQuery({
    queryKey: ["segment", id ?? "", "voice", days],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/segments/{id}/voice", {
          params: { path: { id: id ?? "" }, query: { days } },
          signal,
        }),
      ),
    enabled: Boolean(id),
    placeholderData: keepPreviousData,
  });
}

// useSegmentCount is of how many persons conditions hold, as they stand in the form.
export function useSegmentCount(where: Cond, on: boolean) {
  return useQuery({
    queryKey: ["segments", "count", where],
    queryFn: ({ signal }) =>
      ok(api.POST("/api/segments/count", { body: { conditions: where as Where }, signal })),
    enabled: on,
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: (q) => (q.state.data && !q.state.data.sure ? soon : false),
  });
}

export function useSegmentFields() {
  return useQuery({
    queryKey: ["segments", "fields"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/segments/fields", { signal }))).items ?? [],
  });
}

export function useSegmentsOf(person: string) {
  return useQuery({
    queryKey: ["person", person, "segments"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/people/{id}/segments", { params: { path: { id: person } }, signal }))).items ??
      [],
  });
}

export function useSegmentActs() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["segments", "segment", "people"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  const keep = useMutation({
    mutationFn: ({
      id,
      ...body
    }: {
      id?: string | undefined;
      name: string;
      about: string;
      conditions: Cond;
    }) => {
      const sent = { ...body, conditions: body.conditions as Where };
      return id
        ? ok(api.PATCH("/api/segments/{id}", { params: { path: { id } }, body: sent }))
        : ok(api.POST("/api/segments", { body: sent }));
    },
    onSuccess: (s) => {
      cache.setQueryData(["segment", s.id], s);
      fresh();
    },
  });
  const drop = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/api/segments/{id}", { params: { path: { id } } })),
    onSuccess: fresh,
  });
  return { keep, drop };
}
