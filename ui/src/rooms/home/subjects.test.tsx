import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Today } from "./data";
import { Subjects } from "./Subjects";

vi.mock("@tanstack/react-router", async (real) => ({
  ...(await real<object>()),
  useRouter: () => ({ navigate: () => {} }),
}));

const loop = (about: object[]) => ({ matched: 40, about }) as unknown as Today["loop"];
const show = (l: Today["loop"]) =>
  render(
    <I18nProvider i18n={i18n}>
      <Subjects of={l} />
    </I18nProvider>,
  );

describe("what it is about", () => {
  it("names the monitors with their part of what was said", () => {
    show(loop([{ id: "m/1", name: "K2 recall", count: 30, share: 0.75 }]));
    const row = screen.getByRole("link", { name: /K2 recall/ });
    expect(row.textContent).toBe("K2 recall75%30");
    expect(row.getAttribute("href")).toBe("/listen/monitors/m%2F1");
  });
  it("is not there while no monitor found anything", () => {
    show(loop([]));
    expect(screen.queryByRole("heading")).toBeNull();
  });
});
