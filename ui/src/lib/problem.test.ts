import { describe, expect, it } from "vitest";
import { fromBody, sentenceOf } from "./problem";

describe("fromBody", () => {
  it("shows the sentence of the server and keeps what mends it", () => {
    const p = fromBody(403, {
      detail: "You have not acknowledged “Speaking for Brewell”, version 2.",
      kind: "forbidden",
      fix: "/govern/policies/1",
    });
    expect(p.message).toMatch(/^You have not acknowledged/);
    expect(p.fix).toBe("/govern/policies/1");
    expect(p.status).toBe(403);
  });
  it("finds the fields that are wrong", () => {
    const p = fromBody(422, {
      detail: "Mend the fields.",
      errors: [{ location: "body.password", message: "At least 12 characters." }],
    });
    expect(p.fields).toEqual({ password: "At least 12 characters." });
  });
  it("names the one field a rule of a room speaks of, with its place", () => {
    const p = fromBody(422, { detail: "A quote is not closed.", field: "query", at: 12 });
    expect(p.fields.query).toBe("A quote is not closed.");
    expect(p.at).toBe(12);
  });
  it.each([
    [401, undefined],
    [404, "<html>"],
    [500, null],
    [503, ""],
  ])("has a sentence of its own for %s with %s", (status, body) => {
    expect(fromBody(status, body).message).toMatch(/\w+.*\.$/);
  });
});

it("says something kind of an error that is none of ours", () => {
  expect(sentenceOf(new TypeError("x is undefined"))).not.toContain("undefined");
});
