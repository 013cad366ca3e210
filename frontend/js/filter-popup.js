// <filter-popup>: Escape closes it and gives the focus back; so does a click beside it.
class FilterPopup extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!this.contains(event.target)) details.open = false;
    });
  }
}

customElements.define("filter-popup", FilterPopup);
