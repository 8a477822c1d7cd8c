import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The Go server in development; PARLEY_ADDR is where `parley serve` listens.
const server = `http://${process.env.PARLEY_ADDR ?? "127.0.0.1:8080"}`;

export default defineConfig({
  plugins: [
    react(),
    babel({ include: /\/src\/.*\.tsx?$/, plugins: ["@lingui/babel-plugin-lingui-macro"] }),
    lingui(),
    tailwindcss(),
  ],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Nothing becomes a data: address, so that the content security policy stays 'self'.
    assetsInlineLimit: 0,
    // light-dark() and oklch() are kept as written.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { "/api": server, "/healthz": server, "/readyz": server, "/l/": server },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/testing.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
