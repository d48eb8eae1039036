import type { Addition } from "./upload";

export interface Upload {
  id: string;
  title: string;
  addition: Addition;
  /** The part that is sent, from 0 to 1; at 1 the server reads the text. */
  sent: number;
  state: "waiting" | "sending" | "refused";
  error?: unknown;
}

export type UploadAction =
  | { type: "added"; id: string; title: string; addition: Addition }
  | { type: "sent"; id: string; sent: number }
  | { type: "refused"; id: string; error: unknown }
  | { type: "again"; id: string }
  | { type: "gone"; id: string };

function change(upload: Upload, action: UploadAction): Upload {
  switch (action.type) {
    case "sent":
      return { ...upload, state: "sending", sent: action.sent };
    case "refused":
      return { ...upload, state: "refused", error: action.error };
    case "again":
      return { ...upload, state: "waiting", sent: 0, error: undefined };
    default:
      return upload;
  }
}

export function uploadsReducer(uploads: Upload[], action: UploadAction): Upload[] {
  if (action.type === "added") {
    const { id, title, addition } = action;
    return [...uploads, { id, title, addition, sent: 0, state: "waiting" }];
  }
  if (action.type === "gone") return uploads.filter((upload) => upload.id !== action.id);
  return uploads.map((upload) => (upload.id === action.id ? change(upload, action) : upload));
}
