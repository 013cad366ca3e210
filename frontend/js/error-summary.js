// <error-summary>: what went wrong is the first thing a person meets after the page came back.
customElements.define("error-summary", class extends HTMLElement {
  connectedCallback() {
    this.firstElementChild?.focus();
  }
});
