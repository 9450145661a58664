// From change to change in a comparison: two buttons, and n and p while the focus is in the text or on the buttons.
const CHANGE = "ins, del, .moved, .moved-away, .reformatted";
const STEPS = { n: 1, p: -1 };

export function watchChanges() {
  const bar = document.querySelector("[data-changes]");
  const text = bar && document.querySelector(bar.dataset.changes);
  if (!text) return;
  const stops = stopsIn(text);
  bar.hidden = !stops.length;
  if (bar.hidden) return;
  const place = bar.querySelector("[role=status]");
  let here = -1;

  const go = (step) => {
    for (const mark of stops[here] ?? []) mark.classList.remove("is-here");
    here = here < 0 && step < 0 ? stops.length - 1 : (here + step + stops.length) % stops.length;
    for (const mark of stops[here]) mark.classList.add("is-here");
    const [stop] = stops[here];
    stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "center" });
    place.textContent = bar.dataset.word.replace("{n}", here + 1).replace("{all}", stops.length);
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) go(Number(button.dataset.step));
  });
  for (const region of [bar, text]) {
    region.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      go(step);
    });
  }
}

/** The marks of each stop: words removed and the ones put in their place are one change, and so is a block as a whole. */
function stopsIn(text) {
  const stops = [];
  for (const mark of text.querySelectorAll(CHANGE)) {
    if (mark.parentElement.closest(CHANGE)) continue;
    const before = mark.previousSibling;
    if (before && before === stops.at(-1)?.at(-1) && before.matches("ins, del")) stops.at(-1).push(mark);
    else stops.push([mark]);
  }
  return stops;
}
