// <attach-files data-url data-accept data-max-bytes data-max-files>: attachments of a message
// (manual 2.1.1.5), chosen and uploaded in a dialog. Without scripts the same place is a plain file
// input, and each bin a submit button.
import { AttachmentDialog } from "./attachments/dialog.js";
import { AttachmentList } from "./attachments/list.js";
import { Texts } from "./attachments/texts.js";
import { ListeningElement } from "./listening-element.js";

class AttachFiles extends ListeningElement {
  listen(signal) {
    if (!this.dialog) this.#build();
    this.dialog.listenOutside(signal);
  }

  get token() {
    return this.closest("form")?.elements.csrfmiddlewaretoken?.value ?? "";
  }

  // Return a copy of the template with this class.
  copy(name) {
    return this.querySelector(`template.${name}`).content.cloneNode(true);
  }

  // Announce a text to screen readers. They read nothing outside an open dialog, so the dialog has
  // a status of its own.
  announce(text) {
    const isOpen = this.dialog.element.open;
    this.querySelector(":scope > .announcement").textContent = isOpen ? "" : text;
    this.dialog.element.querySelector(":scope > .announcement").textContent = isOpen ? text : "";
  }

  // Announce a change of the list, and let the draft be saved.
  listChanged(text) {
    this.announce(text);
    this.querySelector(".gps-warning").textContent = this.list.hasGps ? this.texts.get("gps") : "";
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #build() {
    for (const template of this.querySelectorAll("template.scripted")) {
      this.append(template.content.cloneNode(true));
    }
    this.texts = new Texts(this.querySelectorAll("template.texts"));
    this.opener = this.querySelector(".open-dialog");
    this.picker = this.#takeOverInput();
    this.list = new AttachmentList(this);
    this.dialog = new AttachmentDialog(this);
  }

  // Hide the plain input but keep it as the dialog's file picker. The button that opens the dialog
  // takes its id and description, so that links and labels lead there.
  #takeOverInput() {
    const plain = this.querySelector(".plain");
    const picker = plain.querySelector("input");
    plain.hidden = true;
    plain.querySelector("label").removeAttribute("for"); // the button has its own name
    picker.removeAttribute("name");
    for (const name of ["id", "aria-describedby"]) {
      this.opener.setAttribute(name, picker.getAttribute(name));
      picker.removeAttribute(name);
    }
    this.querySelector(".default-submit")?.remove(); // the bins no longer submit
    return picker;
  }
}

customElements.define("attach-files", AttachFiles);
