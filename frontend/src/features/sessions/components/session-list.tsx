import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { Session } from "@/lib/api/types";
import { formatMoment } from "@/lib/format";
import { describeError } from "@/lib/i18n/dynamic";

import { useSessions } from "../api/use-sessions";

function SessionRow({ session }: { session: Session }) {
  const { i18n } = useTranslation();
  return (
    <li>
      <Link
        href={`/s/${session.id}`}
        className="group -mx-3 flex items-center gap-3 rounded-lg px-3 py-4 hover:bg-surface"
      >
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 font-serif text-lg break-words group-hover:text-accent">
            {session.title}
          </span>
          <span className="mt-0.5 block text-xs break-words text-muted">
            {[formatMoment(session.updatedAt, i18n.language), session.goal]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
        <ChevronRight aria-hidden size={18} className="text-muted group-hover:text-accent" />
      </Link>
    </li>
  );
}

function Loading() {
  return (
    <ul aria-hidden className="divide-y divide-line">
      {["w-3/5", "w-2/5", "w-1/2"].map((width) => (
        <li key={width} className="flex h-[4.9rem] flex-col justify-center gap-2.5">
          <Skeleton className={`h-5 ${width}`} />
          <Skeleton className="h-3.5 w-40" />
        </li>
      ))}
    </ul>
  );
}

export function SessionList() {
  const { t } = useTranslation();
  const sessions = useSessions();
  if (sessions.isPending) return <Loading />;
  if (sessions.isError) {
    const { title, hint } = describeError(sessions.error);
    return (
      <EmptyState title={title} text={hint}>
        <Button onClick={() => void sessions.refetch()}>{t("common.tryAgain")}</Button>
      </EmptyState>
    );
  }
  if (sessions.data.length === 0) {
    return <EmptyState title={t("sessions.emptyTitle")} text={t("sessions.emptyText")} />;
  }
  return (
    <>
      <ul className="divide-y divide-line">
        {sessions.data.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {sessions.hasNextPage && (
        <Button
          className="mt-4"
          disabled={sessions.isFetchingNextPage}
          onClick={() => void sessions.fetchNextPage()}
        >
          {t("sessions.showMore")}
        </Button>
      )}
    </>
  );
}
