import clsx from "clsx";
import type { ComponentProps } from "react";

const base =
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium transition-colors " +
  "disabled:cursor-not-allowed disabled:opacity-50";

const variants = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink hover:border-accent hover:text-accent",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-danger text-on-accent hover:opacity-90",
};

const sizes = {
  md: "min-h-11 px-4 py-2 text-sm",
  sm: "min-h-9 px-3 py-1 text-xs",
  icon: "size-9",
};

interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
}

export function Button({
  variant = "secondary",
  size = "md",
  type = "button",
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={clsx(base, variants[variant], sizes[size], className)}
      {...rest}
    />
  );
}
