import { useSyncExternalStore } from "react";

export const phone = "(max-width: 39.99rem)";
export const narrow = "(max-width: 56.24rem)";
export const medium = "(max-width: 74.99rem)";

// useMedia answers a media query, live.
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", tell);
      return () => list.removeEventListener("change", tell);
    },
    () => window.matchMedia(query).matches,
  );
}
