// <publish-button data-one="Publiceren voor 1 persoon" data-many="Publiceren voor {number} …">:
// counts the chosen parties in the button's text.
import { fill } from "./fill.js";

class PublishButton extends HTMLElement {
  #button;
  #plainText;
  #boxes;

  connectedCallback() {
    this.#button = this.querySelector("button");
    this.#plainText = this.#button.textContent;
    this.#boxes = [...this.closest("form").querySelectorAll("input[name=parties]")];
    for (const box of this.#boxes) box.addEventListener("change", () => this.#update());
    this.#update();
  }

  #update() {
    const number = this.#boxes.filter((box) => box.checked).length;
    const { one, many } = this.dataset;
    const counted = number === 1 ? one : fill(many, { number });
    this.#button.textContent = number ? counted : this.#plainText;
  }
}

customElements.define("publish-button", PublishButton);
