import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "../../../lib/api";

export type Retained = Got<"/api/privacy/retention">;
export type Rule = NonNullable<Retained["rules"]>[number];
export type Run = NonNullable<Retained["last"]>;
export type Line = NonNullable<Run["lines"]>[number];
export type Kind = Rule["kind"];

const at = (id: string) => ({ params: { path: { id } } });

export function useRetention(on: boolean) {
  return useQuery({
    queryKey: ["privacy", "retention"],
    queryFn: ({ signal }) => ok(api.GET("/api/privacy/retention", { signal })),
    enabled: on,
    refetchInterval: (q) => (q.state.data?.last?.state === "running" ? 1000 : false),
  });
}

export function useRetentionActs() {
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ["privacy", "retention"] });
  return {
    add: useMutation({
      mutationFn: (body: { kind: Kind; months: number; channel?: string; even?: boolean }) =>
        ok(api.POST("/api/privacy/retention/rules", { body })),
      onSuccess,
    }),
    edit: useMutation({
      mutationFn: ({ id, ...body }: { id: string; months?: number; even?: boolean; on?: boolean }) =>
        ok(api.PATCH("/api/privacy/retention/rules/{id}", { ...at(id), body })),
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/privacy/retention/rules/{id}", at(id))),
      onSuccess,
    }),
    run: useMutation({
      mutationFn: (dry: boolean) => ok(api.POST("/api/privacy/retention/runs", { body: { dry } })),
      onSuccess,
    }),
  };
}

export const kinds: readonly Kind[] = ["conversations", "posts", "files", "raw", "visits", "persons"];
export const narrow = (k: Kind) => k !== "visits" && k !== "persons";
export const terms = (k: Kind): readonly number[] =>
  k === "raw" ? [1, 2, 3] : [1, 3, 6, 12, 18, 24, 36, 60, 84, 120];

export function kindName(k: Kind): string {
  switch (k) {
    case "conversations":
      return t`Words of conversations`;
    case "posts":
      return t`Posts on the wall`;
    case "files":
      return t`Files`;
    case "raw":
      return t`Events as they arrived`;
    case "visits":
      return t`Visits and guests`;
    default:
      return t`Persons`;
  }
}

// kindMeans says in plain words what goes by a rule, and what stays.
export function kindMeans(k: Kind, even: boolean): string {
  switch (k) {
    case "conversations":
      return t`What was said, noted and attached in conversations that were resolved so long ago and have been silent since. Who talked with us, when, and how it went still counts.`;
    case "posts":
      return t`The words of posts that no conversation holds. That they were there, how they felt and how far they reached still counts.`;
    case "files":
      return t`Pictures and documents that came or went with messages, or hang on persons. The messages stay and say that a file was there.`;
    case "raw":
      return t`What networks sent us, as they sent it. It is never kept for longer than ninety days; a rule makes that shorter.`;
    case "visits":
      return t`Who was sent which link, names and addresses of guests of events that are over, and words of readers on the help page. How often and how many still counts.`;
    default:
      return even
        ? t`Everybody of whom nothing was heard for so long and with whom no conversation is open, also with orders, opportunities, goals or promises. They go as by an erasure: no name stays anywhere. What they say afterwards is a new beginning.`
        : t`Everybody of whom nothing was heard for so long, with whom no conversation is open, and who has no orders, opportunities, goals or promises. They go as by an erasure: no name stays anywhere. What they say afterwards is a new beginning.`;
  }
}
