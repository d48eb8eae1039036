import clsx from "clsx";

/** A grey bar of the size of what is being loaded. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-breathe rounded-md bg-line", className)} />;
}
