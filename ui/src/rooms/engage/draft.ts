import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Door } from "../../kit";
import { api, type Got, ok } from "../../lib/api";
import { Problem } from "../../lib/problem";

type Kept = Got<"/api/conversations/{id}/draft">;
const doorOf = (v: Kept["visibility"], otherwise: Door): Door =>
  v === "internal" ? "note" : v === "public" || v === "direct" ? v : otherwise;
const visibilityOf = (d: Door) => (d === "note" ? ("internal" as const) : d);

export interface Draft {
  ready: boolean;
  text: string;
  door: Door;
  kept: boolean; // what stands here is also on the server
  write: (text: string) => void;
  open: (door: Door) => void;
  drop: () => void; // it was sent, or is not wanted
}

const wait = 700;

// useDraft keeps what is being written on the server, so that it is there
// tomorrow and on another machine. Mount it once per conversation (key it).
export function useDraft(id: string, first: Door): Draft {
  const cache = useQueryClient();
  const path = { params: { path: { id } } };
  const stored = useQuery({
    queryKey: ["draft", id],
    queryFn: async ({ signal }): Promise<Kept | null> => {
      try {
        return await ok(api.GET("/api/conversations/{id}/draft", { ...path, signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  // A door that is chosen before the draft has come must not stand in its way.
  const [local, setLocal] = useState<{ text?: string; door: Door }>();
  const [kept, setKept] = useState(true);
  const now = {
    text: local?.text ?? stored.data?.text ?? "",
    door: local?.door ?? (stored.data?.text ? doorOf(stored.data.visibility, first) : first),
  };

  const latest = useRef({ ...now, kept });
  latest.current = { ...now, kept };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useRef(async () => {});
  save.current = async () => {
    clearTimeout(timer.current);
    const { text, door } = latest.current;
    try {
      if (text.trim() === "") await ok(api.DELETE("/api/conversations/{id}/draft", path));
      else
        await ok(
          api.PUT("/api/conversations/{id}/draft", {
            ...path,
            body: { text, visibility: visibilityOf(door) },
          }),
        );
      const now: Kept | null = text.trim() === "" ? null : { text, visibility: visibilityOf(door) };
      cache.setQueryData(["draft", id], now);
      if (latest.current.text === text && latest.current.door === door) setKept(true);
    } catch {
      timer.current = setTimeout(() => void save.current(), 5000); // the words are still here; keep trying
    }
  };

  const change = (next: { text: string; door: Door }) => {
    setLocal(next);
    setKept(false);
    latest.current = { ...next, kept: false };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save.current(), wait);
  };

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (!latest.current.kept) void save.current();
    },
    [],
  );

  return {
    ready: stored.data !== undefined || stored.isError || local?.text !== undefined,
    ...now,
    kept: kept && now.text.trim() !== "",
    write: (text) => change({ text, door: now.door }),
    open: (door) =>
      now.text.trim() === ""
        ? setLocal(local?.text === undefined ? { door } : { text: local.text, door })
        : change({ text: now.text, door }),
    drop: () => {
      clearTimeout(timer.current);
      latest.current = { text: "", door: now.door, kept: true };
      setLocal({ text: "", door: now.door });
      setKept(true);
      void save.current();
    },
  };
}
