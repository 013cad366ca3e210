// <message-draft data-url data-kept="Concept bewaard om {time}" data-failed data-sent data-see>: what is written is kept at the server,
// never in the browser; and one "Versturen" is one message, after which no draft comes.
const PAUSE = 2000; // ms after the last key
const AGAIN = 10_000; // ms after it failed
const SENDING = 10_000; // ms in which a second press is the first one's double

class MessageDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.kept = this.#written();
    this.form.addEventListener("input", () => this.#keepAfter(PAUSE));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "hidden" && this.#keep({ leaving: true }),
    );
    addEventListener("pagehide", () => this.#keep({ leaving: true }));
    addEventListener("pageshow", (event) => event.persisted && this.#comeBack());
  }

  #submit(event) {
    if (this.sending) event.preventDefault();
    if (event.defaultPrevented) return;
    this.sending = setTimeout(() => (this.sending = 0), SENDING);
    this.#end();
  }

  #end() {
    this.over = true;
    clearTimeout(this.timer);
    this.request?.abort();
  }

  #comeBack() {
    clearTimeout(this.sending);
    this.sending = 0;
    this.over = false;
    this.#keepAfter(PAUSE);
  }

  #keepAfter(pause) {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => this.#keep(), pause);
  }

  #written() {
    return new URLSearchParams(
      [...new FormData(this.form)].filter(([, value]) => !(value instanceof File)),
    ).toString();
  }

  // One after the other, so that an older text never comes last; only who leaves does not wait.
  async #keep({ leaving = false } = {}) {
    clearTimeout(this.timer);
    const written = this.#written();
    if (this.over || written === this.kept || written === this.asked) return;
    if (this.asked && !leaving) return this.#keepAfter(PAUSE);
    this.asked = written;
    this.request = new AbortController();
    try {
      this.#say(await this.#ask(written, leaving, this.request.signal), written);
    } catch {
      if (this.over) return;
      this.textContent = this.dataset.failed;
      this.#keepAfter(AGAIN);
    } finally {
      if (this.asked === written) this.asked = "";
    }
  }

  async #ask(written, keepalive, signal) {
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.dataset.url, {
      method: "POST",
      body: new URLSearchParams(written),
      headers,
      keepalive,
      signal,
    });
    const said = await answer.json();
    if (!said.kept && !said.sent) throw new Error(`draft: ${answer.status}`);
    return said;
  }

  #say(said, written) {
    if (this.over) return;
    if (said.sent) {
      this.#end();
      this.replaceChildren(
        `${this.dataset.sent} `,
        Object.assign(document.createElement("a"), {
          href: said.sent,
          textContent: this.dataset.see,
        }),
      );
      return;
    }
    const kept = new URLSearchParams(written);
    if (said.submission) {
      this.form.elements.submission.value = said.submission;
      kept.set("submission", said.submission);
    }
    this.kept = kept.toString();
    history.replaceState(history.state, "", location.href); // loading it anew asks for the draft, and does not hand in what came back before
    this.textContent = this.dataset.kept.replace("{time}", said.kept);
  }
}

customElements.define("message-draft", MessageDraft);
