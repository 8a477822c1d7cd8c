import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { freshen, mend } from "./pages";

// A list of sixty rows, newest first, of which six pages of ten are held.
const row = (n: number) => ({ id: `c${n}` });
const page = (from: number, next: string | null = `at ${from - 9}`) => ({
  items: Array.from({ length: 10 }, (_, i) => row(from - i)),
  next,
});
const held = () => ({
  pages: [60, 50, 40, 30, 20, 10].map((n) => page(n, n === 10 ? null : `at ${n - 9}`)),
  pageParams: [undefined, "at 51", "at 41", "at 31", "at 21", "at 11"],
});
const rows = (l: ReturnType<typeof mend>) => l?.pages.flatMap((p) => (p.items ?? []).map((r) => r.id));
const all = Array.from({ length: 60 }, (_, i) => `c${60 - i}`);

it("puts what is new in front, and loses nothing between the first page and the second", () => {
  const fresh = new Map([[0, { items: [row(62), row(61), ...page(60).items.slice(0, 8)], next: "at 53" }]]);
  expect(rows(mend(held(), fresh, new Set(["c61", "c62"])))).toEqual(["c62", "c61", ...all]);
});

it("moves what was answered from far below to the front", () => {
  const fresh = new Map([
    [0, { items: [row(25), ...page(60).items.slice(0, 9)], next: "at 52" }],
    [3, { items: [...page(30).items.filter((r) => r.id !== "c25"), row(20)], next: "at 20" }],
  ]);
  expect(rows(mend(held(), fresh, new Set(["c25"])))).toEqual(["c25", ...all.filter((id) => id !== "c25")]);
});

it("takes out what left the view, on the first page and on a later one", () => {
  const fresh = new Map([
    [0, { items: [...page(60).items.filter((r) => r.id !== "c58"), row(50)], next: "at 50" }],
    [4, { items: [...page(20).items.filter((r) => r.id !== "c13"), row(10)], next: "at 10" }],
  ]);
  const gone = new Set(["c58", "c13"]);
  expect(rows(mend(held(), fresh, gone))).toEqual(all.filter((id) => !gone.has(id)));
});

it("gives up where more is new than the first page holds", () => {
  const fresh = new Map([[0, { items: Array.from({ length: 10 }, (_, i) => row(80 - i)), next: "at 71" }]]);
  expect(mend(held(), fresh, new Set())).toBeUndefined();
});

it("reads the head and the page of what changed, not hundreds of pages", async () => {
  const cache = new QueryClient();
  const read = vi.fn(async (cursor: string | undefined) => {
    const i = held().pageParams.indexOf(cursor);
    return held().pages[i] ?? page(60);
  });
  const queryKey = ["conversations", "list", {}];
  const stop = new QueryObserver(cache, {
    queryKey,
    initialData: held(),
    staleTime: Infinity,
    meta: { page: read },
  }).subscribe(() => {});
  freshen(cache, "conversations", ["c25"]);
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  expect(read.mock.calls.map((c) => c[0])).toEqual([undefined, "at 31"]);
  stop();
});
