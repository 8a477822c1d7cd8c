import { useEffect, useRef } from "react";

type Take = (text: string) => void;
const takers = new Map<string, Take>();

// insertInto puts words into the composer of a conversation, at its caret. It
// never sends. It reports whether there was a composer.
export function insertInto(conversation: string, text: string): boolean {
  const take = takers.get(conversation);
  take?.(text);
  return take !== undefined;
}

// useInserted lets the composer of a conversation take words from elsewhere.
export function useInserted(conversation: string, take: Take): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const mine: Take = (text) => latest.current(text);
    takers.set(conversation, mine);
    return () => {
      if (takers.get(conversation) === mine) takers.delete(conversation);
    };
  }, [conversation]);
}

// joined puts words into a text where the caret stands, with the space that they need.
export function joined(text: string, from: number, to: number, put: string): { text: string; caret: number } {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const lead = before === "" || /\s$/.test(before) ? "" : put.includes("\n") ? "\n\n" : " ";
  const tail = after === "" || /^\s/.test(after) ? "" : " ";
  return { text: before + lead + put + tail + after, caret: before.length + lead.length + put.length };
}
