// <download-row>: after "Download" an arrow says where the document is, and the unread marks go down for this login.
class DownloadRow extends HTMLElement {
  connectedCallback() {
    this.querySelector("a[href$='/bestand/']")?.addEventListener(
      "click",
      () => {
        const status = this.querySelector(".got");
        this.classList.add("fetched");
        status.append(this.querySelector("template").content.cloneNode(true));
        this.querySelector("template").remove();
        const row = this.querySelector(".unread");
        if (!row) return;
        row.classList.remove("unread");
        row.querySelector(".meta .new")?.remove();
        const mark = document.querySelector(".tabs [aria-current] .new");
        const left = Number(mark?.dataset.count) - 1;
        if (!mark) return;
        if (left < 1) mark.remove();
        else {
          mark.dataset.count = String(left);
          mark.textContent = mark.textContent.replace(/\d+/, String(left));
        }
      },
      { once: true },
    );
  }
}

customElements.define("download-row", DownloadRow);
