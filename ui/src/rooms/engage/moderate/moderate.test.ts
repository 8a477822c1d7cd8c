import { expect, test } from "vitest";
import type { Message } from "../data";
import { wanted } from "./data";
import { unseen } from "./Sight";

const me = { id: "ada", name: "Ada" };
const said = {
  id: "m1",
  kind: "theirs",
  text: "Cheap kettles",
  may: ["hide", "show", "like"],
} as unknown as Message;
const sight = (state: string, hidden: boolean) =>
  ({ ...said, sight: { state, hidden } }) as unknown as Message;

test("what is wanted shows at once, by whom and why", () => {
  const m = wanted(said, "hide", { reason: "spam", words: "" }, me);
  expect(m.sight).toMatchObject({ state: "hiding", wanted: "hide", reason: "spam", by: me, hidden: false });
  expect(m.text).toBe("Cheap kettles");
  expect(wanted(sight("hidden", true), "show", undefined, me).sight).toMatchObject({
    state: "showing",
    hidden: true,
  });
  expect(wanted(said, "like", undefined, me)).toMatchObject({ liked: { on: true, settled: false } });
  expect(wanted(said, "like", undefined, me).sight).toBeUndefined();
});

test("what was refused is as it was before", () => {
  expect(unseen(said)).toBe(false);
  expect(unseen(sight("hiding", false))).toBe(true);
  expect(unseen(sight("removed", false))).toBe(true);
  expect(unseen(sight("showing", true))).toBe(false);
  expect(unseen(sight("refused", false))).toBe(false);
  expect(unseen(sight("refused", true))).toBe(true);
});
