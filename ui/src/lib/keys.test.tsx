import { fireEvent, render } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useKeys } from "./keys";

function Screen({ keys }: { keys: Record<string, () => void> }) {
  useKeys(keys);
  return (
    <>
      <input aria-label="field" />
      <div id="here" />
    </>
  );
}

it("acts on a plain key, but not while somebody writes", () => {
  const j = vi.fn();
  const k = vi.fn();
  const { getByLabelText } = render(<Screen keys={{ j, "mod+k": k }} />);
  fireEvent.keyDown(document.body, { key: "j" });
  expect(j).toHaveBeenCalledTimes(1);
  fireEvent.keyDown(getByLabelText("field"), { key: "j" });
  expect(j).toHaveBeenCalledTimes(1);
  fireEvent.keyDown(getByLabelText("field"), { key: "k", ctrlKey: true });
  expect(k).toHaveBeenCalledTimes(1);
});

it("leaves keys with a modifier to the browser", () => {
  const r = vi.fn();
  render(<Screen keys={{ r }} />);
  fireEvent.keyDown(document.body, { key: "r", ctrlKey: true });
  expect(r).not.toHaveBeenCalled();
});

it("rests while a dialog has the floor", () => {
  const e = vi.fn();
  render(
    <>
      <Screen keys={{ e }} />
      <div role="dialog" />
    </>,
  );
  fireEvent.keyDown(document.body, { key: "e" });
  expect(e).not.toHaveBeenCalled();
});
