import { createUploader, deleteUpload, failureReason } from "./uploader.js";

// The chosen files and their uploads, over Uppy. A file is Uppy's: `id`, `data` (the File),
// `uploadURL`. The callbacks take its id first.
export class UploadQueue {
  #uppy;
  #token;
  #running = 0;

  constructor({ url, token, onProgress, onRetry, onUploaded, onFailed }) {
    this.#token = token;
    this.#uppy = createUploader({ url, token, onRetry });
    this.#uppy.on("upload-progress", (file, { bytesUploaded, bytesTotal }) => {
      if (file) onProgress(file.id, Math.floor((100 * bytesUploaded) / bytesTotal));
    });
    this.#uppy.on("upload-success", (file, { body }) => {
      if (file) onUploaded(file.id, body.xhr.getResponseHeader("Has-Gps") === "1");
    });
    this.#uppy.on("upload-error", (file, error) => {
      if (file && this.#uppy.getFile(file.id)) onFailed(file.id, failureReason(error));
    });
  }

  get files() {
    return this.#uppy.getFiles();
  }

  get pending() {
    return this.files.filter(({ progress }) => !progress.uploadComplete);
  }

  get isBusy() {
    return this.#running > 0;
  }

  get isComplete() {
    return !this.isBusy && this.files.length > 0 && this.pending.length === 0;
  }

  nameOf(id) {
    return this.#uppy.getFile(id).name;
  }

  // Return the id of the added file.
  add(file) {
    const { name, type } = file;
    return this.#uppy.addFile({ name, type, data: file, meta: { filename: name } });
  }

  // Remove a file, at the server too. Return its name.
  remove(id) {
    const file = this.#uppy.getFile(id);
    this.#uppy.removeFile(id);
    this.#delete(file);
    return file.name;
  }

  upload() {
    return this.#run(this.#uppy.upload());
  }

  retry(id) {
    return this.#run(this.#uppy.retryUpload(id));
  }

  // Forget the files. Their uploads stay at the server, unlike after Uppy's cancelAll().
  clear() {
    this.#uppy.clear();
  }

  // Forget the files and delete their uploads.
  cancel() {
    const { files } = this;
    this.#uppy.cancelAll();
    for (const file of files) this.#delete(file);
  }

  async #run(upload) {
    this.#running += 1;
    await upload.catch(() => {}); // each failure was reported by "upload-error"
    this.#running -= 1;
  }

  #delete({ uploadURL, error, tus }) {
    const url = uploadURL ?? (error && tus?.uploadUrl);
    if (url) deleteUpload(url, this.#token()).catch(() => {}); // the server expires the rest
  }
}
