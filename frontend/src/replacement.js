// The field of a suggestion: shown when that kind is chosen, and filled with the words it is about.

/** In the form of the margin; `fresh` is a form that nobody has typed into yet. */
export function offerReplacement(form, passage, fresh) {
  const box = form.querySelector("[data-replacement]");
  if (!box) return;
  const field = box.querySelector("textarea");
  if (fresh) field.value = passage?.quote ?? "";
  field.disabled = !passage;
  const show = () => {
    box.hidden = !passage || new FormData(form).get("kind") !== "suggestion";
  };
  form.addEventListener("change", show);
  show();
}
