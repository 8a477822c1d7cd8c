import type { LinguiConfig } from "@lingui/conf";

// To add a language: add it here, run `npm run extract`, fill the new file,
// and name it in src/lib/locale.ts (with its direction).
const rooms = ["analyze", "engage", "evolve", "govern", "listen", "people", "settings"];

const config: LinguiConfig = {
  locales: ["en"],
  sourceLocale: "en",
  // A room's words come with the room; what every screen needs is in messages.
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/messages",
      include: ["src"],
      exclude: [...rooms.map((r) => `**/rooms/${r}/**`), "**/*.test.*", "**/kit/gallery/**"],
    },
    ...rooms.map((r) => ({
      path: `<rootDir>/src/locales/{locale}/${r}`,
      include: [`src/rooms/${r}`],
      exclude: ["**/*.test.*"],
    })),
  ],
  format: "po",
  formatOptions: { origins: false, lineNumbers: false },
  orderBy: "messageId",
};
export default config;
