import { describe, expect, it } from "vitest";
import { initials, money, share, short, signed, span, when } from "./format";
import { region } from "./locale";

describe("span", () => {
  it.each([
    [4, "4 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [1560, "26 min"],
    [4200, "1 h 10 min"],
    [3600, "1 h"],
    [12 * 3600 + 600, "12 h"],
    [3 * 86_400, "3 days"],
    [0.2, "under 1 s"],
    [-5, "under 1 s"],
  ])("%s seconds are %s", (s, want) => expect(span(s)).toBe(want));
});

describe("when", () => {
  const now = new Date(2026, 10, 21, 9, 26);
  it.each([
    ["today by the clock", new Date(2026, 10, 21, 9, 14), /9:14|09:14/],
    ["this week by the day", new Date(2026, 10, 19, 23, 0), /^Thu$/],
    ["this year by the date", new Date(2026, 2, 14), /Mar 14|14 Mar/],
    ["before that by month and year", new Date(2025, 2, 14), /Mar 2025/],
  ])("%s", (_, at, want) => expect(when(at, now)).toMatch(want));
});

describe("numbers", () => {
  it("writes them as people do", () => {
    expect(short(9999)).toBe("9,999");
    expect(short(12_400)).toBe("12.4K");
    expect(share(0.694)).toBe("69%");
  });
  it("knows that not every currency has cents", () => {
    expect(money(49, "USD")).toBe("$49.00");
    expect(money(4900, "JPY")).toMatch(/4,900/);
  });
});

describe("the reader's own way", () => {
  it.each([
    [["en-GB", "en"], "en-GB"],
    [["de-DE", "de", "en-US", "en"], "en-DE"],
    [["ar"], "en-EG"],
    [["en"], "en"],
    [["x!"], "en"],
    [[], "en"],
  ])("%j is %s", (wanted, is) => expect(region(wanted)).toBe(is));
  it("has 24 hours where people count so", () => {
    const at = (l: string[]) =>
      new Date(2026, 10, 22, 21, 5).toLocaleTimeString(region(l), { timeStyle: "short" });
    expect(at(["de-DE", "en-US"])).toBe("21:05");
    expect(at(["en-US"])).toMatch(/^9:05.PM$/);
  });
  it("writes a minus as wide as a plus", () => {
    expect(signed(-17)).toBe("−17");
    expect(signed(3)).toBe("+3");
    expect(signed(0)).toBe("0");
  });
});

describe("initials", () => {
  it.each([
    ["Amara Okafor", "AO"],
    ["@teakettle.club", "TC"],
    ["Nguyễn Văn An", "NA"],
    ["søren", "S"],
    ["", "?"],
    ["🫖 Club", "C"],
    ["Lotte de Vries 🌷", "LV"],
    ["🫖", "🫖"],
  ])("%s is %s", (name, want) => expect(initials(name)).toBe(want));
});
