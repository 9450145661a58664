// A picture that is dropped on the text or pasted into it goes into the form below, where one says what it shows.
// What is copied from a spreadsheet is a picture as well as words: then the words are meant.
const ours = (transfer) => !transfer?.types.includes("text/plain") && [...(transfer?.files ?? [])].find((file) => /^image\/(png|jpeg|webp)$/.test(file.type));

export function watchPictures(form, view) {
  const box = form.querySelector("[data-picture]");
  const field = form.elements.picture;
  const said = box?.querySelector("[data-chosen]");
  if (!box || !field) return;

  function take(file) {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    box.open = true;
    said.textContent = said.dataset.word;
    form.elements.alt.focus();
    form.elements.alt.scrollIntoView({ block: "center" });
  }

  view.dom.addEventListener(
    "paste",
    (event) => {
      const file = ours(event.clipboardData);
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      take(file);
    },
    true,
  );
  view.dom.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    view.dom.classList.add("is-over");
  });
  for (const name of ["dragleave", "drop"]) view.dom.addEventListener(name, () => view.dom.classList.remove("is-over"));
  view.dom.addEventListener(
    "drop",
    (event) => {
      const file = ours(event.dataTransfer);
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      const place = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (place !== null) view.dispatch({ selection: { anchor: place } });
      take(file);
    },
    true,
  );
}
