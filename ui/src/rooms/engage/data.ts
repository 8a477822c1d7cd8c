import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, key, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";
import type { InboxSearch } from "./search";

export type Talk = Item<"/api/conversations">;
export type TalkFull = Got<"/api/conversations/{id}">;
export type Message = Item<"/api/conversations/{id}/messages">;
export type Gate = TalkFull["gate"];
export type Visibility = "public" | "direct";

const at = (id: string) => ({ params: { path: { id } } });

export function useTalks(s: InboxSearch) {
  const filter = {
    view: s.view ?? (s.team ? "all" : "open"),
    ...(s.saved ? { saved: s.saved } : {}),
    ...(s.team ? { team: s.team } : {}),
    ...(s.sort ? { sort: s.sort } : {}),
    ...(s.q ? { q: s.q } : {}),
    ...(s.channel ? { channel: s.channel } : {}),
    ...(s.programme ? { programme: s.programme } : {}),
  };
  return usePages<Talk>(["conversations", "list", filter], (cursor, signal) =>
    ok(
      api.GET("/api/conversations", {
        params: { query: { ...filter, ...(cursor ? { cursor, limit: 100 } : {}) } },
        signal,
      }),
    ),
  );
}

export function useCounts() {
  return useQuery({
    queryKey: ["counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/conversations/counts", { signal })),
  });
}

export function useTalk(id: string | undefined) {
  return useQuery({
    queryKey: ["conversation", id],
    queryFn: ({ signal }) => ok(api.GET("/api/conversations/{id}", { ...at(id ?? ""), signal })),
    enabled: Boolean(id),
  });
}

export function useMessages(id: string) {
  return usePages<Message>(["messages", id], (cursor, signal) =>
    ok(
      api.GET("/api/conversations/{id}/messages", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

export function useColleagues() {
  return useQuery({
    queryKey: ["mates"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/mates", { signal }))).items ?? [],
    staleTime: 5 * 60_000,
  });
}

// usePerson and usePast are about the one we talk with.
export function usePerson(id: string | undefined) {
  return useQuery({
    queryKey: ["person", id],
    queryFn: ({ signal }) => ok(api.GET("/api/people/{id}", { ...at(id ?? ""), signal })),
    enabled: Boolean(id),
  });
}

export function usePast(id: string | undefined) {
  return useQuery({
    queryKey: ["timeline", id, "short"],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/people/{id}/timeline", {
            params: { path: { id: id ?? "" }, query: { limit: 6 } },
            signal,
          }),
        )
      ).items ?? [],
    enabled: Boolean(id),
  });
}

// useActs are what one can do to a conversation. Each makes the lists fresh.
export function useActs(id: string) {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["conversations", "counts", "home"])
      void cache.invalidateQueries({ queryKey: [noun] });
    void cache.invalidateQueries({ queryKey: ["conversation", id] });
    void cache.invalidateQueries({ queryKey: ["messages", id] });
  };
  const done = { onSuccess: fresh };
  return {
    claim: useMutation({ mutationFn: () => ok(api.POST("/api/conversations/{id}/claim", at(id))), ...done }),
    assign: useMutation({
      mutationFn: (member: string | undefined) =>
        ok(api.POST("/api/conversations/{id}/assign", { ...at(id), body: member ? { member } : {} })),
      ...done,
    }),
    resolve: useMutation({
      mutationFn: () => ok(api.POST("/api/conversations/{id}/resolve", at(id))),
      ...done,
    }),
    reopen: useMutation({
      mutationFn: () => ok(api.POST("/api/conversations/{id}/reopen", at(id))),
      ...done,
    }),
    snooze: useMutation({
      mutationFn: (until: string) =>
        ok(api.POST("/api/conversations/{id}/snooze", { ...at(id), body: { until } })),
      ...done,
    }),
    unread: useMutation({
      mutationFn: () => ok(api.DELETE("/api/conversations/{id}/read", at(id))),
      ...done,
    }),
    read: useMutation({
      mutationFn: () => ok(api.POST("/api/conversations/{id}/read", at(id))),
      meta: { quiet: true },
      ...done,
    }),
  };
}

export interface Said {
  key: string;
  text: string;
  door: Visibility | "note";
  seen: number;
  via?: string | undefined; // of merged conversations, the one in which to answer
  files?: { file: string; alt?: string }[] | undefined;
  cc?: readonly string[] | undefined; // who else gets it
  parted?: boolean; // too long for one: as several, one after the other
}

// useSay sends a reply or keeps a note. The same key twice is the same message.
export function useSay(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key: k, text, door, seen, via, files, parted, cc }: Said) =>
      door === "note"
        ? ok(api.POST("/api/conversations/{id}/notes", { ...at(id), body: { key: k, text } }))
        : ok(
            api.POST("/api/conversations/{id}/replies", {
              ...at(id),
              body: {
                key: k,
                text,
                visibility: door,
                seen,
                ...(via ? { via } : {}),
                ...(files?.length ? { files } : {}),
                ...(parted ? { parted } : {}),
                ...(cc?.length ? { cc: [...cc] } : {}),
              },
            }),
          ),
    meta: { quiet: true },
    onSuccess: (message) => {
      cache.setQueryData<InfiniteData<{ items: Message[] | null }>>(["messages", id], (old) => {
        const first = old?.pages[0];
        if (!old || !first || first.items?.some((m) => m.id === message.id)) return old;
        return {
          ...old,
          pages: [{ ...first, items: [message, ...(first.items ?? [])] }, ...old.pages.slice(1)],
        };
      });
      for (const noun of ["conversations", "counts"]) void cache.invalidateQueries({ queryKey: [noun] });
      void cache.invalidateQueries({ queryKey: ["conversation", id] });
    },
  });
}

// useDelivery are the acts on a message that is on its way, or lost it.
export function useDelivery(conversation: string) {
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["messages", conversation] });
    void cache.invalidateQueries({ queryKey: ["conversation", conversation] });
    void cache.invalidateQueries({ queryKey: ["conversations"] });
  };
  return {
    undo: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/messages/{id}", at(id))),
      onSuccess,
    }),
    check: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/messages/{id}/check", at(id))),
      onSuccess,
    }),
    retry: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/messages/{id}/retry", at(id))),
      onSuccess,
    }),
    settle: useMutation({
      mutationFn: ({ id, sent }: { id: string; sent: boolean }) =>
        ok(api.POST("/api/messages/{id}/settle", { ...at(id), body: { sent } })),
      onSuccess,
    }),
  };
}

export const freshKey = key;
