import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";
import type { Marks, Subject, spanOf } from "./search";
import { zone } from "./search";

export type Explored = Got<"/api/explore">;
export type Amount = Explored["total"];
export type Facet = NonNullable<Explored["facets"]>[number];
export type Value = NonNullable<Facet["values"]>[number];
export type Trend = Got<"/api/explore/trend">;
export type Voice = Got<"/api/explore/voice">;
export type Bursts = Got<"/api/explore/bursts">;
export type Monitor = Item<"/api/monitors">;
export type Mention = Item<"/api/mentions">;
export type Span = ReturnType<typeof spanOf>;

export function useExplore(subject: Subject, span: Span, on = true) {
  return useQuery({
    queryKey: ["series", "explore", subject, span],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/explore", { params: { query: { ...subject, ...span } }, signal })),
    enabled: on,
    placeholderData: (old) => old,
  });
}

export function useTrend(subject: Subject, span: Span, facet: string, value: string) {
  return useQuery({
    queryKey: ["series", "trend", subject, span, facet, value],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/explore/trend", { params: { query: { ...subject, ...span, facet, value } }, signal })),
    enabled: facet !== "" && value !== "",
  });
}

// useBursts asks for more work than the rest; it is not asked with every post.
export function useBursts(subject: Subject, span: Span) {
  return useQuery({
    queryKey: ["bursts", subject, span],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/explore/bursts", { params: { query: { ...subject, ...span } }, signal })),
    staleTime: 60_000,
    placeholderData: (old) => old,
  });
}

export function useVoice(span: Span, monitors: readonly string[]) {
  return useQuery({
    queryKey: ["series", "voice", span, monitors],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/explore/voice", {
          params: { query: { ...span, ...(monitors.length ? { monitors: monitors.join(",") } : {}) } },
          signal,
        }),
      ),
    placeholderData: (old) => old,
  });
}

export function useMonitors() {
  return useQuery({
    queryKey: ["monitors"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/monitors", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/channels", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useProgrammes(on: boolean) {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    enabled: on,
  });
}

// filterOf is the list that a subject's numbers agree with, narrowed by marks.
export function filterOf(subject: Subject, bounds: { from: string; to: string }, marks: Marks) {
  const { on, since, until, ...rest } = marks;
  const channel = on ?? subject.channel;
  return {
    ...rest,
    ...(subject.monitor ? { monitor: subject.monitor } : { counted: true }),
    ...(subject.programme ? { programme: subject.programme } : {}),
    ...(channel ? { channel } : {}),
    since: since ?? bounds.from,
    until: until ?? bounds.to,
    ...(rest.slot ? { tz: zone() } : {}),
  } as Record<string, string | boolean>;
}

export function usePosts(filter: Record<string, string | boolean> | undefined) {
  return usePages<Mention>(
    ["mentions", "explored", filter],
    (cursor, signal) =>
      ok(
        api.GET("/api/mentions", {
          params: { query: { ...filter, limit: 30, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    filter !== undefined,
  );
}

// useCount is how many posts the list has, as far as that was looked at.
export function useCount(filter: Record<string, string | boolean> | undefined) {
  return useQuery({
    queryKey: ["mentions", "count", filter],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/mentions/facets", { params: { query: { ...filter } }, signal })),
    enabled: filter !== undefined,
    placeholderData: (old) => old,
  });
}
