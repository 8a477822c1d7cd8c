import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, key, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import { useSession } from "../../../lib/session";
import type { ListName } from "./search";

export type Question = Item<"/api/hive/questions">;
export type Offer = NonNullable<Question["offer"]>;
export type Reason = NonNullable<Offer["why"]>[number];
export type Me = Got<"/api/hive/me">;
export type Mate = Item<"/api/hive/mates">;
export type State = Me["state"];

const at = (id: string) => ({ params: { path: { id } } });

export function useQuestions(list: ListName, on: boolean) {
  return usePages<Question>(
    ["hive", "list", list],
    (cursor, signal) =>
      ok(
        api.GET("/api/hive/questions", {
          params: { query: { view: list, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    on,
  );
}

export function useQuestion(id: string | undefined) {
  return useQuery({
    queryKey: ["hive", "question", id],
    queryFn: ({ signal }) => ok(api.GET("/api/hive/questions/{id}", { ...at(id ?? ""), signal })),
    enabled: Boolean(id),
  });
}

export function useMe(on = true) {
  return useQuery({
    queryKey: ["hive", "me"],
    queryFn: ({ signal }) => ok(api.GET("/api/hive/me", { signal })),
    enabled: on,
  });
}

export function useHiveMates(programme: string, q: string) {
  return useQuery({
    queryKey: ["hive", "mates", programme, q],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/hive/mates", { params: { query: { programme, ...(q ? { q } : {}) } }, signal }),
        )
      ).items ?? [],
    placeholderData: (old) => old,
  });
}

// useSayState says that one is available, busy or off, at once on the screen.
export function useSayState() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ state, until }: { state: State; until?: string }) =>
      ok(api.POST("/api/hive/me/state", { body: { state, ...(until ? { until } : {}) } })),
    onMutate: ({ state, until }) => {
      const was = cache.getQueryData<Me>(["hive", "me"]);
      if (was) cache.setQueryData<Me>(["hive", "me"], { ...was, state, ...(until ? { until } : {}) });
      return was;
    },
    onError: (_e, _v, was) => was && cache.setQueryData(["hive", "me"], was),
    onSuccess: (me) => cache.setQueryData(["hive", "me"], me),
  });
}

export function useSaveMe() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: {
      week: Me["week"];
      away_from?: string;
      away_to?: string;
      daily: number;
      langs: string[];
      expertise: string[];
    }) => ok(api.PUT("/api/hive/me", { body })),
    onSuccess: (me) => cache.setQueryData(["hive", "me"], me),
  });
}

// useHiveActs are what one does with a question. A claim shows at once, and is
// taken back honestly when somebody was faster.
export function useHiveActs(id: string) {
  const cache = useQueryClient();
  const me = useSession()?.member;
  const fresh = () => {
    void cache.invalidateQueries({ queryKey: ["hive"] });
    void cache.invalidateQueries({ queryKey: ["conversation", id] });
    void cache.invalidateQueries({ queryKey: ["messages", id] });
  };
  const one = ["hive", "question", id];
  return {
    claim: useMutation({
      mutationFn: () => ok(api.POST("/api/hive/questions/{id}/claim", at(id))),
      meta: { quiet: true },
      onMutate: async () => {
        await cache.cancelQueries({ queryKey: one });
        const was = cache.getQueryData<Question>(one);
        if (was && me)
          cache.setQueryData<Question>(one, {
            ...was,
            state: "claimed",
            claimed_by: { id: me.id, name: me.name },
          });
        return was;
      },
      onError: (_e, _v, was) => {
        if (was) cache.setQueryData(one, was);
        fresh();
      },
      onSuccess: (q) => {
        cache.setQueryData(one, q);
        fresh();
      },
    }),
    pass: useMutation({
      mutationFn: (because: "not_mine" | "no_time") =>
        ok(api.POST("/api/hive/questions/{id}/pass", { ...at(id), body: { because } })),
      onMutate: () => {
        const lists = cache.getQueriesData<InfiniteData<{ items: Question[] | null }>>({
          queryKey: ["hive", "list"],
        });
        for (const [k, old] of lists)
          if (old)
            cache.setQueryData(k, {
              ...old,
              pages: old.pages.map((p) => ({ ...p, items: p.items?.filter((q) => q.id !== id) ?? [] })),
            });
        return lists;
      },
      onError: (_e, _v, lists) => {
        for (const [k, old] of lists ?? []) cache.setQueryData(k, old);
      },
      onSettled: fresh,
    }),
    release: useMutation({
      mutationFn: () => ok(api.POST("/api/hive/questions/{id}/release", at(id))),
      onSettled: fresh,
    }),
    further: useMutation({
      mutationFn: (body: { members?: string[]; thing?: string; words: string; key: string }) =>
        ok(api.POST("/api/hive/questions/{id}/further", { ...at(id), body })),
      onSettled: fresh,
    }),
    suggest: useMutation({
      mutationFn: (body: { text: string; key: string }) =>
        ok(api.POST("/api/hive/questions/{id}/suggestions", { ...at(id), body })),
      onSettled: fresh,
    }),
  };
}

export const freshKey = key;
