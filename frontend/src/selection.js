// Selecting a passage: a bubble beside it offers to comment on these words.
import { read } from "./text.js";

export function watchSelection(paper, passages, { word, onChoose }) {
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.innerHTML =
    '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M4 5h16v11.5h-9L6.5 20v-3.5H4zM12 8v5.5M9.25 10.75h5.5"/></svg>';
  button.append(word);
  bubble.append(button);
  paper.append(bubble);
  let chosen = null;

  const look = () => {
    const selection = window.getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return hide();
    const range = selection.getRangeAt(0);
    if (!passages.text.contains(range.commonAncestorContainer) && !range.intersectsNode(passages.text)) return hide();
    chosen = read(range, passages.leaves);
    if (!chosen) return hide();
    place(range);
  };

  const place = (range) => {
    const frame = paper.getBoundingClientRect();
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1);
    if (!rects.length) return hide();
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const rect = touch ? rects[rects.length - 1] : rects[0];
    bubble.hidden = false;
    const half = bubble.offsetWidth / 2 + 4;
    const middle = (Math.max(rect.left, frame.left) + Math.min(rect.right, frame.right)) / 2 - frame.left;
    bubble.style.left = `${Math.min(Math.max(middle, half), frame.width - half)}px`;
    bubble.style.top = `${(touch ? rect.bottom + 60 : rect.top) - frame.top}px`;
  };

  const hide = () => {
    bubble.hidden = true;
    chosen = null;
  };

  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  bubble.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!chosen) return;
    const passage = chosen;
    hide();
    window.getSelection().removeAllRanges();
    onChoose(passage);
  });
}
