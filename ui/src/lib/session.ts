import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, type Got, ok } from "./api";

export type Session = Got<"/api/session">;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => ok(api.GET("/api/session", { signal })),
  staleTime: 60_000,
});

// useSession is who we are; the shell is only drawn when we are somebody.
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

// useMay says whether this member may do something: useMay("monitor.write").
export function useMay(permission: string): boolean {
  return useSession()?.member?.permissions?.includes(permission) ?? false;
}
