import { describe, expect, it } from "vitest";
import { addDays, addMonths, dayOf, instant, monthWeeks, moved, wall, weekStart } from "./zone";

const vienna = "Europe/Vienna";

describe("the wall clock", () => {
  it("goes there and back through a whole year", () => {
    for (const zone of [vienna, "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"])
      for (let t = Date.UTC(2026, 0, 1, 0, 30); t < Date.UTC(2027, 0, 1); t += 7 * 3_600_000) {
        const back = instant(wall(new Date(t), zone), zone).getTime();
        // an hour that comes twice in autumn is the first
        expect([0, 3_600_000]).toContain(t - back);
      }
  });
  it("shows later what spring leaves out", () => {
    const at = instant({ y: 2026, m: 3, d: 29, h: 2, min: 30 }, vienna);
    expect(wall(at, vienna).h).toBe(3);
  });
  it("keeps the time of the day when a post moves over the change of clocks", () => {
    const at = moved("2026-03-28T09:00:00Z", "2026-03-30", vienna);
    expect(wall(at, vienna)).toEqual({ y: 2026, m: 3, d: 30, h: 10, min: 0 });
  });
});

describe("days", () => {
  it("begin weeks on Monday", () => {
    expect(weekStart("2026-11-26")).toBe("2026-11-23");
    expect(weekStart("2026-11-29")).toBe("2026-11-23");
  });
  it("fill a month's page with whole weeks", () => {
    const weeks = monthWeeks("2026-11-26");
    expect(weeks[0]?.[0]).toBe("2026-10-26");
    expect(weeks.at(-1)?.[6]).toBe("2026-12-06");
    expect(weeks.every((w) => w.length === 7)).toBe(true);
  });
  it("count over ends of months", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(dayOf(wall("2026-11-26T23:30:00Z", vienna))).toBe("2026-11-27");
  });
});
