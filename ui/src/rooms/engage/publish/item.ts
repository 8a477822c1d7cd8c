import type { Post } from "./data";
import { type State, stateNames } from "./search";

// Item is what the calendar shows as one thing: the posts of a content that leave at one moment.
export interface Item {
  key: string;
  content: string;
  name: string;
  at: string;
  state: State; // the one that needs most attention
  posts: Post[];
  picture?: string | undefined; // the first that goes with it
  movable: boolean;
  asks: boolean;
}

const rank: readonly State[] = [
  "failed",
  "unknown",
  "held",
  "in_review",
  "publishing",
  "draft",
  "approved",
  "scheduled",
  "published",
];

export function items(posts: readonly Post[]): Item[] {
  const by = new Map<string, Item>();
  for (const p of posts) {
    const at = p.published_at ?? p.at;
    if (!at) continue;
    const minute = at.slice(0, 16);
    const key = `${p.content} ${minute}`;
    const state = stateNames.find((s) => s === p.state) ?? "draft";
    const had = by.get(key);
    if (!had) {
      by.set(key, {
        key,
        content: p.content,
        name: p.name,
        at,
        state,
        posts: [p],
        picture: pictureOf(p),
        movable: movable(p),
        asks: p.asks,
      });
      continue;
    }
    had.posts.push(p);
    had.picture ??= pictureOf(p);
    had.asks ||= p.asks;
    had.movable &&= movable(p);
    if (rank.indexOf(state) < rank.indexOf(had.state)) had.state = state;
  }
  return [...by.values()];
}

// small is the address of a picture for lists.
export const small = (url: string | undefined) => (url ? `${url}?small` : undefined);

const pictureOf = (p: Post) => small((p.files ?? []).find((f) => f.shown)?.url);

const movable = (p: Post) => ["draft", "in_review", "approved", "scheduled"].includes(p.state);

// crowded are the items of which another leaves on one of the same channels within the same quarter of an hour.
export function crowded(all: readonly Item[]): Set<string> {
  const out = new Set<string>();
  for (const a of all)
    for (const b of all) {
      if (a === b || a.state === "published" || b.state === "published") continue;
      if (Math.abs(Date.parse(a.at) - Date.parse(b.at)) >= 15 * 60_000) continue;
      if (a.posts.some((p) => b.posts.some((q) => q.channel.id === p.channel.id))) out.add(a.key);
    }
  return out;
}
