import { t } from "@lingui/core/macro";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { tell } from "../../../kit";
import { api, ok } from "../../../lib/api";
import { sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import type { Message } from "../data";

export type Reason = "spam" | "abuse" | "off_topic" | "private" | "other";
export type Act = "hide" | "show" | "remove" | "retract" | "like" | "unlike";

export interface Why {
  reason: Reason;
  words: string;
}

export const reasons: readonly Reason[] = ["spam", "abuse", "off_topic", "private", "other"];

export function reasonName(r: Reason): string {
  switch (r) {
    case "spam":
      return t`spam`;
    case "abuse":
      return t`abuse`;
    case "off_topic":
      return t`off topic`;
    case "private":
      return t`private data`;
    case "other":
      return t`another reason`;
  }
}

const states = {
  hide: "hiding",
  show: "showing",
  remove: "removing",
  retract: "removing",
} as const;

// wanted is how a message looks once somebody wants something done about it, before the
// network has said so.
export function wanted(
  m: Message,
  act: Act,
  why: Why | undefined,
  me: { id: string; name: string },
): Message {
  if (act === "like" || act === "unlike")
    return { ...m, liked: { on: act === "like", settled: false, by: me } };
  return {
    ...m,
    sight: {
      state: states[act],
      wanted: act,
      hidden: m.sight?.hidden ?? false,
      by: me,
      at: new Date().toISOString(),
      ...(why ? { reason: why.reason, words: why.words } : {}),
    },
  };
}

type Pages = InfiniteData<{ items: Message[] | null }>;

// useModerate does something about a message where it stands. The thread shows it at once;
// what is refused comes back, with why.
export function useModerate(conversation: string) {
  const cache = useQueryClient();
  const me = useSession()?.member;
  const key = ["messages", conversation];
  const put = (id: string, f: (m: Message) => Message) =>
    cache.setQueryData<Pages>(
      key,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((p) => ({
            ...p,
            items: (p.items ?? []).map((m) => (m.id === id ? f(m) : m)),
          })),
        },
    );
  return useMutation({
    mutationFn: ({ m, act, why }: { m: Message; act: Act; why?: Why | undefined }) => {
      const at = { params: { path: { id: m.id } } };
      const body = { reason: why?.reason ?? "other", ...(why?.words ? { words: why.words } : {}) };
      switch (act) {
        case "hide":
          return ok(api.POST("/api/messages/{id}/hide", { ...at, body }));
        case "remove":
          return ok(api.POST("/api/messages/{id}/remove", { ...at, body }));
        case "show":
          return ok(api.POST("/api/messages/{id}/show", at));
        case "retract":
          return ok(api.POST("/api/messages/{id}/take-back", at));
        case "like":
          return ok(api.PUT("/api/messages/{id}/like", at));
        case "unlike":
          return ok(api.DELETE("/api/messages/{id}/like", at));
      }
    },
    meta: { quiet: true },
    onMutate: async ({ m, act, why }) => {
      await cache.cancelQueries({ queryKey: key });
      put(m.id, (old) => wanted(old, act, why, { id: me?.id ?? "", name: me?.name ?? "" }));
    },
    onError: (e, { m }) => {
      put(m.id, () => m);
      tell({ text: sentenceOf(e), bad: true });
    },
    onSuccess: (now) => put(now.id, () => now),
    onSettled: () => void cache.invalidateQueries({ queryKey: key }),
  });
}
