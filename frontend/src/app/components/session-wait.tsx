import { Skeleton } from "@/components/ui/skeleton";

/** A session's heading before it is known, in its place. */
export function HeadingWait() {
  return <Skeleton className="mt-9 h-9 w-2/3" />;
}

/** A session's page while it is being loaded. */
export function SessionWait() {
  return (
    <div className="mx-auto min-h-screen max-w-6xl px-4 pt-4 pb-24 sm:px-6">
      <HeadingWait />
    </div>
  );
}
