import { useTranslation } from "react-i18next";

import { JobProgress } from "@/components/job-progress";
import { Skeleton } from "@/components/ui/skeleton";
import type { Job } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";

/** The shape of notes that aren't there yet. */
export function NotesSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-3">
      <Skeleton className="mb-2 h-6 w-1/2" />
      {["w-full", "w-11/12", "w-full", "w-3/4"].map((width, index) => (
        <Skeleton key={index} className={`h-4 ${width}`} />
      ))}
    </div>
  );
}

/** The first notes are being made. */
export function Forming({ kind, job }: { kind: Kind; job: Job }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-8 px-4 py-12 sm:px-6">
      <div className="flex flex-col gap-3">
        <h2 className="font-serif text-xl">{t(`${kind}.forming`)}</h2>
        <JobProgress job={job} />
        <p className="text-sm text-muted">{t("synopsis.formingText")}</p>
      </div>
      <NotesSkeleton />
    </div>
  );
}

/** A next version is being made while this one is read. */
export function FormingStrip({ job }: { job: Job }) {
  const { t } = useTranslation();
  return (
    <div className="sticky top-0 z-10 border-b border-line bg-accent-soft px-4 py-3 sm:px-6">
      <p className="mb-2 text-sm font-medium text-accent">{t("synopsis.newer")}</p>
      <JobProgress job={job} />
    </div>
  );
}
