import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { Goal, PaceSearch } from "./search";

export type Report = Got<"/api/pledges/report">;
export type Kept = NonNullable<Report["all"]>[number];
export type Outcome = Item<"/api/pledges/outcomes">;

const days = { "7d": 7, "30d": 30, "90d": 90 } as const;

// span is the days of a range, up to and with today.
export function spanOf(range: PaceSearch["range"], now = new Date()) {
  const day = (back: number) => new Date(now.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  return { from: day(days[range ?? "30d"] - 1), to: day(-1) };
}

export function useReport(s: PaceSearch) {
  const query = { ...spanOf(s.range), ...(s.programme ? { programme: s.programme } : {}) };
  return useQuery({
    queryKey: ["pledges", "report", query],
    queryFn: ({ signal }) => ok(api.GET("/api/pledges/report", { params: { query }, signal })),
  });
}

export function useOutcomes(s: PaceSearch & { goal: Goal }) {
  const filter = {
    ...spanOf(s.range),
    goal: s.goal,
    missed: s.show !== "kept",
    ...(s.programme ? { programme: s.programme } : {}),
    ...(s.channel ? { channel: s.channel } : {}),
  };
  return usePages<Outcome>(["pledges", "outcomes", filter], (cursor, signal) =>
    ok(
      api.GET("/api/pledges/outcomes", {
        params: { query: { ...filter, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}
