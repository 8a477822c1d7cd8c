import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("every screen of a room comes with its room's words", () => {
  const router = readFileSync("src/app/router.tsx", "utf8");
  const screens = [...router.matchAll(/(.*)import\("\.\.\/rooms\/(\w+)\//g)].filter((m) => m[2] !== "home");
  expect(screens.length).toBeGreaterThan(20);
  for (const m of screens) expect(m[1]).toContain(`part("${m[2]}", () => `);
});
