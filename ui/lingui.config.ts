import type { LinguiConfig } from "@lingui/conf";

// To add a language: add it here, run `npm run extract`, fill the new file,
// and name it in src/lib/locale.ts (with its direction).
const config: LinguiConfig = {
  locales: ["en"],
  sourceLocale: "en",
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/messages",
      include: ["src"],
      exclude: ["**/*.test.*", "**/kit/gallery/**"],
    },
  ],
  format: "po",
  formatOptions: { origins: false, lineNumbers: false },
  orderBy: "messageId",
};
export default config;
