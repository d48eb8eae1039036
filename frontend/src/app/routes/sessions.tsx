import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useCreateSession } from "@/features/sessions/api/use-session-changes";
import { SessionForm } from "@/features/sessions/components/session-form";
import { SessionList } from "@/features/sessions/components/session-list";
import { useMediaQuery } from "@/lib/hooks/use-media-query";

/** From where on the form stands beside the list (Tailwind's `lg`). */
const IS_WIDE = "(width >= 64rem)";

function NewSession() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const create = useCreateSession();
  return (
    <section
      aria-labelledby="new-session"
      className="h-fit rounded-2xl border border-line bg-surface p-5 lg:sticky lg:top-6"
    >
      <h2 id="new-session" className="text-base font-semibold">
        {t("sessions.new")}
      </h2>
      <p className="mt-1 mb-4 text-sm text-muted">{t("sessions.newHint")}</p>
      <SessionForm
        submitLabel={t("sessions.create")}
        isPending={create.isPending}
        error={create.error}
        onSubmit={(draft) =>
          create.mutate(draft, { onSuccess: (session) => navigate(`/s/${session.id}`) })
        }
      />
    </section>
  );
}

function Sessions() {
  const { t } = useTranslation();
  return (
    <div>
      <h1 className="font-serif text-xl font-semibold sm:text-2xl">{t("sessions.title")}</h1>
      <p className="mt-2 text-muted">{t("app.tagline")}</p>
      <div className="mt-6">
        <SessionList />
      </div>
    </div>
  );
}

/** The list of sessions, and the form that starts one: above it where there is no room beside. */
export default function SessionsPage() {
  const isWide = useMediaQuery(IS_WIDE);
  useEffect(() => {
    document.title = "Offstage";
  }, []);
  // Keyboards and screen readers go by the document's order, so that it has to be the eye's. Keys
  // keep what was typed when the window is turned.
  const parts = [<Sessions key="list" />, <NewSession key="form" />];
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-x-16 gap-y-10 px-4 pt-6 pb-16 sm:px-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      {isWide ? parts : parts.reverse()}
    </div>
  );
}
