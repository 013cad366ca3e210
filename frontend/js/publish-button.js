// <publish-button data-one="Publiceren voor 1 persoon" data-many="Publiceren voor %n personen">: says again for whom.
class PublishButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const plain = button.textContent;
    const boxes = [...this.closest("form").querySelectorAll("input[name=parties]")];
    const say = () => {
      const number = boxes.filter((box) => box.checked).length;
      button.textContent =
        number === 0
          ? plain
          : number === 1
            ? this.dataset.one
            : this.dataset.many.replace("%n", String(number));
    };
    for (const box of boxes) box.addEventListener("change", say);
    say();
  }
}

customElements.define("publish-button", PublishButton);
