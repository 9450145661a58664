// Moves the focus to what needs attention first: a summary of errors, or the field that is wrong. Where a part of the
// page was exchanged together with what had the focus, it goes to what that part offers next.
export function watchFocus() {
  const first = document.querySelector("[data-focus], [aria-invalid='true']");
  if (first) first.focus({ preventScroll: false });
  document.addEventListener("concord:swapped", (event) => {
    if (document.activeElement && document.activeElement !== document.body) return;
    document.querySelector(event.detail.update[0])?.querySelector("[data-focus]")?.focus();
  });
}
