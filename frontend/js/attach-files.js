// <attach-files data-url data-accept data-max-bytes data-max-files>: the pop-up "+ Bijlagen" and the list of what is attached (2.1.1.5).
// Without it the same place is a plain file input, and each bin a submit button.
import { reason, uploader } from "./uploader.js";

class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.append(
      ...[...this.querySelectorAll("template.face")].map((template) =>
        template.content.cloneNode(true),
      ),
    );
    this.words = Object.fromEntries(
      [...this.#copy("words").children].map((word) => [word.dataset.key, word.textContent]),
    );
    this.list = this.querySelector(".files");
    this.dialog = this.querySelector("dialog");
    this.cards = this.dialog.querySelector(".filecards");
    this.opener = this.querySelector(".opener");
    this.running = 0;
    this.uppy = uploader({
      url: this.dataset.url,
      token: () => this.#token(),
      waiting: (id) => this.#show(id, "waiting"),
    });
    this.#takeOver();
    this.#listen();
  }

  // The plain input becomes the chooser of the pop-up, what leads to it leads to the button that opens that, and Enter in a field no
  // longer presses a bin.
  #takeOver() {
    this.querySelector(".plain").hidden = true;
    this.querySelector(".enter")?.remove();
    this.picker = this.querySelector(".plain input");
    this.picker.removeAttribute("name");
    this.querySelector(".plain label").removeAttribute("for"); // the button says its own name
    for (const name of ["id", "aria-describedby"]) {
      this.opener.setAttribute(name, this.picker.getAttribute(name));
      this.picker.removeAttribute(name);
    }
    for (const bin of this.list.querySelectorAll("button")) bin.type = "button";
  }

  #listen() {
    const press = (name, act) =>
      this.dialog.querySelector(`.${name}`).addEventListener("click", act);
    this.opener.addEventListener("click", () => this.#open());
    press("browse", () => this.picker.click());
    press("more", () => this.picker.click());
    press("upload", () => this.#upload());
    press("cancel", () => this.dialog.close());
    this.picker.addEventListener("change", () => {
      this.#choose([...this.picker.files]);
      this.picker.value = "";
    });
    this.cards.addEventListener("click", (event) => {
      const id = event.target.closest("li")?.dataset.id;
      if (event.target.closest(".x")) this.#drop(id);
      if (event.target.closest(".again")) this.#retry(id);
    });
    this.list.addEventListener("click", (event) => {
      const bin = event.target.closest("button");
      if (bin) this.#remove(bin.closest("li"));
    });
    this.dialog.addEventListener("close", () => this.#leave());
    this.#listenToDragging();
    this.uppy.on(
      "upload-progress",
      (file, { bytesUploaded, bytesTotal }) =>
        file && this.#show(file.id, "going", Math.floor((100 * bytesUploaded) / bytesTotal)),
    );
    this.uppy.on("upload-success", (file, { body }) => file && this.#arrived(file, body.xhr));
    this.uppy.on(
      "upload-error",
      (file, error) => file && this.uppy.getFile(file.id) && this.#failed(file, error),
    );
    addEventListener("beforeunload", (event) => this.#isBusy() && event.preventDefault());
  }

  // A file that is dropped beside the zone must not take the place of the page.
  #listenToDragging() {
    const zone = this.dialog.querySelector(".drop");
    const over = (is) => (event) => {
      if (!this.dialog.open || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("over", is);
    };
    addEventListener("dragover", over(true));
    addEventListener("dragleave", over(false));
    addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.defaultPrevented) return;
      const entries = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const folders = entries.some((item) => item.webkitGetAsEntry?.()?.isDirectory);
      this.#choose(
        entries
          .filter((item) => !item.webkitGetAsEntry?.()?.isDirectory)
          .map((item) => item.getAsFile()),
        folders ? [this.words.folder] : [],
      );
    });
  }

  // The pop-up

  #open() {
    this.#refuse([]);
    this.dialog.returnValue = "";
    this.dialog.showModal();
    this.#draw();
    this.dialog.querySelector(".browse").focus();
  }

  #choose(files, refused = []) {
    if (this.#isBusy() || !(files.length || refused.length)) return;
    for (const file of files) {
      const fault = this.#fault(file);
      if (fault) refused.push(this.#say(fault, file.name));
      else this.#add(file);
    }
    this.#refuse([...new Set(refused)]);
    this.#draw();
    const { length } = this.uppy.getFiles();
    if (length) this.#tell(this.#count("chosen", length));
    this.dialog.querySelector(length ? ".upload" : ".browse").focus();
  }

  // What can be known before anything is sent; the server looks again, and inside.
  #fault(file) {
    const chosen = this.uppy.getFiles().map(({ data }) => key(data));
    const attached = [...this.list.children].map((line) => line.dataset.key);
    if ([...chosen, ...attached].includes(key(file))) return "twice";
    if (!file.size) return "empty";
    if (file.size > Number(this.dataset.maxBytes)) return "large";
    if (!isAccepted(file, this.dataset.accept)) return "kind";
    return chosen.length + attached.length < Number(this.dataset.maxFiles) ? "" : "many";
  }

  #add(file) {
    const id = this.uppy.addFile({
      name: file.name,
      type: file.type,
      data: file,
      meta: { filename: file.name },
    });
    const card = this.#copy("card").firstElementChild;
    card.dataset.id = id;
    this.#describe(card, file);
    card.querySelector("progress").ariaLabel = file.name;
    card.querySelector(".again .vh").textContent = `: ${file.name}`;
    this.cards.append(card);
    if (isPhoto(file)) preview(file, card.querySelector(".thumb"));
  }

  // The black cross: this file not.
  #drop(id) {
    const file = this.uppy.getFile(id);
    const card = this.#card(id);
    const next = card.nextElementSibling ?? card.previousElementSibling;
    this.uppy.removeFile(id); // ends what is under way, at the server too
    this.#discard(file);
    card.remove();
    this.#tell(this.#say("removed", file.name));
    this.#refuse([]);
    if (!this.#finish())
      (next?.querySelector(".x") ?? this.dialog.querySelector(".browse")).focus();
  }

  #upload() {
    if (this.#isBusy()) return;
    this.#refuse([]);
    const left = this.#left();
    for (const card of left) this.#show(card.dataset.id, "going", 0);
    this.#tell(this.#count("started", left.length));
    this.#run(this.uppy.upload());
  }

  #retry(id) {
    this.#show(id, "going", 0);
    this.#card(id).querySelector(".x").focus();
    this.#run(this.uppy.retryUpload(id));
  }

  // Uppy's files are let alone until it has done with them.
  async #run(upload) {
    this.running += 1;
    this.#draw();
    await upload.catch(() => {}); // who cancels has his answer
    this.running -= 1;
    this.#finish();
  }

  #arrived(file, answer) {
    this.#card(file.id)?.toggleAttribute(
      "data-place",
      answer.getResponseHeader("Has-Place") === "1",
    );
    this.#show(file.id, "done");
    this.#tell(this.#say("arrived", file.name));
    this.#draw();
  }

  #failed(file, error) {
    const { said, key: word } = reason(error);
    this.#show(file.id, "failed", said || this.#say(word, file.name));
    this.#tell(this.#card(file.id).querySelector(".failed p > span").textContent);
    this.#draw();
  }

  // All that is chosen has arrived: it stands in the message, and the pop-up has nothing more to ask.
  #finish() {
    this.#draw();
    const files = this.uppy.getFiles();
    if (this.#isBusy() || !files.length || !files.every(({ progress }) => progress.uploadComplete))
      return false;
    for (const file of files) this.list.append(this.#line(file));
    this.uppy.clear(); // not cancelAll(), which ends uploads at the server
    this.dialog.close("attached");
    this.#changed(this.#count("attached", files.length));
    return true;
  }

  // "Annuleer", Esc, or done: nothing that was not attached stays behind.
  #leave() {
    const files = this.uppy.getFiles();
    this.uppy.cancelAll();
    for (const file of files) this.#discard(file);
    this.cards.replaceChildren();
    this.opener.focus();
    const send = this.parentElement.querySelector(":scope > .buttons");
    if (this.dialog.returnValue === "attached") send?.scrollIntoView({ block: "nearest" }); // what is uploaded has not been sent
  }

  #discard({ uploadURL, error, tus }) {
    const url = uploadURL ?? (error && tus?.uploadUrl);
    if (url) this.#delete(url).catch(() => {}); // the server clears away what stays
  }

  // The list of the message

  #line({ id, data: file, uploadURL }) {
    const line = this.#copy("line").firstElementChild;
    const number = new URL(uploadURL).pathname.split("/").filter(Boolean).pop();
    line.dataset.key = key(file);
    line.dataset.url = uploadURL;
    line.toggleAttribute("data-place", this.#card(id).hasAttribute("data-place")); // a photo that says where it was taken
    line.querySelector("input").value = number;
    line.querySelector("button").type = "button";
    this.#describe(line, file);
    return line;
  }

  // The bin: away at the server, and from the message.
  async #remove(line) {
    if (line.inert) return;
    const name = line.querySelector("bdi").textContent;
    const address =
      line.dataset.url ??
      new URL(`${line.querySelector("input").value}/`, new URL(this.dataset.url, location.href))
        .href;
    line.inert = true;
    const next =
      (line.nextElementSibling ?? line.previousElementSibling)?.querySelector("button") ??
      this.opener;
    try {
      await this.#delete(address);
      line.remove();
      this.#changed(this.#say("removed", name));
      next.focus();
    } catch {
      line.inert = false;
      line.querySelector("button").focus();
      this.#tell(this.#say("stays", name));
    }
  }

  async #delete(url) {
    const answer = await fetch(url, {
      method: "DELETE",
      headers: { "X-CSRFToken": this.#token(), "Tus-Resumable": "1.0.0" },
    });
    if (!answer.ok && ![404, 410].includes(answer.status))
      throw new Error(`delete: ${answer.status}`);
  }

  #changed(words) {
    this.#tell(words);
    this.querySelector(".place").textContent = this.list.querySelector("[data-place]")
      ? this.words.place
      : "";
    this.dispatchEvent(new Event("input", { bubbles: true })); // a draft is kept of it too
  }

  // How it looks

  #draw() {
    const { length } = this.uppy.getFiles();
    const busy = this.#isBusy();
    const part = (name) => this.dialog.querySelector(`.${name}`);
    part("title").textContent = length ? this.#count("chosen", length) : this.words.title;
    part("drop").hidden = length > 0;
    part("upload").hidden = !length;
    part("upload").ariaDisabled = busy ? "true" : null;
    part("more").hidden = !length || busy;
    if (length)
      part("upload").querySelector("span").textContent = this.#count("upload", this.#left().length);
  }

  #show(id, state, said = 0) {
    const card = this.#card(id);
    if (!card) return;
    card.dataset.state = state;
    if (state === "going") {
      card.querySelector("progress").value = said;
      card.querySelector(".percent").textContent = `${said}%`;
    }
    if (state === "failed") card.querySelector(".failed p > span").textContent = said;
  }

  #describe(place, file) {
    place.querySelector("bdi").textContent = file.name;
    place.querySelector("small").textContent =
      `${isPhoto(file) ? this.words.photo : extension(file) || this.words.file}, ${size(file.size)}`;
    place.querySelector(isPhoto(file) ? ".paper" : ".photo").remove();
    const away = place.querySelector("button");
    away.ariaLabel = this.#say("remove", file.name);
    if (away.title) away.title = away.ariaLabel;
  }

  // What was refused stands there until the next act, and is read aloud.
  #refuse(sentences) {
    const place = this.dialog.querySelector(".refused");
    place.replaceChildren(
      ...sentences.map((said) => {
        const notice = this.#copy("refusal").firstElementChild;
        notice.querySelector("p").textContent = said;
        return notice;
      }),
    );
  }

  // Outside an open pop-up nothing is read aloud, so it has a status of its own.
  #tell(said) {
    for (const place of [this, this.dialog]) {
      place.querySelector(":scope > .told").textContent =
        (place === this.dialog) === this.dialog.open ? said : "";
    }
  }

  #say(word, name) {
    return this.words[word].replace("{name}", name);
  }

  #count(word, number) {
    return this.words[number === 1 ? `${word}-one` : word].replace("{number}", number);
  }

  #left() {
    return [...this.cards.children].filter((card) => card.dataset.state !== "done");
  }

  #isBusy() {
    return this.running > 0;
  }

  #card(id) {
    return [...this.cards.children].find((card) => card.dataset.id === id);
  }

  #copy(name) {
    return this.querySelector(`template.${name}`).content.cloneNode(true);
  }

  #token() {
    return this.closest("form")?.elements.csrfmiddlewaretoken?.value ?? "";
  }
}

customElements.define("attach-files", AttachFiles);

function key({ name, size, lastModified }) {
  return `${name}/${size}/${lastModified}`;
}

function isAccepted({ name, type }, accept) {
  const kinds = accept
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean);
  const matches = (kind) =>
    kind.startsWith(".")
      ? name.toLowerCase().endsWith(kind)
      : kind.endsWith("/*")
        ? type.startsWith(kind.slice(0, -1))
        : type === kind;
  return !kinds.length || kinds.some(matches);
}

// Few browsers know the type of a HEIC.
function isPhoto({ name, type }) {
  return type.startsWith("image/") || /\.hei[cf]$/i.test(name);
}

function extension({ name }) {
  return name.match(/[^.]\.(\w{1,5})$/)?.[1].toLowerCase();
}

function size(octets) {
  if (octets < 999_500) return `${Math.max(1, Math.round(octets / 1000))} kB`;
  return `${(Math.round(octets / 100_000) / 10).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
}

// The picture itself, where the browser can show it; else the icon stays.
function preview(file, place) {
  const picture = new Image();
  picture.alt = "";
  picture.onload = () => {
    place.replaceChildren(picture);
    URL.revokeObjectURL(picture.src);
  };
  picture.onerror = () => URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
}
