import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Item, ok } from "../../lib/api";
import { usePages } from "../../lib/pages";

export type Notice = Item<"/api/notices">;

export function useNotices(limit: number) {
  return usePages<Notice>(["notices", "list", limit], (cursor, signal) =>
    ok(api.GET("/api/notices", { params: { query: { limit, ...(cursor ? { cursor } : {}) } }, signal })),
  );
}

// useSee marks notices as seen: these, or all.
export function useSee() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (ids?: string[]) => ok(api.POST("/api/notices/read", { body: ids ? { ids } : {} })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["notices"] }),
  });
}
