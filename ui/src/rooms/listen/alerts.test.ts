import { describe, expect, it } from "vitest";
import { type Alert, lead, proof, subjectOf } from "./alerts";

const alert: Alert = {
  id: "a1",
  subject: "m1",
  monitor: { id: "m1", name: "Kettles" },
  state: "open",
  reason: "",
  surge: true,
  mood: true,
  hush: false,
  minutes: 60,
  count: 52,
  usual: 10,
  times: 5.2,
  negative: 30,
  negative_share: 0.71,
  usual_share: 0.2,
  words: ["recall"],
  score: 0.9,
  raised_at: new Date(2031, 5, 3, 14, 20).toISOString(), // a Tuesday, in the reader's own time
  last_at: new Date(2031, 5, 3, 14, 40).toISOString(),
  over: false,
};

describe("an alert in words", () => {
  it("says how many times the usual, and for what time of the reader's week", () => {
    expect(lead(alert, "en")).toBe("5.2 times the usual for a Tuesday afternoon");
    expect(lead({ ...alert, raised_at: new Date(2031, 5, 4, 3).toISOString() }, "en")).toContain(
      "Wednesday night",
    );
    expect(lead({ ...alert, times: 45.4 }, "en")).toContain("45 times");
  });
  it("does not divide by next to nothing", () => {
    expect(lead({ ...alert, times: 0, usual: 0.03 })).toBe("52 posts where next to nothing is usual");
    expect(proof({ ...alert, times: 0, usual: 0.03, mood: false })[0]).toBe("52 posts in an hour");
  });
  it("says of a mood alone how much is negative, and what is usual", () => {
    expect(lead({ ...alert, surge: false })).toBe("71% negative, where 20% is usual");
    expect(proof({ ...alert, surge: false })).toEqual(["52 posts in an hour"]);
  });
  it("says of silence how long, what is usual, and what may be why", () => {
    const silent = { ...alert, surge: false, mood: false, hush: true, minutes: 360, count: 0, usual: 36 };
    expect(lead(silent)).toBe("Silent for 6 hours");
    expect(lead({ ...silent, count: 1 })).toBe("Only 1 post in 6 hours");
    expect(proof({ ...silent, because: "each day had 30; “Wire” is paused" })).toEqual([
      "about 36 are usual in such a time",
      "each day had 30",
      "“Wire” is paused",
    ]);
  });
  it("proves it in figures", () => {
    expect(proof(alert)).toEqual(["52 posts in an hour, about 10 are usual", "71% negative, usually 20%"]);
    expect(proof({ ...alert, minutes: 10, mood: false })[0]).toContain("10 minutes");
  });
  it("names what it is about", () => {
    const { monitor: _, ...rest } = alert;
    expect(subjectOf(alert)).toBe("Kettles");
    expect(subjectOf({ ...rest, programme: { id: "p", name: "Care" } })).toBe("All of Care");
    expect(subjectOf(rest)).toBe("All that is heard");
  });
});
