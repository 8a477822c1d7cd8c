import { MutationCache, QueryClient } from "@tanstack/react-query";
import { tell } from "../kit";
import { Problem, sentenceOf } from "../lib/problem";

// makeCache keeps what the server told. Facts make it stale (lib/live), not time.
export function makeCache(): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      // An act that fails says so, unless its screen does (meta: { quiet: true }).
      onError: (error, _vars, _ctx, mutation) => {
        if (!mutation.meta?.quiet) tell({ text: sentenceOf(error), bad: true });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        retry: (times, error) =>
          times < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
