import { Monitor, Moon, Sun } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { IconButton } from "@/components/ui/icon-button";
import { chooseLanguage, LANGUAGES } from "@/lib/i18n";
import { savedTheme, saveTheme, THEMES } from "@/lib/theme";

const themeIcons = { system: Monitor, light: Sun, dark: Moon };

function ThemeSwitch() {
  const { t } = useTranslation();
  const [theme, setTheme] = useState(savedTheme);
  const change = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
    saveTheme(next);
    setTheme(next);
  };
  return (
    <IconButton
      icon={themeIcons[theme]}
      label={t("app.theme", { theme: t(`app.themes.${theme}`) })}
      onClick={change}
    />
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <div role="group" aria-label={t("app.language")} className="flex">
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.resolvedLanguage === language}
          onClick={() => void chooseLanguage(language)}
          className="size-9 rounded-lg text-xs font-medium text-muted uppercase hover:bg-sunken hover:text-ink aria-pressed:text-accent"
        >
          {language}
        </button>
      ))}
    </div>
  );
}

/** @param account what belongs to whoever is signed in */
export function Header({ account }: { account?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <header className="mx-auto flex max-w-6xl items-center justify-between gap-4 px-4 py-3 sm:px-6">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2"
      >
        {t("app.skip")}
      </a>
      <Link href="/" className="flex items-center gap-2.5 rounded font-serif text-lg font-semibold">
        <span aria-hidden className="relative block h-6 w-5 rounded-sm bg-accent">
          <span className="absolute inset-y-0 right-1 w-px bg-margin" />
        </span>
        Offstage
      </Link>
      <div className="flex items-center gap-1">
        <LanguageSwitch />
        <ThemeSwitch />
        {account}
      </div>
    </header>
  );
}
