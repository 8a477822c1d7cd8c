import { useQuery } from "@tanstack/react-query";
import { api, type Got, ok } from "../../lib/api";

export type Today = Got<"/api/home">;
export type Need = Today["needs"][number];

export function useToday() {
  return useQuery({
    queryKey: ["home"],
    queryFn: ({ signal }) => ok(api.GET("/api/home", { signal })),
    refetchInterval: 60_000, // "since midnight" and "waits" move by themselves
  });
}
