import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { useMay } from "../../lib/session";

export type Today = Got<"/api/home">;
export type Need = Today["needs"][number];

export function useToday() {
  return useQuery({
    queryKey: ["home"],
    queryFn: ({ signal }) => ok(api.GET("/api/home", { signal })),
    refetchInterval: 60_000, // "since midnight" and "waits" move by themselves
  });
}

export type Alarm = Item<"/api/alerts">;

// useAlarms are the newest alerts that nobody looks after.
export function useAlarms() {
  return useQuery({
    queryKey: ["alerts", "home"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/alerts", { params: { query: { state: ["open"], limit: 4 } }, signal })))
        .items ?? [],
    enabled: useMay("listen.read"),
  });
}
