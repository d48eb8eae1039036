import { ArrowLeft, Settings2, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { Confirm } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import {
  useDeleteSession,
  useUpdateSession,
  type SessionDraft,
} from "@/features/sessions/api/use-session-changes";
import { SessionForm } from "@/features/sessions/components/session-form";
import type { Session } from "@/lib/api/types";

function draftOf(session: Session): SessionDraft {
  const { title, goal, focus, tone, language } = session;
  return {
    title,
    goal: goal ?? "",
    focus: focus ?? "",
    tone: tone ?? "",
    language: language ?? "",
  };
}

function Settings({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const update = useUpdateSession(session.id);
  return (
    <>
      <IconButton icon={Settings2} label={t("sessions.edit")} onClick={() => setOpen(true)} />
      <Dialog open={isOpen} onOpenChange={setOpen} title={t("sessions.edit")}>
        <div className="p-4 sm:p-6">
          <SessionForm
            initial={draftOf(session)}
            submitLabel={t("common.save")}
            isPending={update.isPending}
            error={update.error}
            onSubmit={(draft) => update.mutate(draft, { onSuccess: () => setOpen(false) })}
          />
        </div>
      </Dialog>
    </>
  );
}

export function SessionHeading({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const remove = useDeleteSession(session.id);
  return (
    <div>
      <Link
        href="/"
        className="inline-flex items-center gap-1.5 rounded text-sm text-muted hover:text-accent"
      >
        <ArrowLeft aria-hidden size={16} />
        {t("app.toSessions")}
      </Link>
      <div className="mt-3 flex items-start gap-2">
        <h1 className="min-w-0 flex-1 font-serif text-xl font-semibold sm:text-2xl text-balance break-words">
          {session.title}
        </h1>
        <Settings session={session} />
        <Confirm
          title={t("sessions.deleteTitle", { title: session.title })}
          text={t("sessions.deleteText")}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/") })}
          trigger={<IconButton icon={Trash2} label={t("common.delete")} />}
        />
      </div>
      {session.goal && <p className="mt-1 break-words text-muted">{session.goal}</p>}
    </div>
  );
}
