import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { tell } from "../../kit";
import { api, ok } from "../../lib/api";
import type { TalkFull } from "./data";

const at = (id: string) => ({ params: { path: { id } } });
export const mostMerged = 20;

// useKin are the newest other conversations of the same person.
export function useKin(id: string, on: boolean) {
  return useQuery({
    queryKey: ["conversations", "kin", id],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/conversations/{id}/kin", { ...at(id), signal }))).items ?? [],
    enabled: on,
  });
}

// useFound are conversations that hold some words, of all that there are.
export function useFound(words: string) {
  return useQuery({
    queryKey: ["conversations", "found", words],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/conversations", { params: { query: { view: "all", q: words, limit: 20 } }, signal }),
        )
      ).items ?? [],
    enabled: words !== "",
    placeholderData: (old) => old,
  });
}

// useMerges merge, take apart and split; each says what it did and how to take it back.
export function useMerges() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["conversations", "conversation", "messages", "counts", "home", "timeline"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const undo = useMutation({
    mutationFn: (id: string) => ok(api.POST("/api/deeds/{id}/undo", at(id))),
    onSuccess: () => tell({ text: t`All is as it was.` }),
    onSettled: fresh,
  });
  return {
    merge: useMutation({
      mutationFn: ({ into, others }: { into: string; others: string[] }) =>
        ok(api.POST("/api/conversations/{id}/merge", { ...at(into), body: { conversations: others } })),
      onSuccess: (o, { others }) => {
        const id = o.undo;
        const n = others.length + 1;
        const text = plural(n, { one: "# conversation is one.", other: "# conversations are one now." });
        tell({ text, ...(id ? { undo: () => undo.mutate(id) } : {}) });
      },
      onSettled: fresh,
    }),
    unmerge: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/conversations/{id}/unmerge", at(id))),
      onSuccess: (c) => tell({ text: t`${c.author.name} stands apart again, with all that was said.` }),
      onSettled: fresh,
    }),
    split: useMutation({
      mutationFn: ({ id, messages }: { id: string; messages: string[] }) =>
        ok(api.POST("/api/conversations/{id}/split", { ...at(id), body: { messages } })),
      onSuccess: (o, { messages }) => {
        const text = plural(messages.length, {
          one: "# message has a conversation of its own.",
          other: "# messages have a conversation of their own.",
        });
        tell({ text, undo: () => undo.mutate(o.undo) });
      },
      onSettled: fresh,
    }),
  };
}

// throughWay is a conversation as it looks to a reply that goes one of its ways.
export function throughWay(c: TalkFull, via: string | undefined): TalkFull {
  const way = c.ways?.find((w) => w.conversation === via) ?? c.ways?.[0];
  if (!way) return c;
  const { channel, author, visibility, abilities, reply, gate } = way;
  return { ...c, channel, author, visibility, abilities, reply, gate };
}
