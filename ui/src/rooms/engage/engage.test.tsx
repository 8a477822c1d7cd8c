import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Message, type Talk, type TalkFull, useSay } from "./data";
import { changed, useDeed } from "./desk";
import { useDraft } from "./draft";
import { happened } from "./event";
import { inboxSearch } from "./search";
import { over, until } from "./Window";
import { firstName, soon, startDoor, topic } from "./words";

interface Call {
  method: string;
  path: string;
  body: unknown;
  key: string | null;
}
const calls: Call[] = [];

// serve stands in for the server; what is not listed is a 404.
function serve(routes: Record<string, (body: unknown) => [number, unknown]>) {
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    const text = await request.text();
    const body = text ? JSON.parse(text) : undefined;
    calls.push({ method: request.method, path, body, key: request.headers.get("Idempotency-Key") });
    const [status, answer] = routes[`${request.method} ${path}`]?.(body) ?? [
      404,
      { detail: "It is not here." },
    ];
    return new Response(status === 204 ? null : JSON.stringify(answer), {
      status,
      headers: { "content-type": "application/json" },
    });
  });
}

const home = () => {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return ({ children }: { children: ReactNode }) => (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={cache}>{children}</QueryClientProvider>
    </I18nProvider>
  );
};

afterEach(() => {
  calls.length = 0;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("one act for many conversations", () => {
  const jonas = { id: "m1", name: "Jonas" };
  const talks = [
    { id: "c1", assignee: jonas, author: { name: "Maya" }, tags: [], state: "open" },
    { id: "c2", author: { name: "Tom" }, tags: [], state: "open" },
  ] as unknown as Talk[];
  const start = (answer: [number, unknown]) => {
    serve({
      "POST /api/conversations/bulk": () => answer,
      "POST /api/deeds/d1/undo": () => [200, { done: 2, refused: [] }],
    });
    const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const key = ["conversations", "list", { view: "open" }];
    cache.setQueryData(key, { pages: [{ items: talks }], pageParams: [undefined] });
    const wrapper = ({ children }: { children: ReactNode }) => (
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={cache}>{children}</QueryClientProvider>
      </I18nProvider>
    );
    const rows = () => cache.getQueryData<{ pages: { items: Talk[] }[] }>(key)?.pages[0]?.items ?? [];
    return { rows, ...renderHook(() => useDeed(), { wrapper }) };
  };

  it("is one request, shown at once, and what leaves the view leaves it", async () => {
    const { result, rows } = start([200, { done: 2, refused: [], undo: "d1" }]);
    await act(() => result.current.act.mutateAsync({ talks, act: "resolve" }));
    expect(calls[0]?.body).toEqual({ ids: ["c1", "c2"], act: "resolve" });
    expect(rows()).toEqual([]);
    await act(() => result.current.undo.mutateAsync("d1"));
    expect(calls[1]?.path).toBe("/api/deeds/d1/undo");
  });

  it("comes back when it fails", async () => {
    const { result, rows } = start([500, { detail: "The disk is full." }]);
    await act(async () => {
      await result.current.act.mutateAsync({ talks, act: "assign" }).catch(() => {});
    });
    expect(rows().map((c) => c.assignee?.name)).toEqual(["Jonas", undefined]);
  });

  it("says how a conversation looks afterwards", () => {
    const tag = { id: "t1", name: "Warranty", color: "red" as const };
    const c = talks[0] as Talk;
    expect(changed(c, { talks, act: "assign" }).assignee).toBeUndefined();
    expect(changed(c, { talks, act: "tag", tags: [tag] }).tags).toEqual([tag]);
    expect(
      changed(changed(c, { talks, act: "tag", tags: [tag] }), { talks, act: "untag", tags: [tag] }).tags,
    ).toEqual([]);
    expect(changed(c, { talks, act: "priority", priority: "urgent" }).priority).toBe("urgent");
  });
});

describe("the door a reply begins with", () => {
  const talk = (visibility: string, abilities: object) => ({ visibility, abilities }) as TalkFull;
  it("is the one they last came through", () => {
    expect(startDoor(talk("public", { public: true, direct: true }), "direct")).toBe("direct");
    expect(startDoor(talk("direct", { public: true, direct: true }), "public")).toBe("public");
    expect(startDoor(talk("public", { public: true, direct: true }))).toBe("public");
  });
  it("is never one the network does not have", () => {
    expect(startDoor(talk("public", { public: false, direct: true }), "public")).toBe("direct");
    expect(startDoor(talk("direct", { public: false, direct: false }), "direct")).toBe("note");
  });
  it("is never the open, where somebody wrote in private", () => {
    expect(startDoor(talk("direct", { public: true, direct: false }), "direct")).toBe("note");
  });
});

describe("the time to answer", () => {
  const now = new Date("2026-11-22T09:00:00Z");
  const talk = (abilities: object) => ({ abilities }) as TalkFull;
  it("has no end where the network sets none", () => {
    expect(until(talk({ public: true, direct: true }), "direct")).toBeUndefined();
    expect(over(talk({ public: true, direct: true }), "direct", now)).toBe(false);
  });
  it("ends for one door and not for another", () => {
    const c = talk({ public: true, direct: true, direct_until: "2026-11-22T09:00:00Z" });
    expect(over(c, "direct", now)).toBe(true);
    expect(over(c, "direct", new Date("2026-11-22T08:59:59Z"))).toBe(false);
    expect(over(c, "public", now)).toBe(false);
    expect(over(c, "note", now)).toBe(false);
  });
});

describe("the head of a conversation", () => {
  it.each([
    ["@brewell My K3 clicks off", "My K3 clicks off"],
    ["@brewell@a.example, @ann: is it?", "is it?"],
    ["Mail to @brewell", "Mail to @brewell"],
    ["@brewell", "@brewell"],
    ["", ""],
  ])("%s is about %s", (subject, about) => expect(topic(subject)).toBe(about));
});

describe("the address of the inbox", () => {
  it.each([
    [
      "keeps what it knows",
      { view: "mine", c: "c1", sort: "waiting" },
      { view: "mine", c: "c1", sort: "waiting" },
    ],
    ["drops what it does not know", { view: "<script>", sort: 3, x: "y", q: "" }, {}],
    ["drops what is no text", { c: 12, q: { a: 1 } }, {}],
  ])("%s", (_, given, want) => expect(inboxSearch(given)).toEqual(want));
});

describe("words", () => {
  it.each([
    ["Amara Okafor", "Amara"],
    ["The Gadget Grump", "The Gadget Grump"],
    ["The Baker", "The Baker"],
    ["@teakettle.club fans", "@teakettle.club fans"],
    ["Nguyễn Văn An", "Nguyễn Văn An"],
    ["Lucía Cárdenas", "Lucía"],
    ["Madonna", "Madonna"],
  ])("calls %s %s", (n, want) => expect(firstName(n)).toBe(want));
  it("Monday is never today", () => {
    const monday = new Date(2026, 10, 23, 10, 0);
    expect(soon("monday", monday).getDate()).toBe(30);
    expect(soon("monday", new Date(2026, 10, 22, 10, 0)).getDate()).toBe(23);
  });
});

function Writer() {
  const d = useDraft("c1", "public");
  return (
    <>
      <textarea aria-label="words" value={d.text} onChange={(e) => d.write(e.target.value)} />
      <output>
        {d.door}
        {d.kept ? " kept" : ""}
      </output>
      <button type="button" onClick={d.drop}>
        drop
      </button>
    </>
  );
}

describe("what happened", () => {
  const event = (verb: string, detail: Record<string, unknown> = {}) =>
    happened(
      { author: { name: "Maya", member: "m1" }, event: { verb, detail }, text: "" } as unknown as Message,
      (id) => (id === "m2" ? "Jonas" : undefined),
    );
  it.each([
    ["claim", {}, "Maya took it"],
    ["assign", { member: "m2" }, "Maya gave it to Jonas"],
    ["assign", { member: "m1" }, "Maya took it"],
    ["assign", { member: "" }, "Maya gave it to nobody"],
    ["assign", { member: "m9" }, "Maya gave it to a colleague"],
    ["reopened", { because: "they wrote again" }, "open again, they wrote"],
    ["something new", {}, "something new"],
  ])("%s %j", (verb, detail, want) => expect(event(verb, detail)).toBe(want));
});

describe("a draft", () => {
  const path = "/api/conversations/c1/draft";
  it("begins with what the server kept, and its door", async () => {
    serve({ [`GET ${path}`]: () => [200, { text: "Hers is one", visibility: "direct" }] });
    render(<Writer />, { wrapper: home() });
    await waitFor(() =>
      expect((screen.getByLabelText("words") as HTMLTextAreaElement).value).toBe("Hers is one"),
    );
    expect(screen.getByRole("status").textContent).toBe("direct kept");
  });
  it("is kept a moment after the last word, once", async () => {
    serve({ [`PUT ${path}`]: (b) => [200, b] });
    vi.useFakeTimers();
    render(<Writer />, { wrapper: home() });
    for (const text of ["O", "On", "On it"]) {
      fireEvent.change(screen.getByLabelText("words"), { target: { value: text } });
      await act(() => vi.advanceTimersByTimeAsync(300));
    }
    expect(screen.getByRole("status").textContent).toBe("public");
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(calls.filter((c) => c.method === "PUT").map((c) => c.body)).toEqual([
      { text: "On it", visibility: "public" },
    ]);
    expect(screen.getByRole("status").textContent).toBe("public kept");
  });
  it("is kept when the writer goes elsewhere before that", async () => {
    serve({ [`PUT ${path}`]: (b) => [200, b] });
    const { unmount } = render(<Writer />, { wrapper: home() });
    fireEvent.change(screen.getByLabelText("words"), { target: { value: "Half a" } });
    unmount();
    await waitFor(() => expect(calls.some((c) => c.method === "PUT")).toBe(true));
  });
  it("is gone once it was sent", async () => {
    serve({
      [`GET ${path}`]: () => [200, { text: "Sent words", visibility: "public" }],
      [`DELETE ${path}`]: () => [204, null],
    });
    render(<Writer />, { wrapper: home() });
    await waitFor(() =>
      expect((screen.getByLabelText("words") as HTMLTextAreaElement).value).toBe("Sent words"),
    );
    fireEvent.click(screen.getByText("drop"));
    await waitFor(() => expect(calls.some((c) => c.method === "DELETE")).toBe(true));
    expect((screen.getByLabelText("words") as HTMLTextAreaElement).value).toBe("");
  });
});

describe("saying", () => {
  it("sends a reply under its key, to the door that was chosen", async () => {
    serve({ "POST /api/conversations/c1/replies": () => [200, { id: "m1", kind: "ours" }] });
    const { result } = renderHook(() => useSay("c1"), { wrapper: home() });
    await act(() => result.current.mutateAsync({ key: "k1", text: "On it.", door: "direct", seen: 3 }));
    expect(calls[0]).toMatchObject({ body: { key: "k1", text: "On it.", visibility: "direct", seen: 3 } });
    expect(calls[0]?.key).toBeTruthy();
  });
  it("never sends a note to a network", async () => {
    serve({ "POST /api/conversations/c1/notes": () => [200, { id: "n1", kind: "note" }] });
    const { result } = renderHook(() => useSay("c1"), { wrapper: home() });
    await act(() => result.current.mutateAsync({ key: "k2", text: "Careful.", door: "note", seen: 3 }));
    expect(calls.map((c) => c.path)).toEqual(["/api/conversations/c1/notes"]);
  });
  it("keeps the sentence of the gate and the way to mend it", async () => {
    serve({
      "POST /api/conversations/c1/replies": () => [
        403,
        { detail: "You have not acknowledged it.", fix: "/govern/policies/1" },
      ],
    });
    const { result } = renderHook(() => useSay("c1"), { wrapper: home() });
    await act(() =>
      result.current.mutateAsync({ key: "k3", text: "On it.", door: "public", seen: 3 }).catch(() => {}),
    );
    await waitFor(() =>
      expect(result.current.error).toMatchObject({
        message: "You have not acknowledged it.",
        fix: "/govern/policies/1",
      }),
    );
  });
});
