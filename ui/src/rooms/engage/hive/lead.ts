import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { Question } from "./data";
import type { RecordView } from "./search";

export type Led = Item<"/api/hive/programmes">;
export type Rules = Got<"/api/hive/programmes/{id}/rules">;

export type Board = Got<"/api/hive/programmes/{id}/board">;
export type Trace = Got<"/api/hive/questions/{id}/trace">;

const at = (id: string) => ({ params: { path: { id } } });

export function useLed() {
  return useQuery({
    queryKey: ["hive", "led"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/hive/programmes", { signal }))).items ?? [],
  });
}

export function useRules(id: string | undefined) {
  return useQuery({
    queryKey: ["hive", "rules", id],
    queryFn: ({ signal }) => ok(api.GET("/api/hive/programmes/{id}/rules", { ...at(id ?? ""), signal })),
    enabled: Boolean(id),
  });
}

export function useSetRules(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (r: Rules) =>
      ok(
        api.PUT("/api/hive/programmes/{id}/rules", {
          ...at(id),
          body: { ...r, centre: (r.centre ?? []).map((m) => m.id) },
        }),
      ),
    onSuccess: (r) => {
      cache.setQueryData(["hive", "rules", id], r);
      void cache.invalidateQueries({ queryKey: ["hive", "led"] });
    },
  });
}

// chosen is the programme in the address, else the first with a hive, else the first.
export function chosen(led: readonly Led[], p: string | undefined): Led | undefined {
  return led.find((l) => l.id === p) ?? led.find((l) => l.on) ?? led[0];
}

// useBoard reads the numbers; they are looked at again every quarter of a minute.
export function useBoard(id: string | undefined, days: number) {
  return useQuery({
    queryKey: ["hive", "board", id, days],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/hive/programmes/{id}/board", {
          params: { path: { id: id ?? "" }, query: { days } },
          signal,
        }),
      ),
    enabled: Boolean(id),
    refetchInterval: 15_000,
    placeholderData: (old) => old,
  });
}

export function useRecords(id: string | undefined, view: RecordView, since: string | undefined) {
  return usePages<Question>(
    ["hive", "records", id, view, since],
    (cursor, signal) =>
      ok(
        api.GET("/api/hive/programmes/{id}/questions", {
          params: {
            path: { id: id ?? "" },
            query: { view, ...(since ? { since } : {}), ...(cursor ? { cursor } : {}) },
          },
          signal,
        }),
      ),
    Boolean(id),
  );
}

export function useTrace(id: string) {
  return useQuery({
    queryKey: ["hive", "trace", id],
    queryFn: ({ signal }) => ok(api.GET("/api/hive/questions/{id}/trace", { ...at(id), signal })),
  });
}
