// <password-rules for="id" data-met="voldoet" data-open="nog niet">: ticks off the rules while the password is typed.
const RULES = {
  length: (v) => v.length >= 8,
  capital: (v) => /\p{Lu}/u.test(v),
  digit: (v) => /[0-9]/.test(v),
};

class PasswordRules extends HTMLElement {
  connectedCallback() {
    const input = document.getElementById(this.getAttribute("for"));
    const isMet = (item) => RULES[item.dataset.rule](input.value);
    const items = [...this.querySelectorAll("li")];
    const check = () =>
      items.forEach((item) => {
        const met = isMet(item);
        item.classList.toggle("met", met);
        item.querySelector(".yes").toggleAttribute("hidden", !met);
        item.querySelector(".no").toggleAttribute("hidden", met);
        item.querySelector(".vh").textContent = `: ${met ? this.dataset.met : this.dataset.open}`;
        input.setCustomValidity(items.every(isMet) ? "" : this.dataset.open);
      });
    input.addEventListener("input", check);
    check();
    const list = this.querySelector("ul");
    list.id = `${input.id}_rules`;
    list.setAttribute("aria-live", "polite"); // only now: what stood there at first is read with the field
    input.setAttribute(
      "aria-describedby",
      [input.getAttribute("aria-describedby"), list.id].filter(Boolean).join(" "),
    );
  }
}

customElements.define("password-rules", PasswordRules);
