// Parts of the dialog that depend on the chosen files: title, drop zone, buttons and problems.
export class DialogView {
  constructor(host) {
    this.host = host;
    this.element = host.querySelector("dialog");
  }

  query(selector) {
    return this.element.querySelector(selector);
  }

  update({ isBusy, files, pending }) {
    const { texts } = this.host;
    const count = files.length;
    const upload = this.query(".upload");
    this.query(".title").textContent = count ? texts.counted("chosen", count) : texts.get("title");
    this.query(".drop").hidden = count > 0;
    this.query(".more").hidden = !count || isBusy;
    upload.hidden = !count;
    upload.ariaDisabled = isBusy ? "true" : null;
    if (count) upload.querySelector("span").textContent = texts.counted("upload", pending.length);
  }

  // Show sentences about files that cannot be sent, until the next act.
  showProblems(sentences) {
    const notices = sentences.map((sentence) => {
      const notice = this.host.copy("problem").firstElementChild;
      notice.querySelector("p").textContent = sentence;
      return notice;
    });
    this.query(".problems").replaceChildren(...notices);
  }
}
