import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, render as bare, fireEvent, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { Problem } from "../lib/problem";
import {
  Avatar,
  Button,
  Composer,
  Empty,
  FeelingBar,
  feelingOf,
  net,
  Sentiment,
  States,
  Toasts,
  tell,
} from ".";

const render = (ui: ReactNode) => bare(<I18nProvider i18n={i18n}>{ui}</I18nProvider>);

describe("Button", () => {
  it("does nothing while it is busy, or may not, and stays in reach", () => {
    const act = vi.fn();
    render(
      <>
        <Button busy onClick={act}>
          Reply
        </Button>
        <Button why="Not yet." onClick={act}>
          Send
        </Button>
      </>,
    );
    fireEvent.click(screen.getByRole("button", { name: /Reply/ }));
    const why = screen.getByRole("button", { name: "Send" });
    fireEvent.click(why);
    expect(act).not.toHaveBeenCalled();
    expect(why.hasAttribute("disabled")).toBe(false);
    expect(why.getAttribute("aria-disabled")).toBe("true");
  });
});

describe("Composer", () => {
  const base = {
    onDoor: vi.fn(),
    text: "On it.",
    onText: vi.fn(),
    onSend: vi.fn(),
    to: "Amara",
    audience: "Only Amara sees this",
  };
  it.each([
    ["public", "Reply in public"],
    ["direct", "Send to Amara"],
    ["note", "Keep note"],
  ] as const)("names what the button does through the door %s", (door, name) => {
    render(<Composer {...base} door={door} />);
    expect(screen.getByRole("button", { name })).toBeTruthy();
    expect(
      screen.getAllByRole("radio").filter((r) => r.getAttribute("aria-checked") === "true"),
    ).toHaveLength(1);
  });
  it("is spelled in the language of who reads it", () => {
    const { rerender } = render(<Composer {...base} door="direct" lang="es" />);
    const words = () => screen.getByRole("textbox");
    expect([words().getAttribute("lang"), words().getAttribute("spellcheck")]).toEqual(["es", "true"]);
    rerender(
      <I18nProvider i18n={i18n}>
        <Composer {...base} door="note" />
      </I18nProvider>,
    );
    expect(words().hasAttribute("lang")).toBe(false);
  });
  it("sends by keyboard, but never an empty, refused or too long text", () => {
    const send = vi.fn();
    const press = () => fireEvent.keyDown(screen.getByRole("textbox"), { key: "Enter", ctrlKey: true });
    const { rerender } = render(<Composer {...base} onSend={send} door="public" />);
    press();
    expect(send).toHaveBeenCalledTimes(1);
    const again = (more: object) =>
      rerender(
        <I18nProvider i18n={i18n}>
          <Composer {...base} onSend={send} door="public" {...more} />
        </I18nProvider>,
      );
    again({ text: "  " });
    press();
    again({ why: "You have not acknowledged the policy." });
    press();
    again({ room: { left: -3, max: 300, fits: false, network: "Bluesky" } });
    press();
    expect(send).toHaveBeenCalledTimes(1);
    expect(screen.getByText(/too many/)).toBeTruthy();
  });
  it("moves between open doors with the arrows and passes closed ones by", () => {
    const to = vi.fn();
    render(<Composer {...base} onDoor={to} door="public" shut={{ direct: "No direct messages here." }} />);
    fireEvent.keyDown(screen.getByRole("radio", { name: /Public/ }), { key: "ArrowRight" });
    expect(to).toHaveBeenCalledWith("note");
  });
});

describe("Sentiment", () => {
  it("says unsure under one half, whatever the label is", () => {
    render(<Sentiment label="negative" score={0.9} confidence={0.49} />);
    expect(screen.getByText("Unsure")).toBeTruthy();
    expect(screen.queryByText("Negative")).toBeNull();
  });
  it("says its word with its confidence", () => {
    render(<Sentiment label="negative" score={0.9} confidence={0.5} />);
    expect(screen.getByText("0.50").parentElement?.textContent).toBe("Negative 0.50");
  });
});

it("does not know a feeling that it has no word for", () => {
  expect(feelingOf({ label: "sarcastic", score: 0.99, confidence: 0.99 })).toBeUndefined();
  expect(feelingOf({ label: "positive", score: 0.8 })).toBe("positive");
});

describe("States", () => {
  const show = (of: { data?: string[] | undefined; error: unknown }) =>
    render(
      <States
        of={{ data: of.data, error: of.error, refetch: vi.fn() }}
        empty={<Empty title="Nobody is waiting." />}
      >
        {(d) => <p>{d.join()}</p>}
      </States>,
    );
  it("draws loading, failed, empty and full", () => {
    show({ error: null });
    expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
    show({ error: new Problem("Mastodon does not answer.") });
    expect(screen.getByRole("alert").textContent).toContain("Mastodon does not answer.");
    show({ data: [], error: null });
    expect(screen.getByText("Nobody is waiting.")).toBeTruthy();
    show({ data: ["a", "b"], error: null });
    expect(screen.getByText("a,b")).toBeTruthy();
  });
  it("keeps what it has when a later read fails", () => {
    show({ data: ["old"], error: new Problem("No line.") });
    expect(screen.getByText("old")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("Toast", () => {
  it("offers undo once", () => {
    const undo = vi.fn();
    render(<Toasts />);
    act(() => void tell({ text: "Resolved.", undo }));
    fireEvent.click(screen.getByRole("button", { name: /Undo/ }));
    expect(undo).toHaveBeenCalledTimes(1);
    expect(screen.queryByText("Resolved.")).toBeNull();
  });
});

describe("feeling", () => {
  it("has no net where nothing was read", () => {
    expect(net({ negative: 0, neutral: 0, positive: 0, unknown: 9 })).toBeUndefined();
    expect(net({ negative: 58, neutral: 31, positive: 11 })).toBe(-47);
  });
  it("says the parts in a sentence", () => {
    render(<FeelingBar of={{ negative: 58, neutral: 31, positive: 11 }} />);
    expect(screen.getByRole("group").getAttribute("aria-label")).toContain("58% negative");
  });
});

it("never asks another origin for a face", () => {
  const { container } = render(<Avatar name="Amara" src="https://pdx.social/a.png" />);
  expect(container.querySelector("img")).toBeNull();
});
