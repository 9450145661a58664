// The field of a suggestion: shown when that kind is chosen, and filled with the words it is about.

/** In the form of the margin; `fresh` is a form that nobody has typed into yet. */
export function offerReplacement(form, passage, fresh) {
  const box = form.querySelector("[data-replacement]");
  if (!box) return;
  const field = box.querySelector("textarea");
  if (fresh) field.value = passage?.quote ?? "";
  field.disabled = !passage;
  showFor(form, box, () => passage && chosen(form) === "suggestion");
}

/** On the page of its own, where the server has filled it. */
export function watchKinds() {
  for (const box of document.querySelectorAll("[data-only-kind]")) {
    const form = box.closest("form");
    showFor(form, box, () => chosen(form) === box.dataset.onlyKind);
  }
}

function chosen(form) {
  return new FormData(form).get("kind");
}

function showFor(form, box, wanted) {
  const look = () => {
    box.hidden = !wanted();
  };
  form.addEventListener("change", look);
  look();
}
