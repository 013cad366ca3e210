// <field-chips for="id">: each button inserts its text into the text area, at the caret.
class FieldChips extends HTMLElement {
  connectedCallback() {
    const text = document.getElementById(this.getAttribute("for"));
    this.addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (!chip) return;
      text.setRangeText(chip.textContent, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}

customElements.define("field-chips", FieldChips);
