// What protects a form that is being filled in: words not yet sent stay in this tab, and nothing is sent twice.
const keyOf = (form) => `concord:${new URL(form.action, document.baseURI).pathname}:${form.elements.start?.value ?? ""}`;

export function keepDraft(form) {
  const field = form.querySelector("textarea[name=text]") ?? form.querySelector("textarea");
  if (!field) return;
  const kept = sessionStorage.getItem(keyOf(form));
  if (kept && !field.value) field.value = kept;
  field.addEventListener("input", () => {
    if (field.value.trim()) sessionStorage.setItem(keyOf(form), field.value);
    else sessionStorage.removeItem(keyOf(form));
  });
  form.addEventListener("concord:sent", () => sessionStorage.removeItem(keyOf(form)));
}

/** A random word for a form, so that sending it twice does it once. */
export function word() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36).padStart(2, "0")).join("");
}
