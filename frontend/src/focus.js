// Moves the focus to what needs attention first: a summary of errors, or the field that is wrong.
export function watchFocus() {
  const first = document.querySelector("[data-focus], [aria-invalid='true']");
  if (first) first.focus({ preventScroll: false });
}
