import clsx from "clsx";
import { useId, type ComponentProps, type ReactNode } from "react";

const control =
  "w-full rounded-lg border border-line-strong bg-surface px-3 py-2 text-base text-ink " +
  "hover:border-muted focus:border-accent focus:outline-none focus:ring-2 focus:ring-accent/25 " +
  "aria-invalid:border-danger";

interface FieldProps {
  label: string;
  error?: string | undefined;
  className?: string | undefined;
  children: (wiring: {
    id: string;
    className: string;
    "aria-invalid": boolean;
    "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A label, a control and what is wrong with its value, wired together. */
export function Field({ label, error, className, children }: FieldProps) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className={clsx("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        className: control,
        "aria-invalid": error !== undefined,
        "aria-describedby": error === undefined ? undefined : errorId,
      })}
      {error !== undefined && (
        <p id={errorId} className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

interface Labelled {
  label: string;
  error?: string | undefined;
}

export function TextField({ label, error, ...rest }: Labelled & ComponentProps<"input">) {
  return (
    <Field label={label} error={error}>
      {(wiring) => <input {...wiring} {...rest} />}
    </Field>
  );
}

/** As high as what is in it, `rows` at least, where the browser can; else just `rows`. */
export function TextArea(props: Labelled & ComponentProps<"textarea">) {
  const { label, error, rows = 2, ...rest } = props;
  return (
    <Field label={label} error={error}>
      {({ className, ...wiring }) => (
        <textarea
          {...wiring}
          rows={rows}
          style={{ minHeight: `calc(${rows}lh + 1rem + 2px)` }}
          className={clsx(className, "field-sizing-content max-h-[60dvh]")}
          {...rest}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  error,
  children,
  ...rest
}: Labelled & ComponentProps<"select">) {
  return (
    <Field label={label} error={error}>
      {(wiring) => (
        <select {...wiring} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}
