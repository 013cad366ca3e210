import { describe, isPhoto } from "./files.js";

// Cards of the files in the dialog, one for each upload.
export class FileCards {
  constructor(host, element) {
    this.host = host;
    this.element = element;
  }

  add(file, id) {
    const card = this.host.copy("card").firstElementChild;
    card.dataset.id = id;
    describe(card, file, this.host.texts);
    card.querySelector("progress").ariaLabel = file.name;
    card.querySelector(".retry .visually-hidden").textContent = `: ${file.name}`;
    this.element.append(card);
    if (isPhoto(file)) preview(file, card.querySelector(".thumbnail"));
  }

  // Remove a card. Return the button of a neighbour, which can take the focus.
  remove(id) {
    const card = this.#find(id);
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    return next?.querySelector(".remove");
  }

  clear() {
    this.element.replaceChildren();
  }

  focus(id) {
    this.#find(id).querySelector(".remove").focus();
  }

  // Show the state of an upload, with its `detail`: a percentage, or why it failed.
  showState(id, state, detail) {
    const card = this.#find(id);
    if (!card) return;
    card.dataset.state = state;
    if (state === "uploading") {
      card.querySelector("progress").value = detail;
      card.querySelector(".percent").textContent = `${detail}%`;
    }
    if (state === "failed") card.querySelector(".failed p > span").textContent = detail;
  }

  // Remember whether a photo says where it was taken.
  setGps(id, hasGps) {
    this.#find(id)?.toggleAttribute("data-gps", hasGps);
  }

  hasGps(id) {
    return this.#find(id).hasAttribute("data-gps");
  }

  #find(id) {
    return [...this.element.children].find((card) => card.dataset.id === id);
  }
}

// Show the picture itself where the browser can; else the icon stays.
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
