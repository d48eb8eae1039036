import { useId } from "react";

export interface TickOption {
  key: string;
  label: string;
  /** Not to be chosen where it stands, but to be undone. */
  isWrong?: boolean;
}

interface TickProps {
  label: string;
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

/** Yes or no, beside a control of full height. */
export function Tick({ label, isChosen, onChange }: TickProps) {
  return (
    <label className="flex min-h-11 items-center gap-2 text-sm sm:mt-auto">
      <input
        type="checkbox"
        checked={isChosen}
        onChange={({ target }) => onChange(target.checked)}
        className="size-4 shrink-0 accent-accent"
      />
      {label}
    </label>
  );
}

interface TickListProps {
  label: string;
  options: readonly TickOption[];
  /** Keys of options. */
  chosen: readonly string[];
  error: string | undefined;
  onChange: (chosen: string[]) => void;
}

/** Any number of the options. Nothing, where there are none. */
export function TickList({ label, options, chosen, error, onChange }: TickListProps) {
  const id = useId();
  const toggle = (key: string) =>
    onChange(chosen.includes(key) ? chosen.filter((each) => each !== key) : [...chosen, key]);
  if (options.length === 0) return null;
  return (
    <fieldset aria-describedby={error === undefined ? undefined : id} className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      {options.map(({ key, label: name, isWrong = false }) => (
        <label key={key} className="flex min-h-7 items-start gap-2 text-sm">
          <input
            type="checkbox"
            checked={chosen.includes(key)}
            aria-invalid={error !== undefined && isWrong}
            onChange={() => toggle(key)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0 break-words">{name}</span>
        </label>
      ))}
      {error !== undefined && (
        <p id={id} className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
