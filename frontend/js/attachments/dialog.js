import { FileCards } from "./cards.js";
import { listenToDrops } from "./drop.js";
import { fileKey, problemOf } from "./files.js";
import { UploadQueue } from "./queue.js";
import { DialogView } from "./view.js";

// Dialog that chooses files and uploads them; once all are uploaded they join the message's list.
// `host` is the <attach-files> element.
export class AttachmentDialog {
  constructor(host) {
    this.host = host;
    this.view = new DialogView(host);
    this.element = this.view.element;
    this.cards = new FileCards(host, this.view.query(".file-cards"));
    this.queue = new UploadQueue({
      url: host.dataset.url,
      token: () => host.token,
      onProgress: (id, percent) => this.cards.showState(id, "uploading", percent),
      onRetry: (id) => this.cards.showState(id, "reconnecting"),
      onUploaded: (id, hasGps) => this.#uploaded(id, hasGps),
      onFailed: (id, reason) => this.#failed(id, reason),
    });
    this.#listen();
  }

  listenOutside(signal) {
    const warn = (event) => this.queue.isBusy && event.preventDefault();
    addEventListener("beforeunload", warn, { signal });
    listenToDrops(this.element, signal, (files, problems) => this.#choose(files, problems));
  }

  #listen() {
    const { opener, picker } = this.host;
    const onClick = (selector, act) => this.view.query(selector).addEventListener("click", act);
    opener.addEventListener("click", () => this.#open());
    onClick(".browse", () => picker.click());
    onClick(".more", () => picker.click());
    onClick(".upload", () => this.#upload());
    onClick(".cancel", () => this.element.close());
    this.cards.element.addEventListener("click", ({ target }) => {
      const id = target.closest("li")?.dataset.id;
      if (target.closest(".remove")) this.#remove(id);
      if (target.closest(".retry")) this.#retry(id);
    });
    picker.addEventListener("change", () => {
      this.#choose([...picker.files]);
      picker.value = "";
    });
    this.element.addEventListener("close", () => this.#closed());
  }

  #open() {
    this.view.showProblems([]);
    this.element.returnValue = "";
    this.element.showModal();
    this.view.update(this.queue);
    this.view.query(".browse").focus();
  }

  // Add the files that can be sent. `problems` are keys of texts about others, such as a folder.
  #choose(files, problems = []) {
    if (this.queue.isBusy || !(files.length || problems.length)) return;
    const { texts, list, dataset } = this.host;
    const refused = problems.map((key) => texts.get(key));
    for (const file of files) {
      const others = [...this.queue.files.map(({ data }) => fileKey(data)), ...list.keys];
      const problem = problemOf(file, others, dataset);
      if (problem) refused.push(texts.named(problem, file.name));
      else this.cards.add(file, this.queue.add(file));
    }
    this.view.showProblems([...new Set(refused)]);
    this.view.update(this.queue);
    const { length } = this.queue.files;
    if (length) this.host.announce(texts.counted("chosen", length));
    this.view.query(length ? ".upload" : ".browse").focus();
  }

  #remove(id) {
    const name = this.queue.remove(id);
    const nextButton = this.cards.remove(id);
    this.host.announce(this.host.texts.named("removed", name));
    this.view.showProblems([]);
    if (!this.#attach()) (nextButton ?? this.view.query(".browse")).focus();
  }

  #upload() {
    if (this.queue.isBusy) return;
    this.view.showProblems([]);
    const { pending } = this.queue;
    for (const { id } of pending) this.cards.showState(id, "uploading", 0);
    this.host.announce(this.host.texts.counted("started", pending.length));
    this.#attachAfter(this.queue.upload());
  }

  #retry(id) {
    this.cards.showState(id, "uploading", 0);
    this.cards.focus(id);
    this.#attachAfter(this.queue.retry(id));
  }

  #uploaded(id, hasGps) {
    this.cards.showState(id, "uploaded");
    this.cards.setGps(id, hasGps);
    this.host.announce(this.host.texts.named("uploaded", this.queue.nameOf(id)));
    this.view.update(this.queue);
  }

  #failed(id, { text, key }) {
    const shown = text || this.host.texts.named(key, this.queue.nameOf(id));
    this.cards.showState(id, "failed", shown);
    this.host.announce(shown);
    this.view.update(this.queue);
  }

  async #attachAfter(upload) {
    this.view.update(this.queue);
    await upload;
    this.#attach();
  }

  // Move the files to the message and close, if all are uploaded. Return whether they were.
  #attach() {
    this.view.update(this.queue);
    const { files, isComplete } = this.queue;
    if (!isComplete) return false;
    for (const upload of files) this.host.list.add(upload, this.cards.hasGps(upload.id));
    this.queue.clear();
    this.element.close("attached");
    this.host.listChanged(this.host.texts.counted("attached", files.length));
    return true;
  }

  #closed() {
    this.queue.cancel();
    this.cards.clear();
    this.host.opener.focus();
    if (this.element.returnValue !== "attached") return;
    const send = this.host.parentElement.querySelector(":scope > .buttons");
    send?.scrollIntoView({ block: "nearest" }); // uploading is not sending yet
  }
}
