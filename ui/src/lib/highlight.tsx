import { Fragment, type ReactNode } from "react";

// highlight marks parts of a text. Ranges count code points (as the server counts
// runes), may overlap, and whatever lies outside the text is left out.
export function highlight(text: string, ranges: readonly (readonly number[])[] = []): ReactNode {
  if (ranges.length === 0) return text;
  const points = [...text];
  const marked = new Array<boolean>(points.length).fill(false);
  for (const [from = 0, to = 0] of ranges)
    for (let i = Math.max(0, from); i < Math.min(to, points.length); i++) marked[i] = true;
  const out: ReactNode[] = [];
  for (let i = 0; i < points.length; ) {
    let j = i;
    while (j < points.length && marked[j] === marked[i]) j++;
    const part = points.slice(i, j).join("");
    out.push(marked[i] ? <mark key={i}>{part}</mark> : <Fragment key={i}>{part}</Fragment>);
    i = j;
  }
  return out;
}

const address = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

// linked makes the web addresses in a text into links that give nothing away about us.
export function linked(text: string): ReactNode {
  const out: ReactNode[] = [];
  let at = 0;
  for (const m of text.matchAll(address)) {
    if (m.index > at) out.push(text.slice(at, m.index));
    out.push(
      <a key={m.index} href={m[0]} target="_blank" rel="noopener noreferrer nofollow">
        {m[0].replace(/^https?:\/\/(www\.)?/, "")}
      </a>,
    );
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}
