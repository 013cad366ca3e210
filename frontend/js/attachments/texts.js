import { fill } from "../fill.js";

// Texts from the data attributes of some elements. "chosenOne" is the singular of "chosen".
export class Texts {
  #texts;

  constructor(elements) {
    this.#texts = Object.assign({}, ...[...elements].map(({ dataset }) => dataset));
  }

  get(key) {
    return this.#texts[key];
  }

  named(key, name) {
    return fill(this.get(key), { name });
  }

  counted(key, number) {
    return fill(this.get(number === 1 ? `${key}One` : key), { number });
  }
}
