import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "@/app/app";
import { initI18n } from "@/lib/i18n";
import { applyTheme, savedTheme } from "@/lib/theme";

import "@/styles/index.css";

async function start(): Promise<void> {
  applyTheme(savedTheme());
  await initI18n();
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
