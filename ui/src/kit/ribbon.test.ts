import { describe, expect, it } from "vitest";
import { draw, lines, perLine, pick } from "./ribbon";

describe("lines", () => {
  it.each([
    ["nothing is no line", 0, 312, 0],
    ["something is never nothing", 3, 312, 1],
    ["a line stands for its number", 12_480, 312, 40],
    ["there is an end to it", 1_000_000, 1, 44],
  ])("%s", (_, n, per, want) => expect(lines(n, per)).toBe(want));
});

it("picks as many as asked, each once", () => {
  for (const [n, k] of [
    [40, 16],
    [16, 4],
    [4, 4],
    [1, 1],
    [7, 0],
  ] as const)
    expect(pick(n, k).size).toBe(k);
});

describe("draw", () => {
  const loop = { heard: 12_480, matched: 4992, answered: 1248, learned: 9, perLine: 312, hot: 0.69 };
  it("ends what is not about us before the first joint", () => {
    const d = draw(loop, 1264, 226, 130);
    const off = d.lines.filter((l) => l.tone === "off");
    expect(off).toHaveLength(24);
    for (const l of off) expect(l.end?.[0]).toBeLessThan(298);
  });
  it("draws the same day the same way", () => {
    expect(draw(loop, 1264, 226, 130)).toEqual(draw(loop, 1264, 226, 130));
  });
  it("shows a finding for each thing learned, up to nine", () => {
    expect(draw(loop, 1264, 226, 130).fan).toHaveLength(9);
    expect(draw({ ...loop, learned: 2 }, 1264, 226, 130).fan).toHaveLength(2);
    expect(draw({ ...loop, learned: 0 }, 1264, 226, 130).fan).toHaveLength(0);
  });
  it("claims nothing on a day when nothing was heard", () => {
    const d = draw({ heard: 0, matched: 0, answered: 0, learned: 0, perLine: 1, hot: 0 }, 360, 196, 84);
    expect(d.lines).toHaveLength(0);
    expect(d.fan).toHaveLength(0);
  });
  it("keeps every line inside its picture", () => {
    for (const w of [320, 640, 1264])
      for (const l of draw(loop, w, 226, 130).lines)
        if (l.end) {
          expect(l.end[0]).toBeGreaterThan(0);
          expect(l.end[0]).toBeLessThan(w);
          expect(l.end[1]).toBeGreaterThan(40);
          expect(l.end[1]).toBeLessThan(200);
        }
  });
});

it.each([
  [0, 1],
  [12, 1],
  [41, 2],
  [900, 50],
  [12_480, 500],
  [1_000_000, 50_000],
])("%s posts are drawn %s to a line", (heard, per) => {
  expect(perLine(heard)).toBe(per);
  expect(heard / per).toBeLessThanOrEqual(40);
});
