import { describe, expect, it } from "vitest";

import { otherAgents } from "./api/use-agents";
import { initialValues, queryFrom, type Values } from "./query-values";
import { fieldsOf, type Schema } from "./schema-fields";

/** As pydantic writes it. */
const SCHEMA: Schema = {
  $defs: { Style: { enum: ["short", "long"], title: "Style", type: "string" } },
  properties: {
    text: { type: "string", title: "Text", description: "What to count.", minLength: 2 },
    essay: { type: "string", maxLength: 4000, default: "", title: "Essay" },
    style: { $ref: "#/$defs/Style", default: "short" },
    tone: { anyOf: [{ type: "string" }, { type: "null" }], default: null, title: "Tone" },
    count: { type: "integer", minimum: 1, maximum: 5, default: 3, title: "Count" },
    share: { anyOf: [{ type: "number", exclusiveMinimum: 0 }, { type: "null" }], default: null },
    loud: { type: "boolean", default: true, title: "Loud" },
    words: { type: "array", items: { type: "string" }, maxItems: 2, default: [] },
    extra: { type: "object", default: {} },
    either: { anyOf: [{ type: "string" }, { type: "integer" }], default: 1 },
  },
  required: ["text"],
};
const fields = fieldsOf(SCHEMA);

function filled(values: Values) {
  return queryFrom(fields, { ...initialValues(fields), ...values });
}

describe("the form that a schema makes", () => {
  it("finds a kind of field for everything", () => {
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
      ["text", "text"],
      ["essay", "long-text"],
      ["style", "choice"],
      ["tone", "text"],
      ["count", "integer"],
      ["share", "number"],
      ["loud", "boolean"],
      ["words", "lines"],
      ["extra", "json"],
      ["either", "json"],
    ]);
    expect(fields[0]).toMatchObject({ label: "Text", description: "What to count.", isRequired: true });
  });

  it("opens with the agent's defaults, and sends what it shows", () => {
    expect(initialValues(fields)).toMatchObject({ text: "", style: "short", count: "3", loud: true });
    expect(filled({ text: "ab", tone: "kind", share: "0,5", words: " a \n\nb", extra: '{"a":1}' })).toEqual({
      query: {
        ...{ text: "ab", style: "short", tone: "kind", count: 3, share: 0.5, loud: true },
        ...{ words: ["a", "b"], extra: { a: 1 }, either: 1 },
      },
      wrong: {},
    });
  });

  it.each([
    ["text", "", { key: "required" }],
    ["text", "a", { key: "short", limit: 2 }],
    ["count", "many", { key: "number" }],
    ["count", "1.5", { key: "integer" }],
    ["count", "0", { key: "min", limit: 1 }],
    ["count", "6", { key: "max", limit: 5 }],
    ["share", "0", { key: "above", limit: 0 }],
    ["style", "odd", { key: "choice", limit: "short, long" }],
    ["words", "a\nb\nc", { key: "many", limit: 2 }],
    ["extra", "{", { key: "json" }],
  ])("says at %s what is wrong with %j", (name, typed, wrong) => {
    expect(filled({ text: "fine", [name]: typed }).wrong).toEqual({ [name]: wrong });
  });

  it("makes no form fail on a schema it doesn't know", () => {
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf({ properties: { odd: true, lost: { $ref: "#/$defs/None" } } })).toHaveLength(2);
  });
});

it("lists each other agent once, in its latest version", () => {
  const agent = (id: string, version: string, forDrills = false) =>
    ({ id, version, forDrills }) as never;
  const all = [agent("a", "v2"), agent("a", "v10"), agent("synopsis_manager", "v1")];
  all.push(agent("smoke", "v1", true));
  expect(otherAgents(all)).toEqual([agent("a", "v10")]);
});
