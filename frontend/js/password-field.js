// <password-field data-show="Tonen" data-hide="Verbergen">: a button that shows what is typed.
class PasswordField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.setAttribute("aria-controls", input.id);
    this.classList.add("with-btn");
    this.append(button);
    const say = () => {
      const shown = input.type === "text";
      button.textContent = shown ? this.dataset.hide : this.dataset.show;
      button.setAttribute("aria-pressed", String(shown));
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      say();
    });
    input.form?.addEventListener("submit", () => {
      input.type = "password";
    });
    say();
  }
}

customElements.define("password-field", PasswordField);
