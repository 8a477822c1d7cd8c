import { useEffect, useRef } from "react";
import { api, ok } from "../../lib/api";

const every = 15_000;

// useViewing tells the others that we look at this conversation, or write in it,
// while we do. It is a courtesy: when it fails, nobody is hurt.
export function useViewing(id: string, typing: boolean): void {
  const state = useRef(typing);
  state.current = typing;
  const ping = (body: { typing?: boolean; gone?: boolean }) => {
    ok(api.POST("/api/conversations/{id}/viewing", { params: { path: { id } }, body })).catch(() => {});
  };
  const tell = useRef(ping);
  tell.current = ping;
  // biome-ignore lint/correctness/useExhaustiveDependencies: writing, or having stopped, is told at once
  useEffect(() => {
    if (document.visibilityState === "visible") tell.current({ typing });
  }, [id, typing]);
  useEffect(() => {
    const leave = tell.current;
    const beat = () => document.visibilityState === "visible" && tell.current({ typing: state.current });
    const timer = setInterval(beat, every);
    return () => {
      clearInterval(timer);
      leave({ gone: true });
    };
  }, []);
}
