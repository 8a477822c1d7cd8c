import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";
import type { BondKind } from "./search";

export type Net = Got<"/api/network">;
export type Map = Got<"/api/network/map">;
export type Who = Item<"/api/network/people">;

const on = (programme: string | undefined, kind?: BondKind) => ({
  ...(programme ? { programme } : {}),
  ...(kind ? { kind } : {}),
});

export function useNetwork(programme: string | undefined) {
  return useQuery({
    queryKey: ["network", programme],
    queryFn: ({ signal }) => ok(api.GET("/api/network", { params: { query: on(programme) }, signal })),
    refetchInterval: (q) => (q.state.data?.people ? 60_000 : 5_000), // it is made behind what is heard
  });
}

export function useMap(programme: string | undefined, at: string, kind: BondKind | undefined) {
  return useQuery({
    queryKey: ["network", "map", programme, at, kind],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/network/map", { params: { query: on(programme, kind) }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useNetworkPeople(
  programme: string | undefined,
  circle: number | undefined,
  sort: "bridge" | undefined,
  kind: BondKind | undefined,
) {
  return usePages<Who>(["network", "people", programme, circle, sort, kind], (cursor, signal) =>
    ok(
      api.GET("/api/network/people", {
        params: {
          query: {
            ...on(programme, kind),
            ...(circle === undefined ? {} : { circle }),
            ...(sort ? { sort } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
        signal,
      }),
    ),
  );
}

export function useInfluence(ids: readonly string[], programme: string | undefined) {
  return useQuery({
    queryKey: ["network", "influence", programme, ids],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/network/influence", {
            params: { query: { ...on(programme), identities: ids.join(",") } },
            signal,
          }),
        )
      ).items ?? [],
    enabled: ids.length > 0,
  });
}
