import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";

import { Button } from "./button";

interface IconButtonProps extends Omit<ComponentProps<typeof Button>, "size" | "children"> {
  icon: LucideIcon;
  /** What it does; read aloud, and shown as a tooltip. */
  label: string;
}

export function IconButton({ icon: Icon, label, variant = "quiet", ...rest }: IconButtonProps) {
  return (
    <Button variant={variant} size="icon" aria-label={label} title={label} {...rest}>
      <Icon aria-hidden size={18} strokeWidth={1.75} />
    </Button>
  );
}
