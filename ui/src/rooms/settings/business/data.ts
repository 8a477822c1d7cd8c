import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, ok } from "../../../lib/api";

export type CustomField = NonNullable<Got<"/api/fields">["items"]>[number];
export type Pipeline = NonNullable<Got<"/api/pipelines">["items"]>[number];
export type Stage = NonNullable<Pipeline["stages"]>[number];

export type Of = "person" | "organization" | "opportunity";
export type FieldType = "text" | "number" | "date" | "bool" | "choice";

export function useFields() {
  return useQuery({
    queryKey: ["deals", "fields"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/fields", { signal }))).items ?? [],
  });
}

export function usePipelines() {
  return useQuery({
    queryKey: ["deals", "pipelines"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/pipelines", { signal }))).items ?? [],
  });
}

interface Written {
  name: string;
  stages: Stage[];
  reasons: string[];
  archived: boolean;
}

export function useBusinessActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["deals"] });
  return {
    addField: useMutation({
      mutationFn: (body: {
        of: Of;
        name: string;
        type: FieldType;
        choices?: string[];
        customers_correct?: boolean;
      }) => ok(api.POST("/api/fields", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    editField: useMutation({
      mutationFn: ({
        id,
        ...body
      }: {
        id: string;
        name?: string;
        choices?: string[];
        position?: number;
        archived?: boolean;
        customers_correct?: boolean;
      }) => ok(api.PATCH("/api/fields/{id}", { params: { path: { id } }, body })),
      onSuccess,
    }),
    addPipeline: useMutation({
      mutationFn: (body: Written) => ok(api.POST("/api/pipelines", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    editPipeline: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & Written) =>
        ok(api.PUT("/api/pipelines/{id}", { params: { path: { id } }, body })),
      meta: { quiet: true },
      onSuccess,
    }),
  };
}
