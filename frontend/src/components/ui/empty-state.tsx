import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  text: string;
  /** Whether it is all that the page has to say. */
  isPage?: boolean;
  children?: ReactNode;
}

export function EmptyState({ title, text, isPage = false, children }: EmptyStateProps) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className="flex flex-col items-start gap-2 py-8">
      <Heading className="font-serif text-xl">{title}</Heading>
      <p className="max-w-prose text-muted">{text}</p>
      {children !== undefined && <div className="mt-3">{children}</div>}
    </div>
  );
}
