import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { paths } from "../../../words/api";
import type { ListSearch, State } from "./search";

export type Content = Item<"/api/publish/contents">;
export type ContentFull = Got<"/api/publish/contents/{id}">;
export type Post = Item<"/api/publish/posts">;
export type PostFull = Got<"/api/publish/posts/{id}">;
export type Outlet = Item<"/api/publish/outlets">;
export type Queue = Item<"/api/publish/queues">;
export type Hold = Item<"/api/publish/holds">;
export type Rule = Item<"/api/publish/rules">;
export type Draft = paths["/api/publish/contents"]["post"]["requestBody"]["content"]["application/json"];
export type PostDraft = NonNullable<Draft["posts"]>[number];
export type Media = NonNullable<Draft["media"]>[number];

const at = (id: string) => ({ params: { path: { id } } });

export interface Span {
  from?: string;
  to?: string;
  state?: State | undefined;
  channel?: string | undefined;
  programme?: string | undefined;
  newest?: boolean;
}

const query = (s: Span) => ({
  ...(s.from ? { from: s.from } : {}),
  ...(s.to ? { to: s.to } : {}),
  ...(s.state ? { state: s.state } : {}),
  ...(s.channel ? { channel: s.channel } : {}),
  ...(s.programme ? { programme: s.programme } : {}),
  ...(s.newest ? { newest: true } : {}),
});

// usePosts reads the posts of a span, page after page, up to a thousand: what a calendar can show.
export function usePosts(s: Span) {
  return useQuery({
    queryKey: ["publish", "posts", s],
    queryFn: async ({ signal }) => {
      const out: Post[] = [];
      let cursor: string | undefined;
      do {
        const page = await ok(
          api.GET("/api/publish/posts", {
            params: { query: { ...query(s), limit: 100, ...(cursor ? { cursor } : {}) } },
            signal,
          }),
        );
        out.push(...(page.items ?? []));
        cursor = page.next ?? undefined;
      } while (cursor && out.length < 1000);
      return out;
    },
    placeholderData: keepPreviousData,
  });
}

export function useResults(s: Span) {
  return usePages<Post>(["publish", "results", s], (cursor, signal) =>
    ok(
      api.GET("/api/publish/posts", {
        params: {
          query: {
            ...query({ ...s, state: "published", newest: true }),
            limit: 100,
            ...(cursor ? { cursor } : {}),
          },
        },
        signal,
      }),
    ),
  );
}

export function useContents(s: ListSearch) {
  const filter = {
    ...(s.stands ? { state: s.stands } : {}),
    ...(s.mine ? { mine: true } : {}),
    ...(s.loose ? { loose: true } : {}),
    ...(s.q ? { search: s.q } : {}),
  };
  return usePages<Content>(["publish", "contents", filter], (cursor, signal) =>
    ok(
      api.GET("/api/publish/contents", {
        params: { query: { ...filter, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useContent(id: string | undefined) {
  return useQuery({
    queryKey: ["publish", "content", id],
    queryFn: ({ signal }) => ok(api.GET("/api/publish/contents/{id}", { ...at(id ?? ""), signal })),
    enabled: id !== undefined,
    refetchOnWindowFocus: false,
  });
}

export function usePostOne(id: string, on: boolean) {
  return useQuery({
    queryKey: ["publish", "post", id],
    queryFn: ({ signal }) => ok(api.GET("/api/publish/posts/{id}", { ...at(id), signal })),
    enabled: on,
  });
}

export function usePublishCounts(on = true) {
  return useQuery({
    queryKey: ["publish", "counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/publish/counts", { signal })),
    enabled: on,
  });
}

export function useOutlets() {
  return useQuery({
    queryKey: ["publish", "outlets"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/publish/outlets", { signal }))).items ?? [],
  });
}

export function useQueues() {
  return useQuery({
    queryKey: ["publish", "queues"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/publish/queues", { signal }))).items ?? [],
  });
}

export function useRules() {
  return useQuery({
    queryKey: ["publish", "rules"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/publish/rules", { signal }))).items ?? [],
  });
}

export function useProgrammes() {
  return useQuery({
    queryKey: ["programmes", "for publishing"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useBest(channel: string | undefined, zone: string) {
  return useQuery({
    queryKey: ["publish", "best", channel, zone],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/publish/best", { params: { query: { channel: channel ?? "", zone } }, signal })),
    enabled: channel !== undefined,
    staleTime: 300_000,
  });
}

export function useFit(draft: Draft, id: string | undefined) {
  return useQuery({
    queryKey: ["publish", "fit", draft, id],
    queryFn: ({ signal }) =>
      ok(api.POST("/api/publish/fit", { body: { ...draft, ...(id ? { id } : {}) }, signal })),
    enabled: (draft.posts ?? []).length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

type Act =
  | { do: "submit" | "comment"; text: string }
  | { do: "approve" | "request_changes" | "reject"; text: string }
  | { do: "withdraw" }
  | { do: "schedule"; at?: string; posts?: string[] }
  | { do: "queue" | "unschedule" | "release"; posts?: string[] }
  | { do: "hold"; reason: string; posts?: string[] };

export function act(id: string, a: Act): Promise<ContentFull> {
  const p = at(id);
  switch (a.do) {
    case "submit":
      return ok(api.POST("/api/publish/contents/{id}/submit", { ...p, body: { text: a.text } }));
    case "comment":
      return ok(api.POST("/api/publish/contents/{id}/comment", { ...p, body: { text: a.text } }));
    case "approve":
    case "request_changes":
    case "reject":
      return ok(api.POST("/api/publish/contents/{id}/review", { ...p, body: { act: a.do, text: a.text } }));
    case "withdraw":
      return ok(api.POST("/api/publish/contents/{id}/withdraw", p));
    case "schedule":
      return ok(
        api.POST("/api/publish/contents/{id}/schedule", {
          ...p,
          body: { ...(a.at ? { at: a.at } : {}), ...(a.posts ? { posts: a.posts } : {}) },
        }),
      );
    case "queue":
    case "unschedule":
    case "release":
      return ok(
        api.POST(`/api/publish/contents/{id}/${a.do}`, { ...p, body: a.posts ? { posts: a.posts } : {} }),
      );
    case "hold":
      return ok(
        api.POST("/api/publish/contents/{id}/hold", {
          ...p,
          body: { reason: a.reason, ...(a.posts ? { posts: a.posts } : {}) },
        }),
      );
  }
}

// useAct does something with a content and shows it as it is then.
export function useAct() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...a }: Act & { id: string }) => act(id, a as Act),
    onSuccess: (c) => {
      cache.setQueryData(["publish", "content", c.id], c);
      for (const k of ["posts", "contents", "counts", "post", "queues"])
        void cache.invalidateQueries({ queryKey: ["publish", k] });
    },
  });
}

export function usePostAct() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (
      a: { id: string; do: "check" | "measure" } | { id: string; do: "settle"; stands: boolean; url: string },
    ) =>
      a.do === "settle"
        ? ok(
            api.POST("/api/publish/posts/{id}/settle", {
              ...at(a.id),
              body: { stands: a.stands, ...(a.url ? { url: a.url } : {}) },
            }),
          )
        : ok(api.POST(`/api/publish/posts/{id}/${a.do}`, at(a.id))),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["publish"] }),
  });
}

export function useHoldActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["publish"] });
  return {
    hold: useMutation({
      mutationFn: (b: { reason: string; programme?: string }) =>
        ok(api.POST("/api/publish/holds", { body: b })),
      onSuccess,
    }),
    release: useMutation({
      mutationFn: (hold: string) =>
        ok(api.DELETE("/api/publish/holds/{hold}", { params: { path: { hold } } })),
      onSuccess,
    }),
  };
}
