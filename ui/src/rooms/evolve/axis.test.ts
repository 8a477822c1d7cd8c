import { describe, expect, it } from "vitest";
import { axis } from "./axis";

describe("the axis of waits", () => {
  it("begins where the shortest wait does, not at a second", () => {
    expect(axis([1300, 1500, 4000]).ticks).toEqual([900, 3600, 14_400]);
  });
  it("puts its floor at 0 and its ceiling at 1", () => {
    const a = axis([400, 5000]);
    expect(a.at(a.ticks[0] as number)).toBe(0);
    expect(a.at(a.ticks[a.ticks.length - 1] as number)).toBe(1);
  });
  it("has room around a single wait", () => {
    const a = axis([60]);
    expect(a.ticks).toEqual([60, 300]);
    expect(a.at(60)).toBe(0);
  });
  it("holds what is longer than its longest round time", () => {
    const a = axis([200 * 86_400]);
    expect(a.at(200 * 86_400)).toBeLessThanOrEqual(1);
    expect(a.ticks.length).toBeGreaterThan(1);
  });
  it("survives an instant answer", () => expect(axis([0, 3]).ticks).toEqual([1, 5]));
});
