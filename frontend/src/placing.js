// Putting a comment back in its place: besides the button of each paragraph, words of the text can be selected.
import { watchSelection } from "./selection.js";
import { leavesOf } from "./text.js";

export function watchPlacing() {
  const form = document.querySelector("form[data-placing]");
  const text = form?.querySelector("[data-text]");
  if (!text) return;
  watchSelection(text.closest(".paper"), { text, leaves: leavesOf(text) }, {
    word: form.dataset.word,
    onChoose: ({ start, end }) => {
      form.elements.start.value = start;
      form.elements.end.value = end;
      form.requestSubmit();
    },
  });
}
