// <session-watch data-url data-login>: warns two minutes before the session ends; keeps what was typed when it does.
const WARN = 120; // seconds before the end
const LAST = 5;

class SessionWatch extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.form, "stay").then((left) => this.wait(left));
    });
    document.addEventListener(
      "input",
      (event) => (this.typed = event.target.closest("form[method=post]") ?? this.typed),
    );
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.look(),
    );
    this.look();
  }

  // Asks how long the session lasts, which is no sign of life: another tab may have gone on, the computer may have slept.
  look() {
    return this.ask().then((left) => this.wait(left));
  }

  wait({ seconds }) {
    clearTimeout(this.timer);
    if (seconds <= 0) return this.leave();
    if (seconds > WARN) {
      this.dialog.close();
      this.timer = setTimeout(() => this.look(), (seconds - WARN) * 1000);
    } else if (seconds > LAST) {
      if (!this.dialog.open) this.dialog.showModal();
      this.timer = setTimeout(() => this.look(), (seconds - LAST) * 1000);
    } else {
      this.end();
    }
  }

  end() {
    this.say(this.typed ?? this.form, "end").then(() => this.leave());
  }

  leave() {
    location.replace(
      `${this.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`,
    );
  }

  say(form, act) {
    const said = new FormData(form);
    for (const [name, value] of [...said]) if (value instanceof File) said.delete(name);
    said.set("act", act);
    said.set("page", location.pathname);
    return this.ask({ method: "POST", body: new URLSearchParams(said) });
  }

  // Without an answer (no network) it looks again in a minute.
  ask(how = {}) {
    return fetch(this.dataset.url, { ...how, headers: { Accept: "application/json" } })
      .then((answer) => answer.json())
      .catch(() => ({ seconds: WARN + 60 }));
  }
}

customElements.define("session-watch", SessionWatch);
