import type { ReactNode } from "react";

export interface Token {
  kind: string;
  from: number;
  to: number;
  trouble?: string | undefined;
}

const looks: Record<string, string> = {
  and: "font-strong text-voice",
  or: "font-strong text-voice",
  not: "font-strong text-voice",
  near: "font-strong text-voice",
  field: "text-sent-pos-ink",
  phrase: "text-ink",
  open: "text-ink-3",
  close: "text-ink-3",
};
const wavy = "underline decoration-wavy decoration-alarm underline-offset-4";

// painted colours a query by the pieces the server found in it. at is the place of
// a mistake, counted from 1 in characters; it may lie just behind the end.
export function painted(text: string, tokens: readonly Token[], at?: number): ReactNode[] {
  const points = [...text];
  const bad = at === undefined ? -1 : at - 1;
  const out: ReactNode[] = [];
  const put = (from: number, to: number, look: string | undefined) => {
    if (to <= from) return;
    if (bad >= from && bad < to) {
      put(from, bad, look);
      out.push(
        <span key={`e${bad}`} className={`${look ?? ""} ${wavy} bg-alarm-wash`} data-wrong>
          {points[bad]}
        </span>,
      );
      put(bad + 1, to, look);
      return;
    }
    const part = points.slice(from, to).join("");
    out.push(
      look ? (
        <span key={from} className={look}>
          {part}
        </span>
      ) : (
        part
      ),
    );
  };
  let end = 0;
  for (const k of tokens) {
    if (k.from < end || k.to > points.length) continue;
    put(end, k.from, undefined);
    put(k.from, k.to, k.trouble || k.kind === "bad" ? wavy : looks[k.kind]);
    end = k.to;
  }
  put(end, points.length, undefined);
  if (bad >= points.length)
    out.push(
      <span key="end" className={`${wavy} bg-alarm-wash`} data-wrong>
        {"\u00A0"}
      </span>,
    );
  return out;
}

// still are the tokens that hold for a text that was changed after they were found:
// those before the first difference.
export function still(was: string, now: string, tokens: readonly Token[]): Token[] {
  const a = [...was];
  const b = [...now];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return was === now ? [...tokens] : tokens.filter((k) => k.to < same);
}
