// <house-style data-pick="Kies">: previews the two colours while they are chosen, with the contrast
// of each.
class HouseStyle extends HTMLElement {
  #codes;

  connectedCallback() {
    this.#codes = ["brand", "accent"].map((name) => this.querySelector(`input[name=${name}]`));
    for (const code of this.#codes) this.#addPicker(code);
    this.#show();
  }

  // Put a colour picker beside the code; each follows the other.
  #addPicker(code) {
    const picker = Object.assign(document.createElement("input"), { type: "color" });
    const line = Object.assign(document.createElement("div"), { className: "swatch" });
    picker.ariaLabel = `${this.dataset.pick}: ${code.labels[0].firstChild.textContent.trim()}`;
    code.before(line);
    line.append(picker, code);
    code.picker = picker;
    code.addEventListener("input", () => this.#show());
    picker.addEventListener("input", () => {
      code.value = picker.value.toUpperCase();
      this.#show();
    });
  }

  // Show the colours if both are complete. Without an accent the brand colour takes its place.
  #show() {
    const [brand, accent] = this.#codes.map(({ value }) => value.trim());
    const colours = { brand, accent: accent || brand };
    if (!Object.values(colours).every((colour) => /^#[0-9a-f]{6}$/i.test(colour))) return;
    for (const { name, picker } of this.#codes) picker.value = colours[name];
    for (const preview of this.querySelectorAll(".preview")) {
      for (const name in colours) preview.style.setProperty(`--${name}`, colours[name]);
    }
    this.#showContrast("action", ".btn:not(.second)", "backgroundColor");
    this.#showContrast("mark", ".new", "color");
  }

  // Show the contrast with white that the style sheet makes of a colour in the light preview.
  #showContrast(role, selector, property) {
    const example = this.querySelector(`.preview.light ${selector}`);
    const contrast = 1.05 / (luminance(getComputedStyle(example)[property]) + 0.05);
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    const output = this.querySelector(`output[name=${role}]`);
    output.value = contrast.toLocaleString(document.documentElement.lang, digits);
  }
}

customElements.define("house-style", HouseStyle);

// Return the relative luminance (WCAG 2.2) of a CSS colour. The canvas turns any notation into RGB.
function luminance(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
    const channel = byte / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
