import { plural, t } from "@lingui/core/macro";
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TagLike } from "../../kit";
import { tell } from "../../kit";
import { api, type Got, type Item, ok } from "../../lib/api";
import type { Talk } from "./data";

export type SavedView = Item<"/api/views">;
export type Team = Item<"/api/teams">;
export type Priority = Talk["priority"];

// useViews are one's saved views, in one's order.
export function useViews() {
  return useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => ok(api.GET("/api/views", { signal })),
  });
}

export function useViewCounts(on: boolean) {
  return useQuery({
    queryKey: ["counts", "views"],
    queryFn: async ({ signal }) => {
      const all = (await ok(api.GET("/api/views/counts", { signal }))).items ?? [];
      return new Map(all.map((c) => [c.id ?? "", c]));
    },
    enabled: on,
  });
}

type ViewBody = {
  name: string;
  conditions: SavedView["conditions"];
  sort: "recent" | "waiting";
  shared: boolean;
  programme?: string;
};

// useViewActs save, change, remove and arrange views.
export function useViewActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: ["views"] });
    void cache.invalidateQueries({ queryKey: ["counts", "views"] });
    void cache.invalidateQueries({ queryKey: ["conversations"] });
  };
  return {
    keep: useMutation({
      mutationFn: ({ id, ...body }: ViewBody & { id?: string | undefined }) =>
        id
          ? ok(api.PUT("/api/views/{id}", { params: { path: { id } }, body }))
          : ok(api.POST("/api/views", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/views/{id}", { params: { path: { id } } })),
      onSuccess,
    }),
    shelve: useMutation({
      mutationFn: (body: { views: string[]; first?: string }) => ok(api.PUT("/api/views/shelf", { body })),
      onMutate: ({ views, first }) =>
        cache.setQueryData<Got<"/api/views">>(["views"], (old) => {
          if (!old) return old;
          const { first: _, ...rest } = old;
          const at = (v: SavedView) => (views.includes(v.id) ? views.indexOf(v.id) : views.length);
          return {
            ...rest,
            ...(first ? { first } : {}),
            items: [...(old.items ?? [])].sort((a, b) => at(a) - at(b)),
          };
        }),
      onSuccess,
    }),
  };
}

export function usePreview(conditions: SavedView["conditions"], sort: "recent" | "waiting") {
  return useQuery({
    queryKey: ["conversations", "preview", conditions, sort],
    queryFn: ({ signal }) => ok(api.POST("/api/views/preview", { body: { conditions, sort }, signal })),
    retry: false,
    placeholderData: (old) => old,
  });
}

export function useTeams() {
  return useQuery({
    queryKey: ["counts", "teams"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/teams", { signal }))).items ?? [],
  });
}

export type Act = "resolve" | "reopen" | "assign" | "team" | "priority" | "tag" | "untag" | "snooze" | "move";

export interface Deed {
  talks: readonly Pick<Talk, "id" | "author">[]; // as they were before
  act: Act;
  member?: { id: string; name: string } | undefined;
  team?: { id: string; name: string } | undefined;
  priority?: Priority;
  tags?: readonly TagLike[];
  programme?: { id: string; name: string } | undefined;
  until?: string;
}

// changed is how a conversation looks once a deed is done, before the server has said so.
export function changed<T extends Talk>(c: T, d: Deed): T {
  const { assignee, team, programme, ...rest } = c;
  const all = {
    ...rest,
    ...(assignee ? { assignee } : {}),
    ...(team ? { team } : {}),
    ...(programme ? { programme } : {}),
  } as T;
  const tags = c.tags ?? [];
  switch (d.act) {
    case "resolve":
      return { ...c, state: "resolved", turn: "settled" };
    case "reopen":
      return { ...c, state: "open", turn: "ours" };
    case "snooze":
      return { ...c, state: "snoozed", ...(d.until ? { snoozed_until: d.until } : {}) };
    case "assign":
      if (!d.member) delete all.assignee;
      return d.member ? { ...c, assignee: d.member } : all;
    case "team":
      if (!d.team) delete all.team;
      return d.team ? { ...c, team: d.team } : all;
    case "move":
      if (!d.programme) delete all.programme;
      return d.programme ? { ...c, programme: d.programme } : all;
    case "priority":
      return { ...c, priority: d.priority ?? "normal" };
    case "tag":
      return {
        ...c,
        tags: [...tags, ...(d.tags ?? []).filter((x) => !tags.some((y) => y.id === x.id))] as T["tags"],
      };
    case "untag":
      return { ...c, tags: tags.filter((x) => !d.tags?.some((y) => y.id === x.id)) };
  }
}

type Lists = InfiniteData<{ items: Talk[] | null }>;
// What leaves which of the lists that are always there.
const leaves = (view: unknown, state: Talk["state"]) =>
  (view === "open" || view === "waiting" || view === "snoozed" || view === "resolved") && view !== state
    ? true
    : (view === "mine" || view === "unassigned") && (state === "resolved" || state === "snoozed");

// useDeed does one thing with conversations. The lists show it at once; what the server
// refuses comes back, with why. One press takes all of it back.
export function useDeed() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["conversations", "conversation", "messages", "counts", "home"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const undo = useMutation({
    mutationFn: (id: string) => ok(api.POST("/api/deeds/{id}/undo", { params: { path: { id } } })),
    onSuccess: (o) => {
      const why = o.refused?.[0]?.why;
      if (why) tell({ text: why, bad: true });
    },
    onSettled: fresh,
  });
  const act = useMutation({
    mutationFn: ({ talks, act, member, team, priority, tags, programme, until }: Deed) =>
      ok(
        api.POST("/api/conversations/bulk", {
          body: {
            ids: talks.map((x) => x.id),
            act,
            ...(member ? { member: member.id } : {}),
            ...(team ? { team: team.id } : {}),
            ...(priority ? { priority } : {}),
            ...(tags ? { tags: tags.map((x) => x.id) } : {}),
            ...(programme ? { programme: programme.id } : {}),
            ...(until ? { until } : {}),
          },
        }),
      ),
    onMutate: async (d) => {
      await cache.cancelQueries({ queryKey: ["conversations", "list"] });
      const ids = new Set(d.talks.map((x) => x.id));
      const before = [
        ...cache.getQueriesData({ queryKey: ["conversations", "list"] }),
        ...[...ids].map((id) => [["conversation", id], cache.getQueryData(["conversation", id])] as const),
      ];
      for (const [key] of cache.getQueriesData<Lists>({ queryKey: ["conversations", "list"] })) {
        const filter = key[2] as { view?: string; saved?: string } | undefined;
        cache.setQueryData<Lists>(
          key,
          (old) =>
            old && {
              ...old,
              pages: old.pages.map((p) => ({
                ...p,
                items: (p.items ?? [])
                  .map((c) => (ids.has(c.id) ? changed(c, d) : c))
                  .filter((c) => !ids.has(c.id) || filter?.saved || !leaves(filter?.view, c.state)),
              })),
            },
        );
      }
      for (const id of ids)
        cache.setQueryData<Talk>(["conversation", id], (old) => (old ? changed(old, d) : old));
      return { before };
    },
    onError: (_e, _d, was) => {
      for (const [key, data] of was?.before ?? []) if (data !== undefined) cache.setQueryData(key, data);
    },
    onSuccess: (o, d) => {
      const first = o.refused?.[0];
      if (!first) return;
      const n = o.refused?.length ?? 0;
      const who = d.talks.find((x) => x.id === first.id)?.author.name ?? "";
      const why = first.why;
      tell({
        bad: true,
        text:
          n === 1
            ? t`Not done with ${who}: ${why}`
            : plural(n, {
                one: `Not done with # conversation: ${why}`,
                other: `Not done with # conversations: ${why}`,
              }),
      });
    },
    onSettled: fresh,
  });
  return { act, undo };
}

// doDeed does it and offers to take it back; false when it was refused.
export async function doDeed(deed: ReturnType<typeof useDeed>, d: Deed, text: string): Promise<boolean> {
  try {
    const o = await deed.act.mutateAsync(d);
    const id = o.undo;
    if (id && o.done > 0) tell({ text, undo: () => deed.undo.mutate(id) });
    return o.done > 0;
  } catch {
    return false; // the cache has told why
  }
}
