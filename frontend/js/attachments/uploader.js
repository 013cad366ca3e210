// Uploads by tus 1.0, in parts. After a broken connection the server says how many bytes it has,
// and the upload goes on there. Nothing is stored in the browser.
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const PART_SIZE = 4 * 1024 * 1024; // bytes
const SIMULTANEOUS_FILES = 3;
const RETRY_DELAYS = [0, 1000, 3000, 5000, 10_000, 20_000]; // ms; starts anew after each part
const SILENCE_LIMIT = 60_000; // ms without progress

// Return an Uppy without a user interface. `token` returns the form's CSRF token; `onRetry` gets
// the id of a file whose connection was lost.
export function createUploader({ url, token, onRetry }) {
  const fileIds = new WeakMap();
  const logger = { debug() {}, warn() {}, error() {} };
  return new Uppy({ logger }).use(Tus, {
    endpoint: new URL(url, location.href).href,
    chunkSize: PART_SIZE,
    limit: SIMULTANEOUS_FILES,
    retryDelays: RETRY_DELAYS,
    storeFingerprintForResuming: false,
    allowedMetaFields: ["filename"],
    headers: () => ({ "X-CSRFToken": token() }),
    async onBeforeRequest(request, file) {
      fileIds.set(request, file.id);
      await file.data.slice(0, 1).arrayBuffer(); // fails when the file was changed or moved
      abortWhenSilent(request.getUnderlyingObject());
    },
    onShouldRetry(error, _attempt, _options, usual) {
      if (isUnreadable(error) || !usual(error)) return false;
      onRetry(fileIds.get(error.originalRequest));
      return true;
    },
  });
}

// Delete an upload at the server. Raises Error, unless it is gone already.
export async function deleteUpload(url, token) {
  const headers = { "X-CSRFToken": token, "Tus-Resumable": "1.0.0" };
  const response = await fetch(url, { method: "DELETE", headers });
  if (!response.ok && ![404, 410].includes(response.status)) {
    throw new Error(`delete: ${response.status}`);
  }
}

// Return why an upload failed: the server's sentence as `text`, or the `key` of one of ours.
export function failureReason(uploadError) {
  const error = uploadError.isNetworkError ? uploadError.cause : uploadError;
  const response = error.originalResponse;
  if (isUnreadable(error)) return { key: "changed" };
  if (!response?.getStatus()) return { key: "offline" };
  const isText = response.getHeader("Content-Type")?.startsWith("text/plain");
  const text = isText && response.getBody().trim();
  if (text) return { text };
  return { key: { 413: "large", 415: "kind" }[response.getStatus()] ?? "noAnswer" };
}

function isUnreadable({ causingError }) {
  return ["NotReadableError", "NotFoundError"].includes(causingError?.name);
}

// Abort a request that makes no progress for long, and report it as a lost connection.
function abortWhenSilent(request) {
  let timer;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      request.abort();
      request.onerror(new Error("silence"));
    }, SILENCE_LIMIT);
  };
  request.upload.addEventListener("progress", restart);
  request.addEventListener("loadend", () => clearTimeout(timer));
  restart();
}
