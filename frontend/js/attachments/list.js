import { describe, fileKey } from "./files.js";
import { deleteUpload } from "./uploader.js";

// List of the message's attachments, each with a bin that also deletes the file at the server.
export class AttachmentList {
  constructor(host) {
    this.host = host;
    this.element = host.querySelector(".files");
    for (const bin of this.element.querySelectorAll("button")) bin.type = "button";
    this.element.addEventListener("click", ({ target }) => {
      const bin = target.closest("button");
      if (bin) this.#remove(bin.closest("li"));
    });
  }

  // Keys of the files that were attached on this page; undefined for each older one.
  get keys() {
    return [...this.element.children].map((line) => line.dataset.key);
  }

  get hasGps() {
    return Boolean(this.element.querySelector("[data-gps]"));
  }

  add({ data: file, uploadURL }, hasGps) {
    const line = this.host.copy("line").firstElementChild;
    line.dataset.key = fileKey(file);
    line.dataset.url = uploadURL;
    line.toggleAttribute("data-gps", hasGps);
    line.querySelector("input").value = new URL(uploadURL).pathname
      .split("/")
      .filter(Boolean)
      .pop();
    line.querySelector("button").type = "button";
    describe(line, file, this.host.texts);
    this.element.append(line);
  }

  async #remove(line) {
    if (line.inert) return;
    line.inert = true;
    const { texts, token, opener } = this.host;
    const name = line.querySelector("bdi").textContent;
    const neighbour = line.nextElementSibling ?? line.previousElementSibling;
    const next = neighbour?.querySelector("button") ?? opener;
    try {
      await deleteUpload(this.#addressOf(line), token);
      line.remove();
      this.host.listChanged(texts.named("removed", name));
      next.focus();
    } catch {
      line.inert = false;
      line.querySelector("button").focus();
      this.host.announce(texts.named("notRemoved", name));
    }
  }

  #addressOf(line) {
    if (line.dataset.url) return line.dataset.url;
    const uploads = new URL(this.host.dataset.url, location.href);
    return new URL(`${line.querySelector("input").value}/`, uploads).href;
  }
}
