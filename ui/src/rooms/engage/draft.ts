import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Door } from "../../kit";
import { api, type Got, ok } from "../../lib/api";
import { Problem } from "../../lib/problem";

type Kept = Got<"/api/conversations/{id}/draft">;
const doorOf = (v: Kept["visibility"], otherwise: Door): Door =>
  v === "internal" ? "note" : v === "public" || v === "direct" ? v : otherwise;
export type GoingFile = NonNullable<Kept["files"]>[number];
export const itemsOf = (files: readonly GoingFile[]) =>
  files.map((f) => ({ file: f.id, ...(f.alt?.trim() ? { alt: f.alt.trim() } : {}) }));
const visibilityOf = (d: Door) => (d === "note" ? ("internal" as const) : d);

export interface Draft {
  ready: boolean;
  text: string;
  door: Door;
  files: readonly GoingFile[]; // that are to go along
  kept: boolean; // what stands here is also on the server
  write: (text: string) => void;
  put: (text: string, files: readonly GoingFile[]) => void; // what was taken back
  enclose: (change: (files: readonly GoingFile[]) => readonly GoingFile[]) => void;
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
  const [local, setLocal] = useState<{ text?: string; door: Door; files?: readonly GoingFile[] }>();
  const [kept, setKept] = useState(true);
  const now = {
    text: local?.text ?? stored.data?.text ?? "",
    files: local?.files ?? stored.data?.files ?? [],
    door:
      local?.door ??
      (stored.data?.text || stored.data?.files?.length ? doorOf(stored.data.visibility, first) : first),
  };

  const latest = useRef({ ...now, kept });
  latest.current = { ...now, kept };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useRef(async () => {});
  save.current = async () => {
    clearTimeout(timer.current);
    const { text, door, files } = latest.current;
    const none = text.trim() === "" && files.length === 0;
    try {
      if (none) await ok(api.DELETE("/api/conversations/{id}/draft", path));
      else
        await ok(
          api.PUT("/api/conversations/{id}/draft", {
            ...path,
            body: {
              text,
              visibility: visibilityOf(door),
              ...(files.length > 0 ? { files: itemsOf(files) } : {}),
            },
          }),
        );
      const now: Kept | null = none ? null : { text, visibility: visibilityOf(door), files: [...files] };
      cache.setQueryData(["draft", id], now);
      if (latest.current.text === text && latest.current.door === door && latest.current.files === files)
        setKept(true);
    } catch {
      timer.current = setTimeout(() => void save.current(), 5000); // the words are still here; keep trying
    }
  };

  const change = (next: { text: string; door: Door; files: readonly GoingFile[] }) => {
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
    kept: kept && (now.text.trim() !== "" || now.files.length > 0),
    write: (text) => change({ text, door: now.door, files: latest.current.files }),
    put: (text, files) => change({ text, door: now.door, files }),
    enclose: (f) => change({ ...latest.current, files: f(latest.current.files) }),
    open: (door) =>
      now.text.trim() === "" && now.files.length === 0
        ? setLocal({ ...local, door })
        : change({ text: now.text, door, files: now.files }),
    drop: () => {
      clearTimeout(timer.current);
      latest.current = { text: "", door: now.door, files: [], kept: true };
      setLocal({ text: "", door: now.door, files: [] });
      setKept(true);
      void save.current();
    },
  };
}
