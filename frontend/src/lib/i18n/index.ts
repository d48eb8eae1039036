import i18next from "i18next";
import LanguageDetector from "i18next-browser-languagedetector";
import { initReactI18next } from "react-i18next";

import { en } from "./en";
import { ru } from "./ru";

export const LANGUAGES = ["ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

/** The browser decides; a choice made by the switch is kept and wins. */
export async function initI18n(): Promise<void> {
  const tellDocument = (language: string) => {
    document.documentElement.lang = language;
  };
  i18next.on("languageChanged", tellDocument);
  await i18next
    .use(LanguageDetector)
    .use(initReactI18next)
    .init({
      resources: { en: { translation: en }, ru: { translation: ru } },
      supportedLngs: LANGUAGES,
      nonExplicitSupportedLngs: true,
      load: "languageOnly",
      fallbackLng: "en",
      interpolation: { escapeValue: false },
      detection: {
        order: ["localStorage", "navigator"],
        lookupLocalStorage: "offstage.language",
        caches: [],
      },
    });
}

/** Changes the language and remembers it; storage may be forbidden. */
export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem("offstage.language", language);
  } catch {
    // The choice then lasts until the page is closed.
  }
  await i18next.changeLanguage(language);
}
