import type { Schema, SchemaField } from "./schema-fields";

/** What is typed into each field: text, or whether a box is ticked. */
export type Values = Readonly<Record<string, string | boolean>>;

/** What is wrong with a field: a key of `agents.wrong` (or "required") and its limit. */
export interface Wrong {
  key: WrongKey;
  limit?: string | number;
}

export type WrongKey =
  | "required"
  | "number"
  | "integer"
  | "min"
  | "max"
  | "above"
  | "below"
  | "short"
  | "long"
  | "few"
  | "many"
  | "pattern"
  | "choice"
  | "json";

function shown(field: SchemaField): string | boolean {
  const { fallback, kind } = field;
  if (kind === "boolean") return fallback === true;
  if (fallback === undefined || fallback === null) return "";
  if (kind === "lines" && Array.isArray(fallback)) return fallback.join("\n");
  if (kind === "json") return JSON.stringify(fallback, null, 2);
  return typeof fallback === "string" ? fallback : JSON.stringify(fallback);
}

/** The form as it opens: with the agent's own defaults. */
export function initialValues(fields: SchemaField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, shown(field)]));
}

function limit(schema: Schema, name: string): number | undefined {
  const value = schema[name];
  return typeof value === "number" ? value : undefined;
}

function outside(value: number, schema: Schema, least: string, most: string, keys: [WrongKey, WrongKey]) {
  const min = limit(schema, least);
  const max = limit(schema, most);
  if (min !== undefined && value < min) return { key: keys[0], limit: min };
  if (max !== undefined && value > max) return { key: keys[1], limit: max };
  return undefined;
}

function wrongNumber(value: number, { kind, schema }: SchemaField): Wrong | undefined {
  if (!Number.isFinite(value)) return { key: "number" };
  if (kind === "integer" && !Number.isInteger(value)) return { key: "integer" };
  const above = limit(schema, "exclusiveMinimum");
  const below = limit(schema, "exclusiveMaximum");
  if (above !== undefined && value <= above) return { key: "above", limit: above };
  if (below !== undefined && value >= below) return { key: "below", limit: below };
  return outside(value, schema, "minimum", "maximum", ["min", "max"]);
}

function fits(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // Written for Python's engine: the server decides.
    return true;
  }
}

function wrongText(text: string, { schema }: SchemaField): Wrong | undefined {
  // Python counts code points.
  const length = Array.from(text).length;
  const pattern = schema["pattern"];
  const isOff = typeof pattern === "string" && !fits(text, pattern);
  return (
    outside(length, schema, "minLength", "maxLength", ["short", "long"]) ??
    (isOff ? { key: "pattern", limit: pattern } : undefined)
  );
}

type Read = { value: unknown } | { wrong: Wrong };

function judged(value: unknown, wrong: Wrong | undefined): Read {
  return wrong ? { wrong } : { value };
}

function parsed(typed: string): Read {
  try {
    return { value: JSON.parse(typed) as unknown };
  } catch {
    return { wrong: { key: "json" } };
  }
}

/** The value that was typed. The server checks all of it again. */
function read(field: SchemaField, typed: string): Read {
  switch (field.kind) {
    case "number":
    case "integer": {
      const value = Number(typed.trim().replace(",", "."));
      return judged(value, wrongNumber(value, field));
    }
    case "choice": {
      const chosen = field.choices.find((choice) => String(choice) === typed);
      const all = field.choices.map(String).join(", ");
      return judged(chosen, chosen === undefined ? { key: "choice", limit: all } : undefined);
    }
    case "lines": {
      const lines = typed.split("\n").map((line) => line.trim()).filter(Boolean);
      return judged(lines, outside(lines.length, field.schema, "minItems", "maxItems", ["few", "many"]));
    }
    case "json":
      return parsed(typed);
    default:
      return judged(typed, wrongText(typed, field));
  }
}

/** The agent's query, and what is wrong by field. What is left empty isn't sent. */
export function queryFrom(fields: SchemaField[], values: Values) {
  const query: Record<string, unknown> = {};
  const wrong: Record<string, Wrong> = {};
  for (const field of fields) {
    const typed = values[field.name] ?? "";
    if (typeof typed === "boolean") query[field.name] = typed;
    else if (typed.trim() === "") {
      if (field.isRequired) wrong[field.name] = { key: "required" };
      // Emptied on purpose: not what the agent takes when nothing is said.
      else if (field.kind === "lines" && shown(field) !== "") query[field.name] = [];
      else if (field.kind.endsWith("text") && shown(field) !== "") query[field.name] = "";
    } else {
      const found = read(field, typed);
      if ("wrong" in found) wrong[field.name] = found.wrong;
      else query[field.name] = found.value;
    }
  }
  return { query, wrong };
}
