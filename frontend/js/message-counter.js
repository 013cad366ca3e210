// <message-counter data-max="4000" data-words="{used} van {max} tekens" data-left="Nog {left} tekens" data-one>: counts as the server does,
// cuts off what is too much and says so. A text counts in UTF-16 units with line ends of one, which is what a text area's value holds.
const SPEAK = 200; // characters from the end
const PAUSE = 1000; // ms after the last key
const WHOLE = 64; // what belongs together is cut before it, unless it is longer than this

class MessageCounter extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.shown = this.querySelector(".counter");
    this.dialog = this.querySelector("dialog");
    this.max = Number(this.dataset.max);
    this.text.setAttribute(
      "aria-describedby",
      [this.text.getAttribute("aria-describedby"), this.shown.id].filter(Boolean).join(" "),
    );
    this.text.addEventListener("input", (event) =>
      event.isComposing ? this.#count() : this.#cut(),
    );
    this.text.addEventListener("compositionend", () => this.#cut());
    this.dialog.querySelector("button").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.text.focus();
      this.text.setSelectionRange(this.caret, this.caret);
    });
    this.before = this.#count();
  }

  // How much is written; while a word is still being composed it may be too much.
  #count() {
    const used = this.text.value.length;
    const left = this.max - used;
    this.shown.textContent = fill(this.dataset.words, { used, max: this.max });
    this.text.setCustomValidity(left < 0 ? this.shown.textContent : "");
    this.shown.toggleAttribute("data-near", left <= SPEAK && left > 0);
    this.shown.toggleAttribute("data-full", left <= 0);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#speak(left), PAUSE);
    return used;
  }

  #speak(left) {
    const status = this.querySelector("[role=status]");
    const words =
      left > SPEAK
        ? ""
        : fill(left === 1 ? this.dataset.one : this.dataset.left, { left: Math.max(left, 0) });
    if (status.textContent !== words && document.activeElement === this.text)
      status.textContent = words;
  }

  // What came back too long from the server is not cut while it is made shorter.
  #cut() {
    const text = this.text.value;
    if (text.length > this.max && text.length > this.before) {
      const kept = cut(text, this.max);
      this.caret = Math.min(this.text.selectionEnd, kept.length);
      this.text.value = kept;
      this.dialog.showModal();
    }
    this.before = this.#count();
  }
}

customElements.define("message-counter", MessageCounter);

// The longest beginning of at most so many units that splits no character as people see it.
export function cut(text, max) {
  if (text.length <= max) return text;
  const near = text.slice(0, max + WHOLE);
  const whole = new Intl.Segmenter(undefined, { granularity: "grapheme" })
    .segment(near)
    .containing(max).index;
  if (max - whole <= WHOLE) return text.slice(0, whole);
  return text.slice(0, /[\uD800-\uDBFF]/.test(text[max - 1]) ? max - 1 : max);
}

function fill(words, values) {
  return words.replace(/{(\w+)}/g, (_, name) => values[name]);
}
