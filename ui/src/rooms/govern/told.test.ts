import { describe, expect, it } from "vitest";
import { brief, did, thing } from "./told";

describe("a line of the record", () => {
  it("says what was done", () => {
    expect(`${did("sign_in")} ${thing("sign_in", "session")}`.trim()).toBe("signed in");
    expect(`${did("resolve")} ${thing("resolve", "conversation")}`).toBe("resolved conversation");
  });
  it("shows what it has no word for as it is, without its underscores", () => {
    expect(did("rotate_key")).toBe("rotate key");
    expect(thing("rotate_key", "signing_key")).toBe("signing key");
  });
  it("leaves out what only machines read", () => {
    expect(
      brief({
        member: "01a03194-6948-78ba-9d6c-da4291a5a15a",
        sha256: "3a4b902cd2cf0cd6270c463064e06f84065b198a65bd8e65a4ed52486eb54fec",
        was: "",
        visibility: "public",
      }),
    ).toBe("visibility: public");
  });
  it("counts what is many", () => {
    expect(brief({ conversations: ["a", "b", "c"], attempt: 1 })).toBe("3 conversations; attempt: 1");
  });
  it("is empty where there is nothing", () => expect(brief(undefined)).toBe(""));
});
