// <error-summary data-title="Fout: " data-one="1 ding klopt nog niet" data-more="{number} …">:
// the errors of a form, focused when the page opens. An error of a field goes away at the first
// input that the browser accepts; the server decides whether it is right. Errors of the whole form
// stay readable, no longer marked as errors.
import { fill } from "./fill.js";
import { ListeningElement } from "./listening-element.js";

class ErrorSummary extends ListeningElement {
  #box;

  listen(signal) {
    this.#box = this.firstElementChild;
    this.#box.focus();
    const onInput = ({ target }) => target.closest("form[method=post]") && this.#changed(target);
    document.addEventListener("input", onInput, { signal });
  }

  #changed(target) {
    const errors = [...document.querySelectorAll(".error[id]")];
    const error = errors.find(({ parentElement }) => parentElement.contains(target));
    if (error && target.validity?.valid !== false) this.#removeError(error);
    this.#update();
  }

  #removeError({ id, parentElement }) {
    for (const input of parentElement.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
    }
    for (const input of document.querySelectorAll(`[aria-describedby~="${id}"]`)) {
      const others = input.getAttribute("aria-describedby").replace(id, "").trim();
      input.setAttribute("aria-describedby", others);
    }
    for (const line of this.querySelectorAll(`[data-error="${id}"]`)) line.remove();
    document.getElementById(id).remove();
  }

  #update() {
    const number = this.querySelectorAll("li").length;
    const title = this.querySelector("h2");
    this.#box.removeAttribute("role"); // an alert would interrupt the person who types
    title.textContent = number === 1 ? this.dataset.one : fill(this.dataset.more, { number });
    if (this.querySelector("[data-error]")) return;
    document.title = document.title.replace(this.dataset.title, "");
    title.hidden = true;
    this.#box.dataset.past = "";
    if (!number) this.remove();
  }
}

customElements.define("error-summary", ErrorSummary);
