// Files dropped on a part of the page.

/** Has `take` called with the files that are dropped on `view`; `mark` shows while they are above it that they may be. */
export function onDrop(view, mark, take) {
  for (const name of ["dragenter", "dragover"]) {
    view.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      mark.classList.add("over");
    });
  }
  view.addEventListener("dragleave", (event) => {
    if (!view.contains(event.relatedTarget)) mark.classList.remove("over");
  });
  view.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    mark.classList.remove("over");
    take(event.dataTransfer.files);
  });
}
