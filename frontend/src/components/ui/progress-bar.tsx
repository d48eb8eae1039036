import clsx from "clsx";

interface ProgressBarProps {
  label: string;
  /** From 0 to 1; undefined while nobody knows how far it is. */
  value?: number | undefined;
  className?: string;
}

export function ProgressBar({ label, value, className }: ProgressBarProps) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={clsx("h-1.5 overflow-hidden rounded-full bg-line", className)}
    >
      {percent === undefined ? (
        // Standing still, a third of the bar would say that a third is done.
        <div className="h-full w-1/3 animate-sweep rounded-full bg-accent motion-reduce:w-full motion-reduce:opacity-40" />
      ) : (
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-500 ease-out"
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
