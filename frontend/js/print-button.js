// <print-button hidden>: a button that prints the page; without scripts it is not there.
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => print());
  }
}

customElements.define("print-button", PrintButton);
