import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api/problem";
import type { AgentInfo } from "@/lib/api/types";

import AgentForm from "./agent-form";

const agent = {
  id: "counter",
  version: "v1",
  summary: "Counts.",
  inputSchema: {
    properties: {
      text: { type: "string", title: "Text" },
      limit: { type: "integer", title: "Limit", minimum: 1, default: 3 },
    },
    required: ["text"],
  },
} as unknown as AgentInfo;

it("asks for what is missing, goes there, and then runs with what was typed", async () => {
  const onRun = vi.fn();
  render(<AgentForm agent={agent} isPending={false} error={null} onRun={onRun} />);
  await userEvent.click(screen.getByRole("button", { name: "Run" }));
  expect(screen.getByRole("textbox", { name: "Text" })).toHaveFocus();
  expect(screen.getByRole("textbox", { name: "Text" })).toHaveAccessibleDescription("Fill this in.");
  expect(onRun).not.toHaveBeenCalled();

  await userEvent.type(screen.getByRole("textbox", { name: "Text" }), "one two");
  await userEvent.click(screen.getByRole("button", { name: "Run" }));
  expect(onRun).toHaveBeenCalledExactlyOnceWith({ text: "one two", limit: 3 });
});

it("shows the server's refusal at its field, and any other as a whole", () => {
  const refusal = new ApiError(422, "invalid_query", "", {
    fields: [{ field: "query.limit", message: "Input should be odd" }],
  });
  const { rerender } = render(
    <AgentForm agent={agent} isPending={false} error={refusal} onRun={vi.fn()} />,
  );
  expect(screen.getByRole("textbox", { name: /^Limit/ })).toHaveAccessibleDescription(
    "Input should be odd",
  );
  expect(screen.queryByRole("alert")).toBeNull();

  const none = new ApiError(422, "no_material", "");
  rerender(<AgentForm agent={agent} isPending={false} error={none} onRun={vi.fn()} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Add material first.");
});
