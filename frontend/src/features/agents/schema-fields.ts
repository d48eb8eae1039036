/**
 * From an agent's input schema (JSON Schema, as pydantic writes it) to the fields of a form.
 * What has no field of its own kind is typed as JSON, so every schema has a form.
 */

export type Schema = Readonly<Record<string, unknown>>;
export type FieldKind =
  "text" | "long-text" | "number" | "integer" | "boolean" | "choice" | "lines" | "json";

export interface SchemaField {
  name: string;
  label: string;
  description: string;
  kind: FieldKind;
  isRequired: boolean;
  /** What the agent takes when nothing is said; undefined if there is none. */
  fallback: unknown;
  /** The values of a `choice`. */
  choices: unknown[];
  /** The schema that the value is held to, without `null` and references. */
  schema: Schema;
}

const LONG_TEXT_CHARS = 200;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Follows a reference, and takes the one that isn't null of two. */
function resolved(schema: Schema, root: Schema): Schema {
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const defs = root["$defs"];
    const target = isRecord(defs) ? defs[ref.split("/").at(-1) ?? ""] : undefined;
    return isRecord(target) ? { ...target, ...without(schema, "$ref") } : {};
  }
  const options = (Array.isArray(schema["anyOf"]) ? schema["anyOf"] : []).filter(isRecord);
  const [only, ...others] = options.filter(({ type }) => type !== "null");
  if (only === undefined || others.length > 0) return schema;
  return { ...resolved(only, root), ...without(schema, "anyOf") };
}

function without(schema: Schema, name: string): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== name));
}

function choicesOf(schema: Schema): unknown[] {
  if (Array.isArray(schema["enum"])) return schema["enum"];
  return "const" in schema ? [schema["const"]] : [];
}

function kindOf(schema: Schema, root: Schema): FieldKind {
  if (choicesOf(schema).length > 0) return "choice";
  switch (schema["type"]) {
    case "string": {
      const longest = schema["maxLength"];
      const isLong = typeof longest === "number" && longest > LONG_TEXT_CHARS;
      return isLong ? "long-text" : "text";
    }
    case "number":
    case "integer":
    case "boolean":
      return schema["type"];
    case "array": {
      const items = isRecord(schema["items"]) ? resolved(schema["items"], root) : {};
      return items["type"] === "string" ? "lines" : "json";
    }
    default:
      return "json";
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The fields in the order in which the agent's author wrote them. */
export function fieldsOf(root: Schema): SchemaField[] {
  const required = Array.isArray(root["required"]) ? root["required"] : [];
  const properties = isRecord(root["properties"]) ? Object.entries(root["properties"]) : [];
  return properties.map(([name, property]) => {
    const schema = resolved(isRecord(property) ? property : {}, root);
    return {
      name,
      label: text(schema["title"]) || name,
      description: text(schema["description"]),
      kind: kindOf(schema, root),
      isRequired: required.includes(name),
      fallback: schema["default"],
      choices: choicesOf(schema),
      schema,
    };
  });
}
