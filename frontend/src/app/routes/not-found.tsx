import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { EmptyState } from "@/components/ui/empty-state";

/** Also shown for a session that is gone, with its own words. */
export function NotFoundPage({ title, text = "" }: { title?: string; text?: string }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6">
      <EmptyState isPage title={title ?? t("app.notFound")} text={text}>
        <Link href="/" className="text-accent underline underline-offset-2">
          {t("app.toSessions")}
        </Link>
      </EmptyState>
    </div>
  );
}
