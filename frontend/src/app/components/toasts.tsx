import { Toaster } from "sonner";

/** Where toasts appear; each is announced to a screen reader by the library. */
export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm text-ink shadow-raised font-sans",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "text-xs text-muted",
          icon: "hidden",
          actionButton: "shrink-0 rounded-md px-2 py-1 text-sm font-medium text-accent hover:bg-accent-soft",
          error: "border-danger",
        },
      }}
    />
  );
}
