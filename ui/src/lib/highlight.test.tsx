import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { highlight, linked } from "./highlight";

const marked = (text: string, ranges: number[][]) =>
  [...render(<p>{highlight(text, ranges)}</p>).container.querySelectorAll("mark")].map((m) => m.textContent);

describe("highlight", () => {
  it.each([
    ["one range", "Is mine affected or not", [[3, 16]], ["mine affected"]],
    ["counts code points, not UTF-16 units", "🫖 kettle", [[2, 8]], ["kettle"]],
    [
      "overlapping ranges are one mark",
      "abcdef",
      [
        [1, 3],
        [2, 5],
      ],
      ["bcde"],
    ],
    [
      "what lies outside is left out",
      "abc",
      [
        [2, 99],
        [-5, 1],
      ],
      ["a", "c"],
    ],
    ["nothing to mark", "abc", [], []],
  ])("%s", (_, text, ranges, want) => {
    expect(marked(text, ranges)).toEqual(want);
  });

  it("keeps the text whole", () => {
    expect(render(<p>{highlight("a 🫖 b", [[2, 3]])}</p>).container.textContent).toBe("a 🫖 b");
  });
});

describe("linked", () => {
  it("links addresses, without the full stop that ends the sentence", () => {
    const { container } = render(<p>{linked("See https://www.example.org/a?b=1. Or (http://x.test/y)!")}</p>);
    const links = [...container.querySelectorAll("a")];
    expect(links.map((a) => a.getAttribute("href"))).toEqual([
      "https://www.example.org/a?b=1",
      "http://x.test/y",
    ]);
    expect(links[0]?.rel).toContain("noreferrer");
    expect(container.textContent).toBe("See example.org/a?b=1. Or (x.test/y)!");
  });

  it("never links another scheme, and writes markup as text", () => {
    const { container } = render(
      <p>{linked('javascript:alert(1) <img src=x onerror="1"> data:text/html,x')}</p>,
    );
    expect(container.querySelectorAll("a, img")).toHaveLength(0);
    expect(container.textContent).toContain("<img src=x");
  });
});
