import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { paths } from "../../../words/api";

export type EventOf = Got<"/api/events/{id}">;
export type Guest = Item<"/api/events/{id}/guests">;
export type EventLetters = Got<"/api/events/{id}/letters">;
export type EventDraft = paths["/api/events"]["post"]["requestBody"]["content"]["application/json"];

export function useEvents(past: boolean) {
  return usePages<EventOf>(["publish", "events", past], (cursor, signal) =>
    ok(
      api.GET("/api/events", {
        params: { query: { ...(past ? { past } : {}), ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useEvent(id: string) {
  return useQuery({
    queryKey: ["publish", "event", id],
    queryFn: ({ signal }) => ok(api.GET("/api/events/{id}", { params: { path: { id } }, signal })),
  });
}

export function useGuests(id: string, on: boolean) {
  return usePages<Guest>(
    ["publish", "guests", id],
    (cursor, signal) =>
      ok(
        api.GET("/api/events/{id}/guests", {
          params: { path: { id }, query: cursor ? { cursor } : {} },
          signal,
        }),
      ),
    on,
  );
}

export function useEventLetters(id: string, on = true) {
  return useQuery({
    queryKey: ["publish", "letters", id],
    queryFn: ({ signal }) => ok(api.GET("/api/events/{id}/letters", { params: { path: { id } }, signal })),
    enabled: on,
  });
}

export function draftOf(e: EventOf): EventDraft {
  return {
    title: e.title,
    start: e.start,
    end: e.end,
    zone: e.zone,
    capacity: e.capacity,
    no_reminder: e.no_reminder ?? false,
    ...(e.about ? { about: e.about } : {}),
    ...(e.place ? { place: e.place } : {}),
    ...(e.link ? { link: e.link } : {}),
    ...(e.programme ? { programme: e.programme.id } : {}),
  };
}

export function useEventActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const k of ["events", "event", "guests", "letters"])
      void cache.invalidateQueries({ queryKey: ["publish", k] });
  };
  return {
    add: useMutation({ mutationFn: (body: EventDraft) => ok(api.POST("/api/events", { body })), onSuccess }),
    write: useMutation({
      mutationFn: ({
        id,
        ...body
      }: EventDraft & { id: string; standing: EventOf["standing"]; seen: number }) =>
        ok(api.PUT("/api/events/{id}", { params: { path: { id } }, body })),
      onSuccess,
    }),
    came: useMutation({
      mutationFn: (a: { id: string; guest: string; came: boolean }) =>
        ok(
          api.POST("/api/events/{id}/guests/{guest}/came", {
            params: { path: { id: a.id, guest: a.guest } },
            body: { came: a.came },
          }),
        ),
      onSuccess,
    }),
    forget: useMutation({
      mutationFn: (a: { id: string; guest: string }) =>
        ok(api.DELETE("/api/events/{id}/guests/{guest}", { params: { path: { id: a.id, guest: a.guest } } })),
      onSuccess,
    }),
  };
}
