import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Item, ok } from "../../../lib/api";

export type Purpose = Item<"/api/consents/purposes">;
export type ConsentText = NonNullable<Purpose["texts"]>[number];

export function usePurposes() {
  return useQuery({
    queryKey: ["consent-purposes"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/consents/purposes", { signal }))).items ?? [],
  });
}

export function useVersions(purpose: string, lang: string) {
  return useQuery({
    queryKey: ["consent-texts", purpose, lang],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/consents/texts", { params: { query: { purpose, lang } }, signal }))).items ??
      [],
  });
}

export function usePrivacyActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of [["consent-purposes"], ["consent-texts"], ["consents"]])
      void cache.invalidateQueries({ queryKey: noun });
  };
  return {
    writeText: useMutation({
      mutationFn: (body: { purpose: string; lang: string; name: string; body: string }) =>
        ok(api.POST("/api/consents/texts", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    takeIn: useMutation({
      mutationFn: (body: { csv: string; dry: boolean }) => ok(api.POST("/api/consents/import", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
  };
}
