import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { KnowSearch } from "./search";

export type Article = Item<"/api/know/articles">;
export type ArticleFull = Got<"/api/know/articles/{id}">;
export type Version = Item<"/api/know/articles/{id}/versions">;
export type Category = Item<"/api/know/categories">;
export type Piece = NonNullable<Got<"/api/know/articles/{id}/compare">["body"]>[number];
export type State = "draft" | "published" | "archived";

const at = (id: string) => ({ params: { path: { id } } });

export function useArticles(s: KnowSearch) {
  const filter = {
    ...(s.q ? { q: s.q } : {}),
    ...(s.state ? { state: s.state } : {}),
    ...(s.lang ? { lang: s.lang } : {}),
    ...(s.category ? { category: s.category } : {}),
    ...(s.visibility ? { visibility: s.visibility } : {}),
    ...(s.due ? { due: true } : {}),
  };
  return usePages<Article>(["know", "articles", filter], (cursor, signal) =>
    ok(
      api.GET("/api/know/articles", {
        params: { query: { ...filter, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useKnowCounts() {
  return useQuery({
    queryKey: ["know", "counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/know", { signal })),
  });
}

export function useArticle(id: string) {
  return useQuery({
    queryKey: ["know", "article", id],
    queryFn: ({ signal }) => ok(api.GET("/api/know/articles/{id}", { ...at(id), signal })),
    refetchOnWindowFocus: false,
  });
}

export function useVersions(id: string) {
  return usePages<Version>(["know", "versions", id], (cursor, signal) =>
    ok(
      api.GET("/api/know/articles/{id}/versions", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

export function useCompared(id: string, from: number, to: number, on = true) {
  return useQuery({
    queryKey: ["know", "compare", id, from, to],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/know/articles/{id}/compare", { params: { path: { id }, query: { from, to } }, signal }),
      ),
    enabled: on,
    staleTime: to === 0 ? 0 : Number.POSITIVE_INFINITY,
  });
}

export function usePreview(body: string, on: boolean) {
  return useQuery({
    queryKey: ["know", "preview", body],
    queryFn: async ({ signal }) => (await ok(api.POST("/api/know/preview", { body: { body }, signal }))).html,
    enabled: on,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

export function useCategories() {
  return useQuery({
    queryKey: ["know", "categories"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/know/categories", { signal }))).items ?? [],
  });
}

// useProgrammes are those that one may put an article into.
export function useProgrammes() {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    retry: false,
  });
}

export interface NewArticle {
  title: string;
  lang: string;
  body?: string;
  visibility?: "public" | "internal";
  category?: string;
  programme?: string;
  of?: string;
}

export interface Around {
  slug?: string;
  visibility?: "public" | "internal";
  category?: string;
  programme?: string;
  owner?: string;
  review_by?: string;
}

export interface Sheet {
  name: string;
  text: string;
}

export function useKnowActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["know"] });
  const kept = (a: ArticleFull) => {
    cache.setQueryData(["know", "article", a.id], a);
    for (const what of ["articles", "counts", "versions", "report"])
      void cache.invalidateQueries({ queryKey: ["know", what] });
  };
  return {
    add: useMutation({
      mutationFn: (body: NewArticle) => ok(api.POST("/api/know/articles", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    keep: useMutation({
      mutationFn: ({
        id,
        ...body
      }: {
        id: string;
        title: string;
        body: string;
        note?: string;
        seen: number;
      }) => ok(api.POST("/api/know/articles/{id}/versions", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess: kept,
    }),
    edit: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & Around) =>
        ok(api.PATCH("/api/know/articles/{id}", { ...at(id), body })),
      onSuccess: kept,
    }),
    turn: useMutation({
      mutationFn: ({ id, state }: { id: string; state: State }) =>
        ok(api.POST("/api/know/articles/{id}/state", { ...at(id), body: { state } })),
      onSuccess: kept,
    }),
    restore: useMutation({
      mutationFn: ({ id, n }: { id: string; n: number }) =>
        ok(api.POST("/api/know/articles/{id}/versions/{n}/restore", { params: { path: { id, n } } })),
      onSuccess: kept,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/know/articles/{id}", at(id))),
      onSuccess: () => {
        for (const what of ["articles", "counts"]) void cache.invalidateQueries({ queryKey: ["know", what] });
      },
    }),
    bring: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/know/articles/{id}/undelete", at(id))),
      onSuccess,
    }),
    imports: useMutation({
      mutationFn: (body: {
        files: Sheet[];
        lang: string;
        visibility: "public" | "internal";
        dry: boolean;
        programme?: string;
      }) => ok(api.POST("/api/know/articles/import", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    addCategory: useMutation({
      mutationFn: (body: { name: string; parent?: string }) => ok(api.POST("/api/know/categories", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    editCategory: useMutation({
      mutationFn: ({ id, ...body }: { id: string; name: string; parent?: string }) =>
        ok(api.PUT("/api/know/categories/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    removeCategory: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/know/categories/{id}", at(id))),
      onSuccess,
    }),
  };
}
