import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { reasons } from "../../lib/influence";
import { filterOf } from "./data";
import { analyzeSearch, marksOf, networkSearch, otherOf, spanOf, subjectOf } from "./search";
import { changeWord, velocity } from "./words";

i18n.loadAndActivate({ locale: "en", messages: {} });

test("the address is read with care", () => {
  expect(
    analyzeSearch({ range: "7d", from: "yesterday", to: "2026-11-02", sentiment: "glum", q: 42, vs: "all" }),
  ).toEqual({
    range: "7d",
    q: "42",
    vs: "all",
  });
  expect(analyzeSearch({ range: "7d", from: "2026-11-01", to: "2026-11-02" })).toEqual({
    from: "2026-11-01",
    to: "2026-11-02",
  });
  expect(networkSearch({ circle: "-1", by: "bridge", as: "tree" })).toEqual({ by: "bridge" });
});

test("days of one's own are whole, the last one too, whichever comes first", () => {
  const span = spanOf({ from: "2026-11-03", to: "2026-11-01" });
  expect(Date.parse(span.to ?? "") - Date.parse(span.from ?? "")).toBe(3 * 86_400_000);
  expect(spanOf({}).range).toBe("30d");
});

test("the list is of the subject and the time, narrowed by marks", () => {
  const bounds = { from: "2026-11-01T00:00:00Z", to: "2026-11-08T00:00:00Z" };
  const search = analyzeSearch({
    monitor: "m1",
    topic: "price",
    since: "2026-11-02T00:00:00Z",
    until: "2026-11-03T00:00:00Z",
  });
  expect(filterOf(subjectOf(search), bounds, marksOf(search))).toEqual({
    monitor: "m1",
    topic: "price",
    since: "2026-11-02T00:00:00Z",
    until: "2026-11-03T00:00:00Z",
  });
  // Of all that was heard, the list keeps to what the counts speak of.
  expect(filterOf({}, bounds, { on: "c1" })).toEqual({
    counted: true,
    channel: "c1",
    since: bounds.from,
    until: bounds.to,
  });
  expect(otherOf("p:x")).toEqual({ programme: "x" });
});

test("change is how much more, velocity how much faster", () => {
  expect(changeWord(30, 10)).toBe("× 3");
  expect(changeWord(11, 10)).toBe("+10%");
  expect(changeWord(0, 0)).toBe("–");
  expect(velocity(30, 10, 5)).toBe(15);
});

test("influence explains itself", () => {
  const why = {
    answered: 41,
    named: 0,
    shared: 0,
    quoted: 0,
    people: 41,
    listened: 3,
    notable: ["Fatima", "Amara"],
    turned: 2,
  };
  expect(reasons(why)).toBe("answered by 41 people, of whom 3 are much listened to (Fatima, Amara)");
  expect(reasons({ ...why, answered: 1, named: 1, people: 1, listened: 0 })).toBe(
    "answered by 1 person, named by 1 person",
  );
  expect(reasons({ ...why, shared: 12, quoted: 1, listened: 0 })).toBe(
    "answered by 41 people, shared by 12 people, quoted by 1 person",
  );
  expect(reasons({ ...why, people: 0 })).toMatch(/nobody turned to them/);
});
