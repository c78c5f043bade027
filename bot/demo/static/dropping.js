// Files that are dragged onto a pane. Elsewhere on the page a drop does nothing: the browser would leave the page for it.

const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => hasFiles(event) && event.preventDefault());

/** `take(files)` gets what is dropped anywhere on the pane, which shows meanwhile that it would. */
export function takeDrops(pane, take) {
  const show = (on) => pane.classList.toggle("dropping", on);
  pane.addEventListener("dragover", (event) => show(hasFiles(event)));
  pane.addEventListener("dragleave", (event) => show(pane.contains(event.relatedTarget)));
  pane.addEventListener("drop", (event) => {
    show(false);
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}
