import { expect, it } from "vitest";

import { safeUrl } from "./safe-url";

it.each(["https://example.org/a?b=c", "http://example.org/"])("leads to %s", (address) => {
  expect(safeUrl(address)).toBe(address);
});

it.each(["javascript:alert(1)", "data:text/html,x", " JavaScript:alert(1)", "/relative", "", null, undefined])(
  "doesn't lead to %s",
  (address) => {
    expect(safeUrl(address)).toBeUndefined();
  },
);
