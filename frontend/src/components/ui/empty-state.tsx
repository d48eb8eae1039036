import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  text: string;
  children?: ReactNode;
}

export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-start gap-2 py-8">
      <h2 className="font-serif text-xl">{title}</h2>
      <p className="max-w-prose text-muted">{text}</p>
      {children !== undefined && <div className="mt-3">{children}</div>}
    </div>
  );
}
