import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Preferences } from "@/components/preferences";

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
        <Preferences />
        {account}
      </div>
    </header>
  );
}
