import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";

export type Matrix = Got<"/api/presence">;
export type Profile = Item<"/api/presence/profiles">;
export type ProfileDetail = Got<"/api/presence/profiles/{id}">;
export type Search = Item<"/api/presence/searches">;
export type Candidate = Item<"/api/presence/candidates">;
export type Round = Got<"/api/presence/rounds/{id}">;
export type Kind = NonNullable<Matrix["kinds"]>[number];

const at = (id: string) => ({ path: { id } });

export function useMatrix(on = true) {
  return useQuery({
    queryKey: ["presence", "matrix"],
    queryFn: ({ signal }) => ok(api.GET("/api/presence", { signal })),
    enabled: on,
  });
}

export interface Chosen {
  kind?: string;
  region?: string;
  status?: string;
  q?: string;
}

export function useProfiles(query: Chosen) {
  return useQuery({
    queryKey: ["presence", "profiles", query],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/presence/profiles", { params: { query: { ...query, limit: 100 } }, signal })),
    placeholderData: (old) => old,
  });
}

export function useProfile(id: string) {
  return useQuery({
    queryKey: ["presence", "profile", id],
    queryFn: ({ signal }) => ok(api.GET("/api/presence/profiles/{id}", { params: at(id), signal })),
  });
}

export function useSearches() {
  return useQuery({
    queryKey: ["presence", "searches"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/presence/searches", { signal }))).items ?? [],
    refetchInterval: (q) => (q.state.data?.[0]?.state === "running" ? 1000 : false),
  });
}

// useCandidates are what searches found. Once one has ended, they are asked for anew.
export function useCandidates(running: boolean, ended = "") {
  return useQuery({
    queryKey: ["presence", "candidates", ended],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/presence/candidates", { params: { query: { limit: 100 } }, signal }))).items ??
      [],
    refetchInterval: running ? 1500 : false,
  });
}

export function useRounds() {
  return useQuery({
    queryKey: ["presence", "rounds"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/presence/rounds", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useMembers() {
  return useQuery({
    queryKey: ["members", "names"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/members", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    retry: false,
  });
}

export interface ProfileDraft {
  kind: string;
  network: string;
  name: string;
  handle: string;
  url: string;
  region: string;
  status: string;
  owner: string;
  programme: string;
  sponsor: string;
  purpose: string;
  note: string;
  channel: string;
}

export function usePresenceActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["presence"] });
  return {
    add: useMutation({
      mutationFn: (body: ProfileDraft) => ok(api.POST("/api/presence/profiles", { body: body as never })),
      meta: { quiet: true },
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & Partial<ProfileDraft> & { done?: string }) =>
        ok(api.PATCH("/api/presence/profiles/{id}", { params: at(id), body: body as never })),
      meta: { quiet: true },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/presence/profiles/{id}", { params: at(id) })),
      onSuccess: () => {
        for (const what of ["matrix", "profiles"])
          void cache.invalidateQueries({ queryKey: ["presence", what] });
      },
    }),
    say: useMutation({
      mutationFn: (body: { kind: string; region: string; answer: "no" | "unknown"; note?: string }) =>
        ok(api.PUT("/api/presence/cells", { body: body as never })),
      onSuccess,
    }),
    search: useMutation({
      mutationFn: (body: { names: string[]; domains: string[]; handles?: string[]; home?: boolean }) =>
        ok(api.POST("/api/presence/searches", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    stop: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/presence/searches/{id}/stop", { params: at(id) })),
      onSuccess,
    }),
    decide: useMutation({
      mutationFn: (body: {
        address: string;
        state: "claimed" | "dismissed" | "impostor" | "open";
        region?: string;
        note?: string;
        done?: string;
      }) => ok(api.POST("/api/presence/candidates/decide", { body })),
      onSuccess,
    }),
    start: useMutation({
      mutationFn: (body: {
        name: string;
        questions: string[];
        due_at: string;
        owner?: string;
        profiles?: string[];
      }) => ok(api.POST("/api/presence/rounds", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    answer: useMutation({
      mutationFn: ({
        round,
        ...body
      }: {
        round: string;
        profile: string;
        answers: { answer: "yes" | "no" | "unknown"; text?: string }[];
        note?: string;
        status?: "orphaned" | "closed" | "claimed";
      }) => ok(api.POST("/api/presence/rounds/{id}/answers", { params: at(round), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    close: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/presence/rounds/{id}/close", { params: at(id) })),
      onSuccess,
    }),
  };
}
