import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import { Problem } from "../../../lib/problem";

export type Deal = Item<"/api/opportunities">;
export type DealFull = Got<"/api/opportunities/{id}">;
export type Pipeline = NonNullable<Got<"/api/pipelines">["items"]>[number];
export type Stage = NonNullable<Pipeline["stages"]>[number];
export type Forecast = Got<"/api/pipelines/{id}/totals">;
export type Org = Item<"/api/organizations">;
export type OrgFull = Got<"/api/organizations/{id}">;
export type Role = Item<"/api/organizations/{id}/people">;
export type Value = NonNullable<OrgFull["values"]>[number];

const at = (id: string) => ({ params: { path: { id } } });

// fault is what the server says of one field.
export function fault(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  return error.field?.replace(/^body\./, "") === field ? error.message : error.fields?.[field];
}

export function usePipelines() {
  return useQuery({
    queryKey: ["deals", "pipelines"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/pipelines", { signal }))).items ?? [],
  });
}

export function useForecast(pipeline: string | undefined) {
  return useQuery({
    queryKey: ["deals", "totals", pipeline],
    queryFn: ({ signal }) => ok(api.GET("/api/pipelines/{id}/totals", { ...at(pipeline ?? ""), signal })),
    enabled: Boolean(pipeline),
  });
}

export interface DealFilter {
  pipeline?: string;
  stage?: string;
  state?: "open" | "won" | "lost";
  owner?: string;
  person?: string;
  organization?: string;
  conversation?: string;
  q?: string;
}

export function useDeals(f: DealFilter, on = true) {
  return usePages<Deal>(
    ["deals", "list", f],
    (cursor, signal) =>
      ok(
        api.GET("/api/opportunities", { params: { query: { ...f, ...(cursor ? { cursor } : {}) } }, signal }),
      ),
    on,
  );
}

export function useDeal(id: string) {
  return useQuery({
    queryKey: ["deals", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/api/opportunities/{id}", { ...at(id), signal })),
  });
}

export function useOrgs(q: string | undefined, on = true) {
  return usePages<Org>(
    ["deals", "orgs", q ?? ""],
    (cursor, signal) =>
      ok(
        api.GET("/api/organizations", {
          params: { query: { ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    on,
  );
}

export function useOrg(id: string) {
  return useQuery({
    queryKey: ["deals", "org", id],
    queryFn: ({ signal }) => ok(api.GET("/api/organizations/{id}", { ...at(id), signal })),
  });
}

export function useStaff(id: string) {
  return usePages<Role>(["deals", "staff", id], (cursor, signal) =>
    ok(
      api.GET("/api/organizations/{id}/people", {
        params: { path: { id }, query: cursor ? { cursor } : {} },
        signal,
      }),
    ),
  );
}

export function useRoles(person: string) {
  return useQuery({
    queryKey: ["deals", "roles", person],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/people/{id}/affiliations", { ...at(person), signal }))).items ?? [],
  });
}

export function useValues(of: "person" | "organization" | "opportunity", id: string) {
  return useQuery({
    queryKey: ["deals", "values", of, id],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/fields/{of}/{id}", { params: { path: { of, id } }, signal }))).items ?? [],
  });
}

export function useColleagues() {
  return useQuery({
    queryKey: ["mates"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/mates", { signal }))).items ?? [],
  });
}

export interface DealWritten {
  name?: string;
  person?: string;
  organization?: string;
  programme?: string;
  owner?: string;
  amount?: number;
  currency?: string;
  close_on?: string;
  next_step?: string;
  next_on?: string;
}

export interface OrgWritten {
  name?: string;
  domain?: string;
  industry?: string;
  parent?: string;
  programme?: string;
  owner?: string;
}

export function useDealActs() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["deals", "timeline", "record"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  const kept = (d: DealFull) => {
    cache.setQueryData(["deals", "one", d.id], d);
    fresh();
  };
  return {
    add: useMutation({
      mutationFn: (body: DealWritten & { conversation?: string; stage?: string; pipeline?: string }) =>
        ok(api.POST("/api/opportunities", { body })),
      meta: { quiet: true },
      onSuccess: kept,
    }),
    edit: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & DealWritten) =>
        ok(api.PATCH("/api/opportunities/{id}", { ...at(id), body })),
      onSuccess: kept,
    }),
    move: useMutation({
      mutationFn: ({ id, ...body }: { id: string; to: string; from?: string; reason?: string }) =>
        ok(api.POST("/api/opportunities/{id}/stage", { ...at(id), body })),
      onSuccess: (d) => cache.setQueryData(["deals", "one", d.id], d),
      onSettled: () => cache.invalidateQueries({ queryKey: ["deals"] }),
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/opportunities/{id}", at(id))),
      onSuccess: fresh,
    }),
    hold: useMutation({
      mutationFn: ({ id, conversation, on }: { id: string; conversation: string; on: boolean }) => {
        const where = { params: { path: { id, conversation } } };
        return ok(
          on
            ? api.PUT("/api/opportunities/{id}/conversations/{conversation}", where)
            : api.DELETE("/api/opportunities/{id}/conversations/{conversation}", where),
        );
      },
      onSuccess: kept,
    }),
    addOrg: useMutation({
      mutationFn: (body: OrgWritten & { name: string }) => ok(api.POST("/api/organizations", { body })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
    editOrg: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & OrgWritten) =>
        ok(api.PATCH("/api/organizations/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
    affiliate: useMutation({
      mutationFn: ({ org, ...body }: { org: string; person: string; title?: string; since?: string }) =>
        ok(api.POST("/api/organizations/{id}/people", { ...at(org), body })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
    role: useMutation({
      mutationFn: ({ id, ...body }: { id: string; title?: string; since?: string; until?: string }) =>
        ok(api.PATCH("/api/affiliations/{id}", { ...at(id), body })),
      onSuccess: fresh,
    }),
    part: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/affiliations/{id}", at(id))),
      onSuccess: fresh,
    }),
    fill: useMutation({
      mutationFn: ({
        of,
        id,
        values,
      }: {
        of: "person" | "organization" | "opportunity";
        id: string;
        values: Record<string, string>;
      }) => ok(api.PUT("/api/fields/{of}/{id}", { params: { path: { of, id } }, body: { values } })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
  };
}
