// Sends files by tus 1.0, in pieces: after a break it asks the server how far it was and goes on there. Nothing is kept in the browser.
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const PIECE = 4 * 1024 * 1024; // bytes
const AT_ONCE = 3; // files
const AGAIN = [0, 1000, 3000, 5000, 10_000, 20_000]; // ms; begins anew after each piece that arrived
const SILENCE = 60_000; // ms without a sign of life

// An Uppy without a face. `token` gives the form's token, `waiting` is told of a file whose connection fell away.
export function uploader({ url, token, waiting }) {
  const senders = new WeakMap();
  const logger = { debug() {}, warn() {}, error() {} };
  return new Uppy({ logger }).use(Tus, {
    endpoint: new URL(url, location.href).href,
    chunkSize: PIECE,
    limit: AT_ONCE,
    retryDelays: AGAIN,
    storeFingerprintForResuming: false,
    allowedMetaFields: ["filename"],
    headers: () => ({ "X-CSRFToken": token() }),
    async onBeforeRequest(request, file) {
      senders.set(request, file.id);
      await file.data.slice(0, 1).arrayBuffer(); // fails when the file changed or went away
      listen(request.getUnderlyingObject());
    },
    onShouldRetry(failure, _attempt, _options, usual) {
      if (isUnreadable(failure) || !usual(failure)) return false;
      waiting(senders.get(failure.originalRequest));
      return true;
    },
  });
}

// What went wrong: the server's own sentence, or the key of ours.
export function reason(error) {
  const failure = error.isNetworkError ? error.cause : error;
  const answer = failure.originalResponse;
  if (isUnreadable(failure)) return { key: "changed" };
  if (!answer?.getStatus()) return { key: "offline" };
  const said =
    answer.getHeader("Content-Type")?.startsWith("text/plain") && answer.getBody().trim();
  if (said) return { said };
  return { key: { 413: "large", 415: "kind" }[answer.getStatus()] ?? "silent" };
}

function isUnreadable({ causingError }) {
  return ["NotReadableError", "NotFoundError"].includes(causingError?.name);
}

// A request that hears nothing for long counts as broken off.
function listen(request) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      request.abort();
      request.onerror(new Error("silence"));
    }, SILENCE);
  };
  request.upload.addEventListener("progress", wait);
  request.addEventListener("loadend", () => clearTimeout(timer));
  wait();
}
