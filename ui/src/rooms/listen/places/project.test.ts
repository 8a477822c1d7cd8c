import { describe, expect, test } from "vitest";
import { at, drawn, gather, overview, project, towards, zoomed } from "./project";

describe("the map", () => {
  test("puts the equator in the middle and the north above", () => {
    expect(project(0, 0)).toEqual({ x: 0.5, y: 0.5 });
    expect(project(45, 0).y).toBeLessThan(0.5);
    expect(project(90, 0).y).toBe(project(78, 0).y);
  });
  test("fits all points into the picture", () => {
    const points = [project(45.5, -122.6), project(50.9, 6.9), project(41.1, -8.6)];
    const v = overview(points, 600, 400);
    for (const p of points) {
      const q = at(p, v, 600, 400);
      expect(q.x).toBeGreaterThan(0);
      expect(q.x).toBeLessThan(600);
      expect(q.y).toBeGreaterThan(0);
      expect(q.y).toBeLessThan(400);
    }
  });
  test("keeps what is under the pointer while it comes nearer", () => {
    const v = overview([project(45.5, -122.6), project(50.9, 6.9)], 600, 400);
    const p = project(50.9, 6.9);
    const before = at(p, v, 600, 400);
    const after = at(p, zoomed(v, 3, 600, 400, before), 600, 400);
    expect(after.x).toBeCloseTo(before.x, 5);
    expect(after.y).toBeCloseTo(before.y, 5);
  });
  test("draws as one what would lie upon each other", () => {
    const dots = [
      { x: 10, y: 10, r: 8, it: "a" },
      { x: 14, y: 12, r: 6, it: "b" },
      { x: 200, y: 10, r: 6, it: "c" },
    ];
    const out = gather(dots, () => 9);
    expect(out.map((o) => o.of.length)).toEqual([2, 1]);
  });
  test("goes to the next dot in a direction", () => {
    const all = [
      { x: 100, y: 0, n: "east" },
      { x: 0, y: 100, n: "south" },
      { x: 40, y: 200, n: "far" },
    ];
    expect(towards({ x: 0, y: 0 }, all, 1, 0)?.n).toBe("east");
    expect(towards({ x: 0, y: 0 }, all, 0, 1)?.n).toBe("south");
    expect(towards({ x: 0, y: 0 }, all, -1, 0)).toBeUndefined();
  });
  test("does not cross the last meridian", () => {
    const d = drawn(
      [
        [
          [179, 10],
          [-179, 10],
          [-178, 11],
        ],
      ],
      false,
    );
    expect(d.match(/M/g)).toHaveLength(2);
  });
});
