import { fill } from "../fill.js";

// Texts of the page, from a template of <p data-key>. A key that ends in "-one" is a singular.
export class Texts {
  #texts;

  constructor(content) {
    this.#texts = Object.fromEntries(
      [...content.children].map((text) => [text.dataset.key, text.textContent]),
    );
  }

  get(key) {
    return this.#texts[key];
  }

  named(key, name) {
    return fill(this.get(key), { name });
  }

  counted(key, number) {
    return fill(this.get(number === 1 ? `${key}-one` : key), { number });
  }
}
