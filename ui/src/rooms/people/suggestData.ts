import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { day } from "../../lib/format";
import { usePages } from "../../lib/pages";

export type Suggestion = Item<"/api/suggestions">;
export type Compared = Got<"/api/suggestions/{id}">;
export type State = "open" | "accepted" | "declined" | "stale";
export type Side = "survivor" | "other";

export function useSuggestions(state: State, person?: string) {
  return usePages<Suggestion>(["suggestions", state, person ?? ""], (cursor, signal) =>
    ok(
      api.GET("/api/suggestions", {
        params: { query: { state, ...(person ? { person } : {}), ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
}

export function useWaiting() {
  return useQuery({
    queryKey: ["suggestions", "count"],
    queryFn: ({ signal }) => ok(api.GET("/api/suggestions/count", { signal })),
  });
}

export function useSuggestion(id: string) {
  return useQuery({
    queryKey: ["suggestion", id],
    queryFn: ({ signal }) => ok(api.GET("/api/suggestions/{id}", { params: { path: { id } }, signal })),
  });
}

export interface Choice {
  survivor: string;
  name?: string;
  place?: string;
  notes?: string;
}

export function useDecide(id: string) {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["suggestion", "suggestions", "person", "people", "timeline", "conversations"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const path = { path: { id } };
  const accept = useMutation({
    mutationFn: (body: Choice) => ok(api.POST("/api/suggestions/{id}/accept", { params: path, body })),
    onSettled: fresh,
  });
  const decline = useMutation({
    mutationFn: () => ok(api.POST("/api/suggestions/{id}/decline", { params: path })),
    onSettled: fresh,
  });
  const reopen = useMutation({
    mutationFn: () => ok(api.POST("/api/suggestions/{id}/reopen", { params: path })),
    onSettled: fresh,
  });
  const undo = useMutation({
    mutationFn: (merge: string) =>
      ok(api.POST("/api/people/merges/{merge}/undo", { params: { path: { merge } } })),
    onSettled: fresh,
  });
  return { accept, decline, reopen, undo };
}

// reasonWord says in the reader's language what the server gives as a reason,
// and whether it speaks against.
export function reasonWord(reason: string): { text: string; against: boolean } {
  const words: Record<string, string> = {
    "proved the same phone number on both accounts": t`Proved the same phone number on both accounts`,
    "proved the same e-mail address on both accounts": t`Proved the same email address on both accounts`,
    "wrote the other's e-mail address": t`Wrote the other’s email address`,
    "wrote the other's phone number": t`Wrote the other’s phone number`,
    "wrote the other's handle": t`Wrote the other’s handle`,
    "profile names the other's e-mail address": t`A profile names the other’s email address`,
    "profile names the other's phone number": t`A profile names the other’s phone number`,
    "profile names the other's account": t`A profile names the other’s account`,
    "profile names the other's site": t`A profile names the other’s page`,
    "profile and the other's page lead to each other": t`A profile and the other’s page lead to each other`,
    "the profiles of both name the other's account": t`The profiles of both name the other’s account`,
    "both name the same account": t`Both name the same account`,
    "both name the same site": t`Both name the same page`,
    "same e-mail": t`Same email`,
    "same phone": t`Same phone`,
    "same handle": t`Same handle`,
    "same surname": t`Same surname`,
    "similar surname": t`Similar surname`,
    "resembling surname": t`Surname sounds alike`,
    "same given name": t`Same given name`,
    "similar given name": t`Similar given name`,
    "resembling given name": t`Given name sounds alike`,
    "same initial": t`Same initial`,
    "names swapped": t`Names swapped`,
    "surname differs": t`Surname differs`,
    "given name differs": t`Given name differs`,
  };
  return { text: words[reason] ?? signed(reason) ?? reason, against: reason.endsWith("differs") };
}

// signed says what a signature names, and of which day it is.
function signed(reason: string): string | undefined {
  const [, on, what] = /^signature of (\d{4}-\d\d-\d\d) names the other's (.+)$/.exec(reason) ?? [];
  if (!on) return undefined;
  const at = day(`${on}T12:00`);
  switch (what) {
    case "phone number":
      return t`A signature of ${at} names the other’s phone number`;
    case "e-mail address":
      return t`A signature of ${at} names the other’s email address`;
    case "account":
      return t`A signature of ${at} names the other’s account`;
    case "site":
      return t`A signature of ${at} names the other’s page`;
  }
  return undefined;
}
