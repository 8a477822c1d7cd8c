import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Consent = Item<"/api/people/{id}/consents">;
export type Purpose = Item<"/api/consents/purposes">;

const at = (id: string) => ({ params: { path: { id } } });

export function useConsents(id: string) {
  return useQuery({
    queryKey: ["consents", id],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/people/{id}/consents", { ...at(id), signal }))).items ?? [],
  });
}

export function useConsentLines(id: string) {
  return usePages<Consent>(["consents", id, "lines"], (cursor, signal) =>
    ok(
      api.GET("/api/people/{id}/consents/lines", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

export function usePurposes() {
  return useQuery({
    queryKey: ["consent-purposes"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/consents/purposes", { signal }))).items ?? [],
  });
}

export interface NewConsent {
  identity: string;
  purpose: string;
  state: "requested" | "granted" | "refused" | "withdrawn";
  text?: string;
  shown?: string;
  evidence?: string;
  jurisdiction?: string;
  at?: string;
  expires_at?: string;
}

export function useConsentActs(id: string) {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of [["consents", id], ["card", id, "outlooks"], ["consent-purposes"], ["record"]])
      void cache.invalidateQueries({ queryKey: noun });
  };
  return {
    write: useMutation({
      mutationFn: (body: NewConsent) => ok(api.POST("/api/people/{id}/consents", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    withdraw: useMutation({
      mutationFn: (body: { purpose?: string; evidence?: string }) =>
        ok(api.POST("/api/people/{id}/consents/withdraw", { ...at(id), body })),
      onSuccess,
    }),
  };
}
