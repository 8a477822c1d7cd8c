import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listen } from "./live";

class Line extends EventTarget {
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close() {
    this.closed = true;
  }
  say(name: string, data: unknown, id = "") {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
}

let lines: Line[] = [];
const open = (url: string) => {
  const l = new Line(url);
  lines.push(l);
  return l as unknown as EventSource;
};

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
});
afterEach(() => vi.useRealTimers());

it("gathers a burst of facts and makes each thing stale once", () => {
  const cache = new QueryClient();
  cache.setQueryData(["conversations", "list"], []);
  const stale = vi.spyOn(cache, "invalidateQueries");
  const stop = listen(cache, open);
  lines[0]?.onopen?.();
  for (let i = 0; i < 50; i++) lines[0]?.say("changed", { conversations: ["c1"] }, String(i));
  vi.advanceTimersByTime(250);
  const keys = stale.mock.calls.map(([f]) => JSON.stringify(f?.queryKey));
  expect(keys.filter((k) => k === '["messages","c1"]')).toHaveLength(1);
  expect(keys).toContain('["conversations","list"]');
  stop();
});

it("comes back with the last position, later each time, and asks for all anew", () => {
  const cache = new QueryClient();
  const stale = vi.spyOn(cache, "invalidateQueries");
  const stop = listen(cache, open);
  lines[0]?.onopen?.();
  lines[0]?.say("heard", { activities: 3 }, "41");
  const broken = (l: Line | undefined) => {
    if (!l) throw new Error("no line");
    l.readyState = 2;
    l.onerror?.();
  };
  broken(lines[0]);
  vi.advanceTimersByTime(1000);
  expect(lines[1]?.url).toBe("/api/live?after=41");
  broken(lines[1]);
  vi.advanceTimersByTime(1999);
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(lines).toHaveLength(3);
  stale.mockClear();
  lines[2]?.onopen?.();
  expect(stale).toHaveBeenCalledWith();
  stop();
  expect(lines[2]?.closed).toBe(true);
});

it("survives a fact that is no JSON", () => {
  const stop = listen(new QueryClient(), open);
  expect(() => lines[0]?.dispatchEvent(new MessageEvent("changed", { data: "<html>" }))).not.toThrow();
  stop();
});
