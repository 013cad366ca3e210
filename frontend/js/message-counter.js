// <message-counter data-max="4000" data-words="{used} van {max} tekens" data-left="Nog {left} …"
// data-one>: counts a text as the server does, cuts off the excess and says so. The unit is UTF-16,
// with a line end as one, as in a text area's value.
import { addDescription } from "./fields.js";
import { fill } from "./fill.js";

const NEAR = 200; // characters left at which the counter starts to warn and to speak
const PAUSE = 1000; // ms after the last key
const LONGEST_CHARACTER = 64; // units; a longer grapheme is cut inside

class MessageCounter extends HTMLElement {
  #text;
  #counter;
  #dialog;
  #max;
  #caret;
  #timer;
  #before;

  connectedCallback() {
    this.#text = this.querySelector("textarea");
    this.#counter = this.querySelector(".counter");
    this.#dialog = this.querySelector("dialog");
    this.#max = Number(this.dataset.max);
    addDescription(this.#text, this.#counter.id);
    // A word that is still being composed may be too long.
    this.#text.addEventListener("input", ({ isComposing }) => {
      if (isComposing) this.#count();
      else this.#cut();
    });
    this.#text.addEventListener("compositionend", () => this.#cut());
    this.#dialog.querySelector("button").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => {
      this.#text.focus();
      this.#text.setSelectionRange(this.#caret, this.#caret);
    });
    this.#before = this.#count();
  }

  // Show and return the length of the text.
  #count() {
    const used = this.#text.value.length;
    const left = this.#max - used;
    this.#counter.textContent = fill(this.dataset.words, { used, max: this.#max });
    this.#text.setCustomValidity(left < 0 ? this.#counter.textContent : "");
    this.#counter.toggleAttribute("data-near", left <= NEAR && left > 0);
    this.#counter.toggleAttribute("data-full", left <= 0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(Math.max(left, 0)), PAUSE);
    return used;
  }

  #announce(left) {
    const status = this.querySelector("[role=status]");
    const { one, left: many } = this.dataset;
    const text = left > NEAR ? "" : fill(left === 1 ? one : many, { left });
    if (status.textContent !== text && document.activeElement === this.#text) {
      status.textContent = text;
    }
  }

  // Cut off the excess, unless a text that came from the server too long is being shortened.
  #cut() {
    const text = this.#text.value;
    if (text.length > this.#max && text.length > this.#before) {
      const kept = cut(text, this.#max);
      this.#caret = Math.min(this.#text.selectionEnd, kept.length);
      this.#text.value = kept;
      this.#dialog.showModal();
    }
    this.#before = this.#count();
  }
}

customElements.define("message-counter", MessageCounter);

// Return the longest beginning of at most `max` units that splits no character as people see it.
function cut(text, max) {
  const near = text.slice(0, max + LONGEST_CHARACTER);
  const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(near);
  const { index } = characters.containing(max);
  if (max - index <= LONGEST_CHARACTER) return text.slice(0, index);
  return text.slice(0, /[\uD800-\uDBFF]/.test(text[max - 1]) ? max - 1 : max);
}
