import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { painted, still } from "./Query";
import { asked, monitorSearch, wallSearch } from "./search";
import { spikeOf } from "./spike";
import { newer } from "./Wall";
import { lead } from "./words";

const hours = (counts: number[]) =>
  counts.map((count, i) => ({ at: new Date(Date.UTC(2026, 10, 20, i)).toISOString(), count }));

test("the address keeps what it knows and drops the rest", () => {
  expect(wallSearch({ q: "kettle", sentiment: "bad", intent: "question", time: "24h", page: 2 })).toEqual({
    q: "kettle",
    intent: "question",
    time: "24h",
  });
  expect(wallSearch({ q: 42, reach: 1000, emotion: "envy", since: "not a day" })).toEqual({
    q: "42",
    reach: "1000",
  });
  expect(monitorSearch({ range: "3d", lang: "en", q: "x" })).toEqual({ range: "3d", lang: "en" });
});

test("a time becomes a moment, unless a stretch was chosen", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  expect(asked({ time: "3d", lang: "en" }, now)).toEqual({ lang: "en", since: "2026-11-19T10:00:00.000Z" });
  expect(asked({ time: "3d", since: "2026-11-01T00:00:00Z" }, now)).toEqual({
    since: "2026-11-01T00:00:00Z",
  });
});

test("what came since is counted up to the first that is known", () => {
  const of = (...ids: string[]) => ids.map((id) => ({ id }));
  expect(newer(of("d", "c", "b"), of("b", "a"))).toBe(2);
  expect(newer(of("b", "a"), of("b", "a"))).toBe(0);
  expect(newer(of("z", "y"), of("b", "a"))).toBe(2);
});

test("a query is coloured, and its mistake marked where it is", () => {
  const tokens = [
    { kind: "word", from: 0, to: 6 },
    { kind: "and", from: 7, to: 10 },
    { kind: "open", from: 11, to: 12 },
    { kind: "word", from: 12, to: 15 },
  ];
  const { container } = render(<div>{painted("kettle AND (foo", tokens, 12)}</div>);
  expect(container.textContent).toBe("kettle AND (foo");
  expect(container.querySelector("[data-wrong]")?.textContent).toBe("(");
  expect(container.querySelector(".text-voice")?.textContent).toBe("AND");
});

test("a mistake behind the end is marked there", () => {
  const { container } = render(<div>{painted("k2 OR", [{ kind: "or", from: 3, to: 5 }], 6)}</div>);
  expect(container.querySelector("[data-wrong]")?.textContent).toBe("\u00A0");
});

test("colours hold up to the first change", () => {
  const tokens = [
    { kind: "word", from: 0, to: 2 },
    { kind: "or", from: 3, to: 5 },
  ];
  expect(still("k2 OR x", "k2 AND x", tokens)).toEqual([tokens[0]]);
  expect(still("k2", "k2", tokens)).toEqual(tokens);
});

test("a spike is found where far more is said than usual, and only there", () => {
  const calm = hours(Array.from({ length: 24 }, (_, i) => 8 + (i % 3)));
  expect(spikeOf(calm, calm)).toBeUndefined();
  const burst = hours([...Array.from({ length: 21 }, (_, i) => 8 + (i % 3)), 90, 140, 60]);
  const found = spikeOf(burst, calm);
  expect(found).toMatchObject({ from: 21, to: 23, count: 290 });
  expect(found?.times).toBeGreaterThan(9);
  // The newest hour has only begun: it is low, and the spike is not over.
  const young = hours([...Array.from({ length: 21 }, (_, i) => 8 + (i % 3)), 90, 140, 3]);
  expect(spikeOf(young, calm)).toMatchObject({ from: 21, to: 23 });
  // With nothing to compare, nothing is claimed.
  expect(spikeOf(hours([0, 0, 0, 0, 90]), hours([0, 0, 0, 0, 0]))).toBeUndefined();
});

test("the sentence says what the numbers say", () => {
  const point = { negative: 0, neutral: 0, positive: 0, unknown: 0 };
  const series = (counts: number[], before: number[], complaints: number) =>
    ({
      step: "hour",
      total: counts.reduce((a, b) => a + b, 0),
      points: hours(counts).map((p) => ({ ...point, ...p })),
      previous: hours(before),
      intents: complaints ? [{ label: "complaint", count: complaints }] : [],
      languages: [],
      authors: [],
    }) as never;
  expect(lead(series([0, 0], [0, 0], 0), "24h")).toBe("Nobody spoke of this in the last 24 hours.");
  expect(lead(series([1, 0], [0, 0], 0), "3d")).toBe("1 post in the last 3 days.");
  expect(lead(series([12, 8], [5, 5], 15), "24h")).toBe(
    "20 posts in the last 24 hours, twice as much as in the time before. Most of them complain.",
  );
});
