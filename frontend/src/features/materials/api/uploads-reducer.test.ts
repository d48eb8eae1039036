import { expect, it } from "vitest";

import { uploadsReducer, type UploadAction } from "./uploads-reducer";

const addition = { title: "a", text: "b" };

function after(...actions: UploadAction[]) {
  return actions.reduce(uploadsReducer, []);
}

it("takes a text from waiting to gone", () => {
  const added: UploadAction = { type: "added", id: "1", title: "a", addition };
  expect(after(added)).toMatchObject([{ state: "waiting", sent: 0 }]);
  expect(after(added, { type: "sent", id: "1", sent: 0.5 })).toMatchObject([
    { state: "sending", sent: 0.5 },
  ]);
  expect(after(added, { type: "gone", id: "1" })).toEqual([]);
});

it("refuses one and leaves the others alone", () => {
  const uploads = after(
    { type: "added", id: "1", title: "a", addition },
    { type: "added", id: "2", title: "b", addition },
    { type: "refused", id: "1", error: new Error("no text") },
  );
  expect(uploads.map(({ state }) => state)).toEqual(["refused", "waiting"]);
  const again = uploadsReducer(uploads, { type: "again", id: "1" });
  expect(again[0]).toMatchObject({ state: "waiting", error: undefined });
});
