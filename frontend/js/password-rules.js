// <password-rules for="id" data-met="voldoet" data-open="nog niet">: ticks off each rule that the
// password meets while it is typed.
import { addDescription } from "./fields.js";

const RULES = {
  length: (password) => password.length >= 8,
  capital: (password) => /\p{Lu}/u.test(password),
  digit: (password) => /[0-9]/.test(password),
};

class PasswordRules extends HTMLElement {
  #input;
  #items;

  connectedCallback() {
    this.#input = document.getElementById(this.getAttribute("for"));
    this.#items = [...this.querySelectorAll("li")];
    this.#input.addEventListener("input", () => this.#check());
    this.#check();
    const list = this.querySelector("ul");
    list.id = `${this.#input.id}_rules`;
    list.setAttribute("aria-live", "polite"); // only now: the first state is read with the field
    addDescription(this.#input, list.id);
  }

  #check() {
    for (const item of this.#items) this.#show(item, this.#isMet(item));
    const isValid = this.#items.every((item) => this.#isMet(item));
    this.#input.setCustomValidity(isValid ? "" : this.dataset.open);
  }

  #isMet({ dataset }) {
    return RULES[dataset.rule](this.#input.value);
  }

  #show(item, isMet) {
    item.classList.toggle("met", isMet);
    item.querySelector(".when-met").toggleAttribute("hidden", !isMet);
    item.querySelector(".when-open").toggleAttribute("hidden", isMet);
    item.querySelector(".visually-hidden").textContent =
      `: ${isMet ? this.dataset.met : this.dataset.open}`;
  }
}

customElements.define("password-rules", PasswordRules);
