import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { sendParts } from "../../lib/upload";

export type HistoryFile = Item<"/api/history">;
export type HistoryFull = Got<"/api/history/{id}">;
export type Columns = Record<string, string>;

export interface Reading {
  columns: Columns;
  zone?: string;
  month_first?: boolean;
  directed?: boolean;
}

const at = (id: string) => ({ params: { path: { id } } });

export function useHistory() {
  return useQuery({
    queryKey: ["history"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/history", { params: { query: { limit: 100 } }, signal }))).items ?? [],
    refetchInterval: (q) => (q.state.data?.some((f) => f.state === "running") ? 1000 : 30_000),
  });
}

export function useHistoryFile(id: string) {
  return useQuery({
    queryKey: ["history", id],
    queryFn: ({ signal }) => ok(api.GET("/api/history/{id}", { ...at(id), signal })),
    refetchInterval: (q) => (q.state.data?.state === "running" ? 500 : false),
  });
}

export function useLook(id: string, reading: Reading, on: boolean) {
  return useQuery({
    queryKey: ["history-look", id, reading],
    queryFn: ({ signal }) => ok(api.POST("/api/history/{id}/look", { ...at(id), body: reading, signal })),
    enabled: on,
    retry: false,
    placeholderData: (had) => had,
  });
}

export function useHistoryActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["history", "channels", "wall"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    start: useMutation({
      mutationFn: ({ id, ...body }: Reading & { id: string; dry?: boolean; inbox?: boolean }) =>
        ok(api.POST("/api/history/{id}/start", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    cancel: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/history/{id}/cancel", at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/history/{id}", at(id))),
      onSuccess,
    }),
  };
}

// upload sends a file part by part and says which it is.
export async function upload(
  file: File,
  channel: string,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const f = await ok(api.POST("/api/history", { body: { channel, name: file.name, size: file.size } }));
  const stored = async () => (await ok(api.GET("/api/history/{id}", at(f.id)))).stored;
  await sendParts(`/api/history/${f.id}/part`, file, f.stored, stored, told, signal);
  return f.id;
}
