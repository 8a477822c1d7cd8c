import { expect, test } from "vitest";
import { hexagon, lines, place, radius, spiral } from "./hex";

test("no two programmes share a place, and none takes the centre", () => {
  const places = spiral(36).map((p) => p.join());
  expect(new Set(places).size).toBe(36);
  expect(places).not.toContain("0,0");
});

test("a new programme moves none of the others", () => {
  expect(spiral(9)).toEqual(spiral(20).slice(0, 9));
});

test("neighbours stand one cell apart", () => {
  for (const p of spiral(6)) {
    const { x, y } = place(p, 10);
    expect(Math.hypot(x, y)).toBeCloseTo(10 * Math.sqrt(3), 6);
  }
});

test("more people make a larger cell, never larger than its place", () => {
  expect(radius(128, 128, 50)).toBeGreaterThan(radius(9, 128, 50));
  expect(radius(128, 128, 50)).toBeLessThan(50);
  expect(radius(0, 0, 50)).toBeGreaterThan(0);
});

test("a long name stands on two lines", () => {
  expect(lines("Press")).toEqual(["Press"]);
  expect(lines("Wholesale partners")).toEqual(["Wholesale", "partners"]);
  expect(lines("Care for everybody everywhere")).toHaveLength(2);
});

test("a cell is a closed path", () => {
  expect(hexagon(0, 0, 10)).toMatch(/^M.*Z$/);
});
