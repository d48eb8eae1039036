import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AuthGate } from "./auth-gate";

interface Server {
  mode: string;
  userId: string | null;
  accepts: string;
}

let server: Server;
let asked: string[];

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  asked.push(`${request.method} ${pathname}`);
  if (pathname === "/login") {
    const { token } = (await request.json()) as { token: string };
    if (token !== server.accepts) {
      return Response.json({ code: "invalid_token", detail: "" }, { status: 401 });
    }
    server.userId = "anna";
    return new Response(null, { status: 204 });
  }
  return Response.json({ mode: server.mode, userId: server.userId });
}

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <AuthGate>
        {({ userId, canSignOut, recheck }) => (
          <>
            <p>{`${userId} ${canSignOut ? "may leave" : "stays"}`}</p>
            <button type="button" onClick={recheck}>
              recheck
            </button>
          </>
        )}
      </AuthGate>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  server = { mode: "token", userId: null, accepts: "right" };
  asked = [];
  vi.stubGlobal("fetch", answer);
});
afterEach(() => vi.unstubAllGlobals());

describe("the gate", () => {
  it("lets the one local user in without a word", async () => {
    server = { ...server, mode: "local", userId: "local" };
    show();
    expect(await screen.findByText("local stays")).toBeInTheDocument();
  });

  it("asks for a token, says when it is wrong, and lets its user in", async () => {
    show();
    const field = await screen.findByLabelText("Token");
    expect(field).toHaveAttribute("type", "password");
    await userEvent.type(field, "wrong{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("This token isn’t accepted");
    await userEvent.clear(field);
    await userEvent.type(field, " right ");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("anna may leave")).toBeInTheDocument();
  });

  it("closes when the server no longer knows who is asking", async () => {
    server.userId = "anna";
    show();
    await screen.findByText("anna may leave");
    server.userId = null;
    await userEvent.click(screen.getByRole("button", { name: "recheck" }));
    expect(await screen.findByLabelText("Token")).toBeInTheDocument();
    expect(screen.queryByText("anna may leave")).not.toBeInTheDocument();
  });

  it("doesn't stand in the way while the server is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("away")));
    show();
    expect(await screen.findByText("undefined stays")).toBeInTheDocument();
    await waitFor(() => expect(asked).toEqual([]));
  });
});
