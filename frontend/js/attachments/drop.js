// Call `choose(files, problems)` for files dropped anywhere on the page while the dialog is open.
// Without this the browser opens a file that is dropped beside the zone.
export function listenToDrops(dialog, signal, choose) {
  const zone = dialog.querySelector(".drop");
  const highlight = (isOver) => (event) => {
    if (!dialog.open || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("dragged-over", isOver);
  };
  const drop = (event) => {
    highlight(false)(event);
    if (!event.defaultPrevented) return;
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
    choose(files, items.some(isFolder) ? ["folder"] : []);
  };
  addEventListener("dragover", highlight(true), { signal });
  addEventListener("dragleave", highlight(false), { signal });
  addEventListener("drop", drop, { signal });
}

function isFolder(item) {
  return item.webkitGetAsEntry?.()?.isDirectory;
}
