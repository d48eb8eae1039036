import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";

import { invalidateEverywhere } from "./invalidate";

it("does not keep the answer of a first read that was asked before the change", async () => {
  const client = new QueryClient();
  const answers: ((list: string[]) => void)[] = [];
  const read = vi.fn(() => new Promise<string[]>((resolve) => answers.push(resolve)));
  const observer = new QueryObserver(client, { queryKey: ["materials"], queryFn: read });
  const stop = observer.subscribe(() => undefined);

  const refreshed = invalidateEverywhere(client, ["materials"]);
  await vi.waitFor(() => {
    expect(read).toHaveBeenCalledTimes(2);
  });
  answers[0]?.([]);
  answers[1]?.(["lecture"]);
  await refreshed;

  expect(client.getQueryData(["materials"])).toEqual(["lecture"]);
  stop();
});
