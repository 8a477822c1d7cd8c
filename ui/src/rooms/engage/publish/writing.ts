import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, ok } from "../../../lib/api";
import { Problem } from "../../../lib/problem";
import type { Content, ContentFull, Draft, PostDraft } from "./data";

const gone = (state: string) => ["publishing", "unknown", "published"].includes(state);

// draftOf is a content as it is written.
export function draftOf(c: Content): Draft {
  return {
    title: c.title,
    text: c.text,
    ...(c.lang ? { lang: c.lang } : {}),
    ...(c.campaign ? { campaign: c.campaign } : {}),
    ...(c.programme ? { programme: c.programme.id } : {}),
    media: c.media ?? [],
    posts: (c.posts ?? []).map(
      (p): PostDraft => ({
        channel: p.channel.id,
        own: p.own,
        text: p.own ? p.text : "",
        own_media: p.own_media,
        media: p.own_media ? (p.media ?? []) : [],
        ...(p.source ? { source: p.source } : {}),
        ...(p.medium ? { medium: p.medium } : {}),
        ...(p.audience ? { audience: p.audience } : {}),
      }),
    ),
  };
}

export { gone };

export type Kept = "same" | "changed" | "kept" | "away" | "stuck";

// useWriting keeps what is written while it is typed: the first change makes the content, later ones change it.
export function useWriting(of: ContentFull | undefined, first: Draft) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => (of ? draftOf(of) : first));
  const [state, setState] = useState<Kept>("same");
  const [error, setError] = useState<unknown>();
  const id = useRef(of?.id);
  const seen = useRef(of?.version ?? 0);
  const now = useRef({ draft, state });
  now.current.draft = draft;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<boolean>>(undefined);

  // what others changed meanwhile is taken over while nothing of ours waits
  useEffect(() => {
    if (!of || of.version <= seen.current) return;
    seen.current = of.version;
    if (now.current.state !== "changed" && now.current.state !== "away") setDraft(draftOf(of));
  }, [of]);

  const mark = (s: Kept) => {
    now.current.state = s;
    setState(s);
  };
  const save = async (): Promise<boolean> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (now.current.state !== "changed" && now.current.state !== "away" && id.current) return true;
    const body = now.current.draft;
    running.current = (async () => {
      try {
        const c = id.current
          ? await ok(
              api.PUT("/api/publish/contents/{id}", {
                params: { path: { id: id.current } },
                body: { ...body, seen: seen.current },
              }),
            )
          : await ok(api.POST("/api/publish/contents", { body }));
        id.current = c.id;
        seen.current = c.version;
        cache.setQueryData(["publish", "content", c.id], c);
        void cache.invalidateQueries({ queryKey: ["publish", "counts"] });
        setError(undefined);
        if (now.current.draft === body) mark("kept");
        else timer.current = setTimeout(() => void save(), 700);
        return true;
      } catch (e) {
        setError(e);
        if (e instanceof Problem && e.status < 500 && e.status !== 429 && e.status !== 0) mark("stuck");
        else {
          mark("away"); // the words are still here; keep trying
          timer.current = setTimeout(() => void save(), 5000);
        }
        return false;
      } finally {
        running.current = undefined;
      }
    })();
    return running.current;
  };
  const change = (next: Partial<Draft> | ((d: Draft) => Partial<Draft>)) => {
    setDraft((d) => ({ ...d, ...(typeof next === "function" ? next(d) : next) }));
    mark("changed");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), 700);
  };
  const saving = useRef(save);
  saving.current = save;
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (now.current.state === "changed" || now.current.state === "away") void saving.current();
    },
    [],
  );
  return { draft, change, save, state, error, id: () => id.current };
}
