import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";

import { keys } from "@/lib/api/keys";
import type { SynopsisItem } from "@/lib/api/types";

import { ItemRow } from "./item-row";

const source = { materialId: "m1", start: 2, end: 8 };
const grounded = { sources: [source], grounded: true, repaired: false, edited: false };
let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(keys.material("s1", "m1"), { title: "Lecture", text: "🌲 forest and trees" });
});

function show(item: SynopsisItem) {
  render(
    <QueryClientProvider client={client}>
      <ItemRow
        sessionId="s1"
        item={item}
        index={0}
        hrefOf={({ materialId, start, end }) => `/m/${materialId}/${start}-${end}`}
      />
    </QueryClientProvider>,
  );
}

it("renders each type as what it is", () => {
  show({ type: "heading", level: 2, text: "Splits", ...grounded });
  expect(screen.getByRole("heading", { name: "Splits" })).toBeInTheDocument();
  show({ type: "definition", term: "Leaf", text: "an end", ...grounded });
  expect(screen.getByRole("term")).toHaveTextContent("Leaf");
  expect(screen.getByRole("definition")).toHaveTextContent("an end");
  show({ type: "list", items: ["one", "two"], ordered: true, ...grounded });
  expect(within(screen.getByRole("list")).getAllByRole("listitem")).toHaveLength(2);
  show({ type: "code", language: "python", text: "x = 1", ...grounded });
  expect(screen.getByText("x = 1").closest("pre")).not.toBeNull();
  show({ type: "note", text: "mind the gap", ...grounded });
  expect(screen.getByRole("note")).toHaveTextContent("mind the gap");
});

it("shows text as text, whatever is in it", () => {
  show({ type: "text", text: '<img src=x onerror="alert(1)">', ...grounded });
  expect(screen.getByText('<img src=x onerror="alert(1)">')).toBeInTheDocument();
  expect(document.querySelector("img")).toBeNull();
});

it("marks what the material doesn't say and offers no source for it", () => {
  show({ type: "text", text: "made up", sources: [], grounded: false, repaired: false, edited: false });
  expect(screen.getByText(/Not found in the material/)).toBeInTheDocument();
  expect(screen.queryByRole("button")).toBeNull();
});

it("says that a changed item was held against nothing", () => {
  const edited = { ...grounded, edited: true };
  show({ type: "text", text: "A forest, as I put it.", ...edited });
  expect(screen.getByText(/Changed by hand/)).toBeInTheDocument();
});

it("shows the source passage when pressed, cut by characters, with a way to its place", async () => {
  show({ type: "text", text: "A forest.", ...grounded });
  await userEvent.click(screen.getByRole("button", { name: "Source of: A forest." }));
  const popover = await screen.findByRole("dialog");
  expect(within(popover).getByText("forest")).toBeInTheDocument();
  expect(within(popover).getByRole("link")).toHaveAttribute("href", "/m/m1/2-8");
});

it("shows the source when the keyboard comes to it", async () => {
  show({ type: "text", text: "A forest.", ...grounded });
  await userEvent.tab();
  expect(screen.getByRole("button", { expanded: true })).toHaveFocus();
  expect(await screen.findByText("forest")).toBeInTheDocument();
});
