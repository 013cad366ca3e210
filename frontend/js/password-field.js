// <password-field data-show="Tonen" data-hide="Verbergen">: a button that shows the password.
class PasswordField extends HTMLElement {
  #input;
  #button;

  connectedCallback() {
    this.#input = this.querySelector("input");
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.className = "btn quiet";
    this.#button.setAttribute("aria-controls", this.#input.id);
    this.#button.addEventListener("click", () => this.#show(this.#input.type === "password"));
    this.classList.add("with-btn");
    this.append(this.#button);
    this.#input.form?.addEventListener("submit", () => this.#show(false));
    this.#show(false);
  }

  #show(isShown) {
    this.#input.type = isShown ? "text" : "password";
    this.#button.textContent = isShown ? this.dataset.hide : this.dataset.show;
    this.#button.setAttribute("aria-pressed", String(isShown));
  }
}

customElements.define("password-field", PasswordField);
