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

export type Suggestion = Item<"/api/conversations/{id}/suggestions">;
export type Answer = Item<"/api/know/answers">;
export type Report = Got<"/api/know/report">;
export type HelpSettings = Got<"/api/know/help">;
export type Provider = Got<"/api/know/provider">;

// useSuggestions asks what is known of a conversation; after each change of it anew.
export function useSuggestions(id: string, version: number, q: string, on: boolean) {
  return useQuery({
    queryKey: ["suggestions", id, q, q ? 0 : version],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/conversations/{id}/suggestions", {
            params: { path: { id }, query: q ? { q } : {} },
            signal,
          }),
        )
      ).items ?? [],
    enabled: on,
    placeholderData: (old, before) => (before?.queryKey[1] === id ? old : undefined),
    staleTime: 60_000,
    retry: false,
  });
}

export function useInsert(conversation: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { kind: "article" | "answer"; id: string }) =>
      ok(api.POST("/api/conversations/{id}/suggestions", { ...at(conversation), body })),
    meta: { quiet: true }, // the words stand in the composer, counted or not
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["know", "report"] }),
  });
}

export function useGoodAnswers(conversation: string, version: number, on: boolean) {
  return useQuery({
    queryKey: ["know", "good", conversation, version],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/conversations/{id}/answers", { ...at(conversation), signal }))).items ?? [],
    enabled: on,
    placeholderData: (old, before) => (before?.queryKey[2] === conversation ? old : undefined),
    retry: false,
  });
}

export function useAnswers(q: string | undefined) {
  return usePages<Answer>(["know", "answers", q ?? ""], (cursor, signal) =>
    ok(
      api.GET("/api/know/answers", {
        params: { query: { ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useAnswerActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["know", "good"] });
    void cache.invalidateQueries({ queryKey: ["know", "answers"] });
    void cache.invalidateQueries({ queryKey: ["suggestions"] });
  };
  return {
    keep: useMutation({
      mutationFn: (body: { conversation: string; message: string }) =>
        ok(api.POST("/api/know/answers", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    edit: useMutation({
      mutationFn: ({ id, ...body }: { id: string; question: string; answer: string }) =>
        ok(api.PATCH("/api/know/answers/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/know/answers/{id}", at(id))),
      onSuccess,
    }),
    bring: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/know/answers/{id}/undelete", at(id))),
      onSuccess,
    }),
  };
}

export function useReport(days: number) {
  return useQuery({
    queryKey: ["know", "report", days],
    queryFn: ({ signal }) => ok(api.GET("/api/know/report", { params: { query: { days } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useHelp() {
  return useQuery({
    queryKey: ["know", "help"],
    queryFn: ({ signal }) => ok(api.GET("/api/know/help", { signal })),
  });
}

export function useProvider(on: boolean) {
  return useQuery({
    queryKey: ["know", "provider"],
    queryFn: ({ signal }) => ok(api.GET("/api/know/provider", { signal })),
    enabled: on,
  });
}

export function useSettingsActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["know"] });
    void cache.invalidateQueries({ queryKey: ["translator"] }); // the model may be who translates
  };
  return {
    help: useMutation({
      mutationFn: (body: { off: boolean; title: string; intro: string; ask: string; colour: string }) =>
        ok(api.PUT("/api/know/help", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    provider: useMutation({
      mutationFn: (body: { on: boolean; address: string; model: string; key?: string }) =>
        ok(api.PUT("/api/know/provider", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    test: useMutation({
      mutationFn: () => ok(api.POST("/api/know/provider/try")),
      meta: { quiet: true },
    }),
  };
}

// useMayDraft says whether a language model may draft; without one, no button appears.
export function useMayDraft(): boolean {
  return (
    useQuery({
      queryKey: ["know", "drafter"],
      queryFn: ({ signal }) => ok(api.GET("/api/know/drafter", { signal })),
      staleTime: 5 * 60_000,
      retry: false,
    }).data?.on ?? false
  );
}

export function useModelDraft(conversation: string) {
  return useMutation({
    mutationFn: (visibility: "public" | "direct") =>
      ok(api.POST("/api/conversations/{id}/model-draft", { ...at(conversation), body: { visibility } })),
    meta: { quiet: true },
  });
}
