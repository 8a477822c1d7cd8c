import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Talk } from "./data";
import { mostPicked, usePicking } from "./picking";

const rows = (...ids: string[]) => ids.map((id) => ({ id }) as Talk);
const five = rows("a", "b", "c", "d", "e");

const hook = () =>
  renderHook(({ of, list }: { of: Talk[]; list: string }) => usePicking(of, list), {
    initialProps: { of: five, list: "open" },
  });

describe("choosing several conversations", () => {
  it("puts one in and takes it out again", () => {
    const { result } = hook();
    act(() => result.current.toggle("b"));
    expect([...result.current.ids]).toEqual(["b"]);
    expect(result.current.on).toBe(true);
    act(() => result.current.toggle("b"));
    expect(result.current.ids.size).toBe(0);
    expect(result.current.on).toBe(false);
  });

  it("takes all between with shift, in both directions", () => {
    const { result } = hook();
    act(() => result.current.toggle("d"));
    act(() => result.current.toggle("b", true));
    expect([...result.current.ids].sort()).toEqual(["b", "c", "d"]);
  });

  it("forgets what left the list", () => {
    const { result, rerender } = hook();
    act(() => result.current.all(five));
    rerender({ of: rows("a", "e"), list: "open" });
    expect([...result.current.ids]).toEqual(["a", "e"]);
  });

  it("begins anew in another list", () => {
    const { result, rerender } = hook();
    act(() => result.current.toggle("a"));
    rerender({ of: five, list: "mine" });
    expect(result.current.on).toBe(false);
  });

  it("never holds more than the server takes", () => {
    const many = rows(...Array.from({ length: 600 }, (_, i) => `c${i}`));
    const { result, rerender } = hook();
    rerender({ of: many, list: "open" });
    act(() => result.current.all(many));
    expect(result.current.ids.size).toBe(mostPicked);
  });

  it("shows the boxes before anything is chosen, when asked", () => {
    const { result } = hook();
    act(() => result.current.begin());
    expect(result.current.on).toBe(true);
    act(() => result.current.clear());
    expect(result.current.on).toBe(false);
  });
});
