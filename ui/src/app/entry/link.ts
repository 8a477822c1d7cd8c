import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ok } from "../../lib/api";
import { sessionQuery } from "../../lib/session";

// useLink is what a link by token is for; a used or expired one fails.
export function useLink(token: string) {
  return useQuery({
    queryKey: ["link", token],
    queryFn: ({ signal }) => ok(api.GET("/api/links/{token}", { params: { path: { token } }, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

// useTake uses the link up: it makes or mends an account, and signs in.
export function useTake(token: string, done: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (v: Record<string, string>) =>
      ok(
        api.POST("/api/links/{token}", {
          params: { path: { token } },
          body: {
            password: v.password ?? "",
            ...(v.name ? { name: v.name } : {}),
            ...(v.email ? { email: v.email } : {}),
          },
        }),
      ),
    meta: { quiet: true },
    onSuccess: (s) => {
      cache.setQueryData(sessionQuery.queryKey, s);
      done();
    },
  });
}
