import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { chooseLanguage, LANGUAGES } from "@/lib/i18n";
import { savedTheme, saveTheme, THEMES } from "@/lib/theme";

import { IconButton } from "./ui/icon-button";

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

/** How the page speaks and looks, to be changed wherever one is. */
export function Preferences() {
  return (
    <>
      <LanguageSwitch />
      <ThemeSwitch />
    </>
  );
}
