// <download-row>: after "Download", shows where to find the file and removes the unread marks.
class DownloadRow extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a[href$='/bestand/']");
    link?.addEventListener("click", () => this.#downloaded(), { once: true });
  }

  #downloaded() {
    const template = this.querySelector("template");
    this.classList.add("fetched");
    this.querySelector(".download-status").append(template.content);
    template.remove();
    const unread = this.querySelector(".unread");
    if (!unread) return;
    unread.classList.remove("unread");
    unread.querySelector(".meta .new")?.remove();
    this.#countDown(document.querySelector(".tabs [aria-current] .new"));
  }

  // Lower the number of unread documents in the current tab.
  #countDown(mark) {
    if (!mark) return;
    const left = Number(mark.dataset.count) - 1;
    if (left < 1) return mark.remove();
    mark.dataset.count = String(left);
    mark.textContent = mark.textContent.replace(/\d+/, String(left));
  }
}

customElements.define("download-row", DownloadRow);
