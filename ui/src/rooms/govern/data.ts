import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";

export type Programme = Item<"/api/programmes">;
export type Charter = Got<"/api/programmes/{id}">;
export type Policy = Item<"/api/policies">;
export type Wording = Got<"/api/policies/{id}">;
export type Line = Item<"/api/record">;
export type Reader = Item<"/api/policies/{id}/acknowledgements">;

// Programmes are few: all of them make one picture.
export function useProgrammes() {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useProgramme(id: string) {
  return useQuery({
    queryKey: ["programme", id],
    queryFn: ({ signal }) => ok(api.GET("/api/programmes/{id}", { params: { path: { id } }, signal })),
  });
}

export function usePolicies() {
  return usePages<Policy>(["policies"], (cursor, signal) =>
    ok(api.GET("/api/policies", { params: { query: cursor ? { cursor } : {} }, signal })),
  );
}

export function usePolicy(id: string) {
  return useQuery({
    queryKey: ["policy", id],
    queryFn: ({ signal }) => ok(api.GET("/api/policies/{id}", { params: { path: { id } }, signal })),
  });
}

export function useReaders(id: string, on: boolean) {
  return usePages(
    ["policy", id, "readers"],
    (cursor, signal) =>
      ok(
        api.GET("/api/policies/{id}/acknowledgements", {
          params: { path: { id }, query: cursor ? { cursor } : {} },
          signal,
        }),
      ),
    on,
  );
}

export function useMembers(on: boolean) {
  return useQuery({
    queryKey: ["members", "names"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/members", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    enabled: on,
  });
}

export interface RecordFilter {
  object?: string;
  actor?: string;
  id?: string;
}

export function useRecord(f: RecordFilter) {
  return usePages<Line>(["record", f], (cursor, signal) =>
    ok(
      api.GET("/api/record", {
        params: { query: { ...f, limit: 50, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useRecordStatus() {
  return useQuery({
    queryKey: ["record", "status"],
    queryFn: ({ signal }) => ok(api.GET("/api/record/status", { signal })),
  });
}

// useRules gives the acts of this room; each makes stale what it touches.
export function useRules() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of [
      "programmes",
      "programme",
      "policies",
      "policy",
      "gate",
      "record",
      "home",
      "conversation",
    ])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const make = <V, R>(mutationFn: (v: V) => Promise<R>) => ({
    mutationFn,
    meta: { quiet: true },
    onSuccess: fresh,
  });
  return {
    begin: useMutation(
      make((body: { name: string; mission?: string; sponsor?: string }) =>
        ok(api.POST("/api/programmes", { body })),
      ),
    ),
    change: useMutation(
      make(
        ({
          id,
          ...body
        }: {
          id: string;
          name?: string;
          mission?: string;
          sponsor?: string;
          lead?: string;
          maturity?: number;
          state?: "active" | "closed";
        }) => ok(api.PATCH("/api/programmes/{id}", { params: { path: { id } }, body })),
      ),
    ),
    enrol: useMutation(
      make((v: { id: string; member: string; role: "manager" | "responder" | "viewer" }) =>
        ok(
          api.POST("/api/programmes/{id}/members", {
            params: { path: { id: v.id } },
            body: { member: v.member, role: v.role },
          }),
        ),
      ),
    ),
    dismiss: useMutation(
      make((v: { id: string; member: string }) =>
        ok(api.DELETE("/api/programmes/{id}/members/{member}", { params: { path: v } })),
      ),
    ),
    decree: useMutation(
      make((body: { name: string; programme?: string; required: boolean; body: string; summary?: string }) =>
        ok(api.POST("/api/policies", { body })),
      ),
    ),
    revise: useMutation(
      make(({ id, ...body }: { id: string; body: string; summary?: string }) =>
        ok(api.POST("/api/policies/{id}/versions", { params: { path: { id } }, body })),
      ),
    ),
    acknowledge: useMutation(
      make((v: { id: string; version: number }) =>
        ok(
          api.POST("/api/policies/{id}/acknowledge", {
            params: { path: { id: v.id } },
            body: { version: v.version },
          }),
        ),
      ),
    ),
    verify: useMutation(make(() => ok(api.POST("/api/record/verify", {})))),
  };
}
