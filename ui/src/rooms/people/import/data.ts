import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";
import { sendParts } from "../../../lib/upload";

export type Import = Item<"/api/imports">;
export type ImportFull = Got<"/api/imports/{id}">;
export type Reading = ImportFull["settings"];

const at = (id: string) => ({ params: { path: { id } } });

export const works = (state: string) => state === "running" || state === "undoing";

export function useImports(on: boolean) {
  return usePages<Import>(
    ["imports", "list"],
    (cursor, signal) => ok(api.GET("/api/imports", { params: { query: cursor ? { cursor } : {} }, signal })),
    on,
  );
}

export function useImport(id: string) {
  return useQuery({
    queryKey: ["imports", id],
    queryFn: ({ signal }) => ok(api.GET("/api/imports/{id}", { ...at(id), signal })),
    refetchInterval: (q) => (works(q.state.data?.state ?? "") ? 500 : false),
  });
}

export function useLook(id: string, reading: Reading) {
  return useQuery({
    queryKey: ["import-look", id, reading],
    queryFn: ({ signal }) => ok(api.POST("/api/imports/{id}/look", { ...at(id), body: reading, signal })),
    retry: false,
    placeholderData: (had) => had,
  });
}

export function useOwnFields(of: "person" | "organization") {
  return useQuery({
    queryKey: ["deals", "fields", of],
    queryFn: async ({ signal }) =>
      ((await ok(api.GET("/api/fields", { params: { query: { of } }, signal }))).items ?? []).filter(
        (f) => !f.archived,
      ),
  });
}

export function useProgrammes() {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/programmes", { params: { query: { limit: 100 } }, signal }))).items ?? [],
  });
}

export function useImportActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["imports", "people", "deals"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    start: useMutation({
      mutationFn: ({ id, reading, dry }: { id: string; reading: Reading; dry: boolean }) =>
        ok(api.POST("/api/imports/{id}/start", { ...at(id), body: { ...reading, dry } })),
      meta: { quiet: true },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/imports/{id}/cancel", at(id))),
      onSuccess,
    }),
    undo: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/imports/{id}/undo", at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/imports/{id}", at(id))),
      onSuccess,
    }),
  };
}

// upload sends a file part by part and says which import it is.
export async function upload(
  file: File,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const f = await ok(api.POST("/api/imports", { body: { name: file.name, size: file.size } }));
  const stored = async () => (await ok(api.GET("/api/imports/{id}", at(f.id)))).stored;
  await sendParts(`/api/imports/${f.id}/part`, file, f.stored, stored, told, signal);
  return f.id;
}
