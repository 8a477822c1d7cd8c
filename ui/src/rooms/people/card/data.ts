import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, key, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Card = Got<"/api/people/{id}/card">;
export type Goal = NonNullable<Card["goals"]>[number];
export type Promised = NonNullable<Card["promises"]>[number];
export type PersonNote = Item<"/api/people/{id}/notes">;
export type Order = Item<"/api/orders">;
type File_ = NonNullable<Card["files"]>[number];
export type Kept = File_;

const at = (id: string) => ({ params: { path: { id } } });

export function useCard(id: string) {
  return useQuery({
    queryKey: ["card", id],
    queryFn: ({ signal }) => ok(api.GET("/api/people/{id}/card", { ...at(id), signal })),
  });
}

// useOutlooks is what may come of somebody, and what one may do next.
export function useOutlooks(id: string) {
  return useQuery({
    queryKey: ["card", id, "outlooks"],
    queryFn: ({ signal }) => ok(api.GET("/api/people/{id}/outlooks", { ...at(id), signal })),
  });
}

export function usePersonNotes(id: string) {
  return usePages<PersonNote>(["card", id, "notes"], (cursor, signal) =>
    ok(
      api.GET("/api/people/{id}/notes", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

export function useOrders(person: string) {
  return usePages<Order>(["deals", "orders", person], (cursor, signal) =>
    ok(
      api.GET("/api/orders", {
        params: { query: { person, limit: 5, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useSpending(person: string) {
  return useQuery({
    queryKey: ["deals", "spending", person],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/people/{id}/spending", { ...at(person), signal }))).items ?? [],
  });
}

async function upload(file: File): Promise<string> {
  const r = await fetch(`/api/files?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "Idempotency-Key": key() },
    body: file,
  });
  const body = (await r.json().catch(() => ({}))) as { id?: string; detail?: string };
  if (!r.ok || !body.id) throw new Error(body.detail ?? r.statusText);
  return body.id;
}

export function useCardActs(person: string) {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of [["card", person], ["timeline"], ["record"]])
      void cache.invalidateQueries({ queryKey: noun });
  };
  return {
    addNote: useMutation({
      mutationFn: (body: { text: string; pinned?: boolean }) =>
        ok(api.POST("/api/people/{id}/notes", { ...at(person), body })),
      onSuccess,
    }),
    editNote: useMutation({
      mutationFn: ({ id, ...body }: { id: string; text?: string; pinned?: boolean }) =>
        ok(api.PATCH("/api/person-notes/{id}", { ...at(id), body })),
      onSuccess,
    }),
    dropNote: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/person-notes/{id}", at(id))),
      onSuccess,
    }),
    addGoal: useMutation({
      mutationFn: (body: { text: string; conversation?: string; message?: string }) =>
        ok(api.POST("/api/people/{id}/goals", { ...at(person), body })),
      onSuccess,
    }),
    editGoal: useMutation({
      mutationFn: ({ id, ...body }: { id: string; status?: "open" | "met" | "dropped" }) =>
        ok(api.PATCH("/api/goals/{id}", { ...at(id), body })),
      onSuccess,
    }),
    addPromise: useMutation({
      mutationFn: (body: { text: string; due_at?: string; owner?: string }) =>
        ok(api.POST("/api/people/{id}/promises", { ...at(person), body })),
      onSuccess,
    }),
    editPromise: useMutation({
      mutationFn: ({ id, ...body }: { id: string; state?: "open" | "kept" | "broken" }) =>
        ok(api.PATCH("/api/promises/{id}", { ...at(id), body })),
      onSuccess,
    }),
    attach: useMutation({
      mutationFn: async (files: readonly File[]) => {
        const ids: string[] = [];
        for (const f of files) ids.push(await upload(f));
        return ok(api.POST("/api/people/{id}/files", { ...at(person), body: { files: ids } }));
      },
      onSuccess,
    }),
    detach: useMutation({
      mutationFn: (file: string) =>
        ok(api.DELETE("/api/people/{id}/files/{file}", { params: { path: { id: person, file } } })),
      onSuccess,
    }),
  };
}
