import { ApiError, problemFrom } from "@/lib/api/problem";

/** What is added: a file, or a pasted text under a title. */
export type Addition = { file: File } | { title: string; text: string };

export const MAX_FILE_BYTES = 25 * 1024 * 1024;

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function send(request: XMLHttpRequest, addition: Addition): void {
  if ("file" in addition) {
    const form = new FormData();
    form.append("file", addition.file);
    request.send(form);
  } else {
    request.setRequestHeader("Content-Type", "application/json");
    request.send(JSON.stringify(addition));
  }
}

/**
 * Adds a material. XMLHttpRequest, because fetch doesn't tell how much has been sent.
 * @param onSent called with the part that is sent, from 0 to 1
 * @throws {ApiError} why it was refused
 */
export function uploadMaterial(
  sessionId: string,
  addition: Addition,
  onSent: (part: number) => void,
): Promise<void> {
  if ("file" in addition && addition.file.size > MAX_FILE_BYTES) {
    return Promise.reject(new ApiError(413, "material_too_large", ""));
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/sessions/${encodeURIComponent(sessionId)}/materials`);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onSent(1);
    request.onerror = () => reject(ApiError.connection());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve();
        return;
      }
      const headers = new Headers();
      const retryAfter = request.getResponseHeader("Retry-After");
      if (retryAfter !== null) headers.set("Retry-After", retryAfter);
      reject(problemFrom({ status: request.status, headers }, parse(request.responseText)));
    };
    send(request, addition);
  });
}
