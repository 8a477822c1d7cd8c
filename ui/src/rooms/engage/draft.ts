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
  cc: readonly string[] | undefined; // who else is to get it; undefined while nobody has chosen
  kept: boolean; // what stands here is also on the server
  write: (text: string) => void;
  put: (text: string, files: readonly GoingFile[], cc?: readonly string[]) => void; // what was taken back
  enclose: (change: (files: readonly GoingFile[]) => readonly GoingFile[]) => void;
  open: (door: Door) => void;
  copy: (cc: readonly string[] | undefined) => void;
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
  const [local, setLocal] = useState<{
    text?: string;
    door: Door;
    files?: readonly GoingFile[];
    cc?: readonly string[] | undefined;
  }>();
  const [kept, setKept] = useState(true);
  const now = {
    text: local?.text ?? stored.data?.text ?? "",
    files: local?.files ?? stored.data?.files ?? [],
    cc: local && "cc" in local ? local.cc : (stored.data?.cc ?? undefined),
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
    const { text, door, files, cc } = latest.current;
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
              ...(cc ? { cc: [...cc] } : {}),
            },
          }),
        );
      const now: Kept | null = none
        ? null
        : { text, visibility: visibilityOf(door), files: [...files], ...(cc ? { cc: [...cc] } : {}) };
      cache.setQueryData(["draft", id], now);
      const l = latest.current;
      if (l.text === text && l.door === door && l.files === files && l.cc === cc) setKept(true);
    } catch {
      timer.current = setTimeout(() => void save.current(), 5000); // the words are still here; keep trying
    }
  };

  const change = (next: Pick<Draft, "text" | "door" | "files" | "cc">) => {
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

  const of = ({ text, door, files, cc }: Pick<Draft, "text" | "door" | "files" | "cc">) => ({
    text,
    door,
    files,
    cc,
  });
  const empty = now.text.trim() === "" && now.files.length === 0;
  return {
    ready: stored.data !== undefined || stored.isError || local?.text !== undefined,
    ...now,
    kept: kept && !empty,
    write: (text) => change({ ...of(latest.current), text, door: now.door }),
    put: (text, files, cc = latest.current.cc) => change({ text, door: now.door, files, cc }),
    enclose: (f) => change({ ...of(latest.current), files: f(latest.current.files) }),
    open: (door) => (empty ? setLocal({ ...local, door }) : change({ ...of(now), door })),
    copy: (cc) => (empty ? setLocal({ ...local, door: now.door, cc }) : change({ ...of(now), cc })),
    drop: () => {
      clearTimeout(timer.current);
      const none = { text: "", door: now.door, files: [], cc: undefined };
      latest.current = { ...none, kept: true };
      setLocal(none);
      setKept(true);
      void save.current();
    },
  };
}
