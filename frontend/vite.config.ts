import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const apiUrl = process.env["OFFSTAGE_API"] ?? "http://127.0.0.1:8000";
const apiPaths = [
  ...["/sessions", "/jobs", "/agents", "/healthz", "/readyz", "/openapi.json"],
  ...["/whoami", "/login", "/logout"],
];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The API accepts posts only from its own origin, so the proxy presents itself as that.
  server: {
    proxy: Object.fromEntries(
      apiPaths.map((path) => [
        path,
        { target: apiUrl, changeOrigin: true, headers: { origin: apiUrl } },
      ]),
    ),
  },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    // A font or image inlined as data: would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/lib/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
