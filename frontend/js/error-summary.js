// <error-summary data-title="Fout: " data-one="1 ding klopt nog niet" data-more="{number} dingen …">: what went wrong is the first thing a
// person meets after the page came back. What is said of a field goes when something else stands in it to which the browser does not
// object; whether that is right is for the server. What is said of the form as a whole stays to be read, no longer as an error.
class ErrorSummary extends HTMLElement {
  connectedCallback() {
    this.box = this.firstElementChild;
    this.box.focus();
    document.addEventListener(
      "input",
      ({ target }) => target.closest("form[method=post]") && this.#changed(target),
    );
  }

  #changed(target) {
    const error = [...document.querySelectorAll(".error[id]")].find(({ parentElement }) =>
      parentElement.contains(target),
    );
    if (error && target.validity?.valid !== false) this.#mend(error);
    this.#draw();
  }

  #mend(error) {
    for (const input of error.parentElement.querySelectorAll("[aria-invalid]"))
      input.removeAttribute("aria-invalid");
    for (const each of document.querySelectorAll(`[aria-describedby~="${error.id}"]`)) {
      each.setAttribute(
        "aria-describedby",
        each.getAttribute("aria-describedby").replace(error.id, "").trim(),
      );
    }
    for (const line of this.querySelectorAll(`[data-error="${error.id}"]`)) line.remove();
    error.remove();
  }

  #draw() {
    const left = this.querySelectorAll("li").length;
    const title = this.querySelector("h2");
    this.box.removeAttribute("role"); // it was read when the page came; now it does not interrupt who types
    title.textContent = left === 1 ? this.dataset.one : this.dataset.more.replace("{number}", left);
    if (this.querySelector("[data-error]")) return;
    document.title = document.title.replace(this.dataset.title, "");
    title.hidden = true;
    this.box.dataset.past = "";
    if (!left) this.remove();
  }
}

customElements.define("error-summary", ErrorSummary);
