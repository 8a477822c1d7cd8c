import { expect, test } from "vitest";
import { filled, missing, told } from "./Form";
import { summary } from "./System";
import { agent, lines, size } from "./words";

const form = [
  { name: "server", label: "Server", type: "url", required: true },
  { name: "token", label: "Token", type: "secret", required: true },
  { name: "public", label: "Public", type: "choice", default: "none" },
];

test("a form begins with what is stored, never with a secret", () => {
  expect(filled(form)).toEqual({ server: "", token: "", public: "none" });
  expect(filled(form, { server: "https://a.example", token: "leaked", has_secret: { token: true } })).toEqual(
    {
      server: "https://a.example",
      token: "",
      public: "none",
    },
  );
});

test("what is required is asked for; a stored secret counts", () => {
  const values = { server: "https://a.example", token: "", public: "none" };
  expect(missing(form, values)?.name).toBe("token");
  expect(missing(form, values, new Set(["token"]))).toBeUndefined();
  expect(missing(form, { ...values, server: " " })?.name).toBe("server");
});

test("an empty secret is not sent, so that the stored one is kept", () => {
  expect(told(form, { server: " https://a.example ", token: "", public: "" })).toEqual({
    server: "https://a.example",
    public: "",
  });
  expect(told(form, { server: "", token: "abc", public: "none" }).token).toBe("abc");
});

test("one entry per line, each once", () => {
  expect(lines(" a \n\nb\na\n")).toEqual(["a", "b"]);
});

test("sizes and browsers are said as people do", () => {
  expect(size(69_752_344_576)).toBe("69.8 GB");
  expect(size(512)).toBe("512 B");
  expect(agent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")).toBe(
    "Chrome on Linux",
  );
  expect(agent("curl/8.5.0")).toBe("curl");
});

test("the worst comes first in the sentence about the machine", () => {
  const well = {
    version: "1",
    database: "sqlite",
    schema: 8,
    parked: 0,
    disk: { free: 1, state: "ok" },
    intake: { backlog: 0, state: "ok", text: "" },
    followers: [],
    channels: [],
  } as const;
  expect(summary(well as never)).toBe("All is well.");
  expect(
    summary({
      ...well,
      channels: [{ channel: { id: "1", kind: "feed", name: "News" }, state: "trouble", text: "" }],
    } as never),
  ).toBe("All is well but News, which needs you.");
  expect(summary({ ...well, disk: { free: 1, state: "low" } } as never)).toContain("disk");
});
