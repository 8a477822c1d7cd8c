import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Words } from "./Words";

test("paragraphs, headings, lists and strong words are set", () => {
  const { container } = render(
    <Words
      text={
        "# Speaking\n\nBe **kind**,\nbe short.\n\n- say who you are\n- say what you know\n\n1. read\n2. answer"
      }
    />,
  );
  expect(container.querySelector("h2")?.textContent).toBe("Speaking");
  expect(container.querySelector("p")?.textContent).toBe("Be kind, be short.");
  expect(container.querySelector("b")?.textContent).toBe("kind");
  expect(container.querySelectorAll("ul li")).toHaveLength(2);
  expect(container.querySelectorAll("ol li")).toHaveLength(2);
});

test("markup in a wording is words", () => {
  const { container } = render(<Words text={"<img src=x onerror=alert(1)> & <b>so on</b>"} />);
  expect(container.querySelector("img")).toBeNull();
  expect(container.textContent).toContain("<b>so on</b>");
});
