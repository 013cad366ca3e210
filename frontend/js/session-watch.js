// <session-watch data-url data-login>: warns two minutes before the session ends. When it ends, the
// text that was typed last is saved with the session.
import { textFields } from "./fields.js";
import { ListeningElement } from "./listening-element.js";

const WARNING = 120; // seconds before the end
const SAVING = 5; // seconds before the end, while the session can still save

class SessionWatch extends ListeningElement {
  #dialog;
  #form;
  #typedForm;
  #timer;

  listen(signal) {
    this.#dialog = this.querySelector("dialog");
    this.#form = this.querySelector("form");
    const stay = (event) => {
      event.preventDefault();
      this.#post(this.#form, "stay").then((left) => this.#schedule(left));
    };
    const remember = ({ target }) => {
      this.#typedForm = target.closest("form[method=post]") ?? this.#typedForm;
    };
    const show = () => document.visibilityState === "visible" && this.check();
    this.#form.addEventListener("submit", stay, { signal });
    document.addEventListener("input", remember, { signal });
    document.addEventListener("visibilitychange", show, { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    this.check();
  }

  // Ask how long the session lasts: another tab may have prolonged it, or the computer has slept.
  // Asking does not prolong it.
  async check() {
    this.#schedule(await this.#ask());
  }

  #schedule({ seconds }) {
    clearTimeout(this.#timer);
    if (seconds <= 0) return this.#leave();
    if (seconds > WARNING) {
      this.#dialog.close();
      this.#checkAfter(seconds - WARNING);
    } else if (seconds > SAVING) {
      if (!this.#dialog.open) this.#dialog.showModal();
      this.#checkAfter(seconds - SAVING);
    } else {
      this.#post(this.#typedForm ?? this.#form, "end").then(() => this.#leave());
    }
  }

  #checkAfter(seconds) {
    this.#timer = setTimeout(() => this.check(), seconds * 1000);
  }

  #leave() {
    const page = encodeURIComponent(location.pathname + location.search);
    location.replace(`${this.dataset.login}?next=${page}`);
  }

  #post(form, act) {
    const body = textFields(form);
    body.set("act", act);
    body.set("page", location.pathname);
    return this.#ask({ method: "POST", body });
  }

  // Return the seconds that are left. Without a connection, check again in a minute.
  async #ask(options) {
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(this.dataset.url, { ...options, headers });
      return await response.json();
    } catch {
      return { seconds: WARNING + 60 };
    }
  }
}

customElements.define("session-watch", SessionWatch);
