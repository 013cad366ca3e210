// <house-style>: shows the two colours while they are chosen, and how well they can be read.
class HouseStyle extends HTMLElement {
  connectedCallback() {
    for (const name of ["brand", "accent"]) this.#pick(this.querySelector(`input[name=${name}]`));
    this.#show();
  }

  // A picker beside the code; each follows the other.
  #pick(code) {
    const picker = Object.assign(document.createElement("input"), { type: "color" });
    picker.ariaLabel = `${this.dataset.pick}: ${code.labels[0].firstChild.textContent.trim()}`;
    const line = Object.assign(document.createElement("div"), { className: "swatch" });
    code.before(line);
    line.append(picker, code);
    picker.addEventListener("input", () => {
      code.value = picker.value.toUpperCase();
      this.#show();
    });
    code.addEventListener("input", () => this.#show());
    code.picker = picker;
  }

  #show() {
    const [brand, accent] = ["brand", "accent"].map((name) =>
      this.querySelector(`input[name=${name}]`),
    );
    const colours = {
      brand: brand.value.trim(),
      accent: accent.value.trim() || brand.value.trim(),
    };
    if (!Object.values(colours).every((colour) => /^#[0-9a-f]{6}$/i.test(colour))) return;
    brand.picker.value = colours.brand;
    accent.picker.value = colours.accent;
    for (const example of this.querySelectorAll(".preview")) {
      for (const [name, colour] of Object.entries(colours))
        example.style.setProperty(`--${name}`, colour);
    }
    const light = this.querySelector(".preview.light");
    for (const [role, of] of [
      ["action", ".btn:not(.second)"],
      ["mark", ".new"],
    ]) {
      const style = getComputedStyle(light.querySelector(of));
      const contrast =
        1.05 / (luminance(role === "action" ? style.backgroundColor : style.color) + 0.05);
      this.querySelector(`output[name=${role}]`).value = contrast.toLocaleString(
        document.documentElement.lang,
        { minimumFractionDigits: 1, maximumFractionDigits: 1 },
      );
    }
  }
}

customElements.define("house-style", HouseStyle);

// Relative luminance (WCAG 2.2) of a colour as the screen paints it.
function luminance(colour) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
