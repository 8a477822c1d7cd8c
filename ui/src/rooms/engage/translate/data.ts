import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "../../../lib/api";

export type TranslatorSettings = Got<"/api/translator/settings">;

// base is the first part of a language's tag; "" where nobody knows.
export function base(tag: string | undefined): string {
  const first = (tag ?? "").toLowerCase().split("-")[0] ?? "";
  return ["und", "mul", "zxx"].includes(first) ? "" : first;
}

// own is the language that the reader would have words in: the browser's first.
export const own = () => base(navigator.language) || "en";

// foreign says whether words are in a language that the reader's browser does not name.
export function foreign(
  tag: string | undefined,
  reads: readonly string[] = [...navigator.languages, document.documentElement.lang],
): boolean {
  const lang = base(tag);
  return lang !== "" && !reads.some((r) => base(r) === lang);
}

// useTranslates says whether a machine translates; without one, no button appears.
export function useTranslates(): boolean {
  return (
    useQuery({
      queryKey: ["translator"],
      queryFn: ({ signal }) => ok(api.GET("/api/translator", { signal })),
      staleTime: 5 * 60_000,
      retry: false,
    }).data?.on ?? false
  );
}

export function useTranslated(message: string, text: string, to: string, on: boolean) {
  return useQuery({
    queryKey: ["translation", message, to, text],
    queryFn: ({ signal }) =>
      ok(
        api.POST("/api/messages/{id}/translation", {
          params: { path: { id: message } },
          body: { to },
          signal,
        }),
      ),
    enabled: on,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function useTranslateWords(conversation: string) {
  return useMutation({
    mutationFn: (body: { text: string; to: string }) =>
      ok(api.POST("/api/conversations/{id}/translate", { params: { path: { id: conversation } }, body })),
    meta: { quiet: true },
  });
}

export function useTranslator(on: boolean) {
  return useQuery({
    queryKey: ["translator", "settings"],
    queryFn: ({ signal }) => ok(api.GET("/api/translator/settings", { signal })),
    enabled: on,
  });
}

export function useTranslatorActs() {
  const cache = useQueryClient();
  return {
    set: useMutation({
      mutationFn: (body: { kind: "off" | "libre" | "model"; address?: string; key?: string }) =>
        ok(api.PUT("/api/translator/settings", { body })),
      meta: { quiet: true },
      onSuccess: () => void cache.invalidateQueries({ queryKey: ["translator"] }),
    }),
    test: useMutation({
      mutationFn: () => ok(api.POST("/api/translator/try")),
      meta: { quiet: true },
    }),
  };
}
