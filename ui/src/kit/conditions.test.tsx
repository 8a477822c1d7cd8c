import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { type Cond, type CondField, Conditions, condText, tests } from "./Conditions";

const fields: CondField[] = [
  { name: "name", label: "Name", type: "text" },
  { name: "followers", label: "Followers", type: "number" },
  { name: "seen", label: "Last seen", type: "date" },
  { name: "state", label: "State", type: "choice", choices: [{ value: "open", label: "Open" }] },
];

function House({ start, seen }: { start: Cond; seen: (c: Cond) => void }) {
  const [c, set] = useState(start);
  return (
    <Conditions
      fields={fields}
      value={c}
      onChange={(next) => {
        seen(next);
        set(next);
      }}
      error={{ field: "body.conditions.nodes[0].values", text: "Write some words." }}
    />
  );
}

test("a tree is put together, a mistake is told at its place, and the rest stays", () => {
  const seen = vi.fn();
  render(<House start={{}} seen={seen} />);
  fireEvent.click(screen.getByRole("button", { name: "Add a condition" }));
  expect(seen).toHaveBeenLastCalledWith({
    join: "all",
    nodes: [{ field: "name", op: "contains", values: [] }],
  });
  expect(screen.getByText("Write some words.")).toBeTruthy();
  const box = screen.getByLabelText("Value");
  expect(box.getAttribute("aria-invalid")).toBe("true");
  fireEvent.change(box, { target: { value: "ada" } });
  fireEvent.click(screen.getByRole("button", { name: "Add a group" }));
  const last = seen.mock.lastCall?.[0] as Cond;
  expect(tests(last)).toBe(2);
  expect(last.nodes?.[0]).toEqual({ field: "name", op: "contains", values: ["ada"] });
  fireEvent.click(screen.getByRole("button", { name: "Remove this group" }));
  expect(tests(seen.mock.lastCall?.[0] as Cond)).toBe(1);
});

test("a tree is said in words", () => {
  const c: Cond = {
    join: "all",
    nodes: [
      { field: "name", op: "contains", values: ["ada"] },
      { join: "none", nodes: [{ field: "state", op: "is", values: ["open"] }] },
    ],
  };
  expect(condText(c, fields)).toBe("Name contains ada and (none of: State is any of Open)");
  expect(condText({}, fields)).toBe("everything");
});
