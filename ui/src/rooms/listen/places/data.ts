import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import type { Asked, PlaceRange } from "./search";

export type Ranking = Got<"/api/places">;
export type Place = Item<"/api/places">;
export type Figures = Place["now"];
export type Dot = NonNullable<Got<"/api/places/map">["dots"]>[number];
export type PlaceDetail = Got<"/api/places/{id}">;
export type PlaceSeries = Got<"/api/places/{id}/series">;
export type Comparison = Got<"/api/places/compare">;
export type Difference = NonNullable<Comparison["rating"]>;
export type Found = Item<"/api/places/find">;
export type Review = Item<"/api/places/{id}/reviews">;
export type Import = Awaited<ReturnType<typeof read>>;

const at = (id: string) => ({ path: { id } });

const read = (body: { csv: string; programme?: string; preview?: boolean }) =>
  ok(api.POST("/api/places/import", { body }));

// usePlaces is the ranking, up to a hundred places; the rest is found by searching.
export function usePlaces(query: Asked) {
  return useQuery({
    queryKey: ["places", "list", query],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/places", { params: { query: { ...query, limit: 100 } }, signal })),
    placeholderData: (old) => old,
    refetchInterval: (q) => (q.state.data?.looking ? 2000 : false),
  });
}

export function useDots(query: Asked) {
  return useQuery({
    queryKey: ["places", "map", query],
    queryFn: ({ signal }) => ok(api.GET("/api/places/map", { params: { query }, signal })),
    placeholderData: (old) => old,
  });
}

export function usePlace(id: string, range: PlaceRange) {
  return useQuery({
    queryKey: ["places", "one", id, range],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/places/{id}", { params: { ...at(id), query: { range } }, signal })),
  });
}

export function usePlaceSeries(id: string, range: PlaceRange) {
  return useQuery({
    queryKey: ["places", "series", id, range],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/places/{id}/series", { params: { ...at(id), query: { range } }, signal })),
  });
}

export function usePlaceWords(id: string, range: PlaceRange) {
  return useQuery({
    queryKey: ["places", "words", id, range],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/places/{id}/words", { params: { ...at(id), query: { range } }, signal })),
  });
}

export function useCompare(a: string | undefined, b: string | undefined, range: PlaceRange) {
  return useQuery({
    queryKey: ["places", "compare", a, b, range],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/places/compare", { params: { query: { a: a ?? "", b: b ?? "", range } }, signal })),
    enabled: Boolean(a && b),
  });
}

export function useReviews(id: string, query: { stars?: number; q?: string; rated?: boolean }) {
  return usePages<Review>(["mentions", "place", id, query], (cursor, signal) =>
    ok(
      api.GET("/api/places/{id}/reviews", {
        params: { ...at(id), query: { ...query, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useFind(q: string) {
  return useQuery({
    queryKey: ["places", "find", q],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/places/find", { params: { query: { q } }, signal }))).items ?? [],
    enabled: q.trim() !== "",
    placeholderData: (old) => old,
  });
}

export interface Branch {
  name: string;
  code: string;
  street: string;
  city: string;
  postcode: string;
  region: string;
  country: string;
  phone: string;
  lat?: number;
  lon?: number;
  refs: { network: string; value: string }[];
  programme: string;
}

export function usePlaceActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["places", "mentions", "wall"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    read: useMutation({
      mutationFn: read,
      meta: { quiet: true },
      onSuccess: (r) => r.imported && onSuccess(),
    }),
    add: useMutation({
      mutationFn: (body: Branch) => ok(api.POST("/api/places", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string; state?: "open" | "closed" } & Partial<Branch>) =>
        ok(api.PATCH("/api/places/{id}", { params: at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/places/{id}", { params: at(id) })),
      onSuccess: () => void cache.invalidateQueries({ queryKey: ["places", "list"] }),
    }),
    correct: useMutation({
      mutationFn: ({ mention, place }: { mention: string; place?: string }) =>
        ok(
          api.POST("/api/mentions/{id}/place", {
            params: at(mention),
            body: place === undefined ? {} : { place },
          }),
        ),
      onSuccess,
    }),
  };
}
