// <filter-popup>: Escape closes the <details> and returns the focus; a click outside closes it too.
import { ListeningElement } from "./listening-element.js";

class FilterPopup extends ListeningElement {
  listen(signal) {
    const details = this.querySelector("details");
    const closeByClick = ({ target }) => {
      if (!this.contains(target)) details.open = false;
    };
    const closeByKey = ({ key }) => {
      if (key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    };
    document.addEventListener("click", closeByClick, { signal });
    this.addEventListener("keydown", closeByKey, { signal });
  }
}

customElements.define("filter-popup", FilterPopup);
