// <message-draft data-url data-kept="Concept bewaard om {time}" data-failed data-sent data-see>:
// saves a message at the server while it is written, never in the browser. It also drops a second
// submit, and saves no draft after the first.
import { textFields } from "./fields.js";
import { fill } from "./fill.js";
import { ListeningElement } from "./listening-element.js";

const SAVE_DELAY = 2000; // ms after the last key
const RETRY_DELAY = 10_000; // ms after a failure
const SUBMIT_WINDOW = 10_000; // ms in which another submit is a double click

class MessageDraft extends ListeningElement {
  #form;
  #saved;
  #saving;
  #submitting;
  #stopped;
  #timer;
  #request;

  listen(signal) {
    this.#form = this.closest("form");
    this.#saved ??= textFields(this.#form).toString();
    const save = () => this.#save({ leaving: true });
    const hide = () => document.visibilityState === "hidden" && save();
    this.#form.addEventListener("input", () => this.#saveAfter(SAVE_DELAY), { signal });
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal });
    document.addEventListener("visibilitychange", hide, { signal });
    addEventListener("pagehide", save, { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#resume(), { signal });
  }

  #submit(event) {
    if (this.#submitting) event.preventDefault();
    if (event.defaultPrevented) return;
    this.#submitting = setTimeout(() => {
      this.#submitting = 0;
    }, SUBMIT_WINDOW);
    this.#stop();
  }

  #stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  // Save again on a page that "Back" brought from the browser's cache.
  #resume() {
    clearTimeout(this.#submitting);
    this.#submitting = 0;
    this.#stopped = false;
    this.#saveAfter(SAVE_DELAY);
  }

  #saveAfter(delay) {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#save(), delay);
  }

  // Save one text after the other, so that an older one never arrives last; `leaving` cannot wait.
  async #save({ leaving = false } = {}) {
    clearTimeout(this.#timer);
    const data = textFields(this.#form).toString();
    if (this.#stopped || data === this.#saved || data === this.#saving) return;
    if (this.#saving && !leaving) return this.#saveAfter(SAVE_DELAY);
    this.#saving = data;
    this.#request = new AbortController();
    try {
      this.#show(await this.#post(data, leaving, this.#request.signal), data);
    } catch {
      if (this.#stopped) return;
      this.textContent = this.dataset.failed;
      this.#saveAfter(RETRY_DELAY);
    } finally {
      if (this.#saving === data) this.#saving = "";
    }
  }

  async #post(data, keepalive, signal) {
    const headers = { Accept: "application/json" };
    const body = new URLSearchParams(data);
    const options = { method: "POST", body, headers, keepalive, signal };
    const response = await fetch(this.dataset.url, options);
    const answer = await response.json();
    if (!answer.kept && !answer.sent) throw new Error(`draft: ${response.status}`);
    return answer;
  }

  #show({ kept, sent, submission }, data) {
    if (this.#stopped) return;
    if (sent) {
      this.#stop();
      return this.#showSent(sent);
    }
    const saved = new URLSearchParams(data);
    if (submission) {
      this.#form.elements.submission.value = submission;
      saved.set("submission", submission);
    }
    this.#saved = saved.toString();
    // A reload asks for the draft; else it would submit the form again that came back with errors.
    history.replaceState(history.state, "", location.href);
    this.textContent = fill(this.dataset.kept, { time: kept });
  }

  #showSent(address) {
    const link = document.createElement("a");
    Object.assign(link, { href: address, textContent: this.dataset.see });
    this.replaceChildren(`${this.dataset.sent} `, link);
  }
}

customElements.define("message-draft", MessageDraft);
