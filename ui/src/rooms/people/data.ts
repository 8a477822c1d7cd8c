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

// Shown is what of a timeline is asked for, as it stands in the address.
export interface Shown {
  q?: string | undefined;
  show?: "said" | "bought" | "known" | undefined;
  on?: string | undefined; // a channel
  back?: "30d" | "90d" | "1y" | undefined;
  about?: string | undefined; // a label, such as topic:delivery
}

// sorts are the kinds of moments that are shown together.
const sorts: Record<NonNullable<Shown["show"]>, Moment["kind"][]> = {
  said: ["said", "answered"],
  bought: ["order", "opportunity", "conversion", "click"],
  known: ["note", "about", "goal", "promise", "file", "merge"],
};

const days = { "30d": 30, "90d": 90, "1y": 365 };

export function useTimeline(id: string, { q, show, on, back, about }: Shown) {
  return usePages<Moment>(
    ["timeline", id, q ?? "", show ?? "", on ?? "", back ?? "", about ?? ""],
    (cursor, signal) =>
      ok(
        api.GET("/api/people/{id}/timeline", {
          params: {
            path: { id },
            query: {
              ...(q ? { q } : {}),
              ...(show ? { kinds: sorts[show] } : {}),
              ...(on ? { channels: [on] } : {}),
              ...(back ? { since: new Date(Date.now() - days[back] * 86_400_000).toISOString() } : {}),
              ...(about ? { about } : {}),
              ...(cursor ? { cursor } : {}),
            },
          },
          signal,
        }),
      ),
  );
}

// useHabits is when somebody writes, in the hours of whoever looks, where and what about.
export function useHabits(id: string) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useQuery({
    queryKey: ["timeline", id, "habits", zone],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/people/{id}/habits", { params: { path: { id }, query: { zone } }, signal })),
  });
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
    for (const noun of ["person", "people", "suggestion", "suggestions", "timeline", "conversations"])
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
