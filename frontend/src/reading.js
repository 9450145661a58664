// The reading page put together: text, marks, margin, selection, writing.
import { Compose } from "./compose.js";
import { Margin } from "./margin.js";
import { Passages } from "./passages.js";
import { watchRemarks } from "./remarks.js";
import { watchSelection } from "./selection.js";

function focusOn(comment) {
  comment.tabIndex = -1;
  comment.focus();
}

export function openReading(reading) {
  watchRemarks();
  const text = reading.querySelector("[data-text]");
  const aside = document.getElementById("margin");
  if (!text || !aside) return;
  const narrow = window.matchMedia("(max-width: 61.99rem)");
  const mayComment = reading.dataset.mayComment === "true";
  const words = { comment: reading.dataset.wordComment, block: reading.dataset.wordBlock, show: reading.dataset.wordShow };
  let compose = null;

  const passages = new Passages(text, {
    words,
    mayComment,
    narrow,
    onShow: (ids, opener) => margin.show(ids, opener),
    onCompose: (leaf, opener) =>
      compose?.open({ block: leaf.number, start: leaf.start, end: leaf.end, quote: leaf.text.trim() }, opener),
  });
  const margin = new Margin(aside, passages, narrow);

  const template = document.getElementById("compose-template");
  if (mayComment && template) {
    compose = new Compose(template, { passages, margin, narrow });
    watchSelection(text.closest(".paper"), passages, { word: words.comment, onChoose: (passage) => compose.open(passage) });
    document.querySelector("[data-comment-section]")?.addEventListener("click", (event) => {
      event.preventDefault();
      compose.open(null, event.currentTarget);
    });
  }

  const pill = document.querySelector(".sheet-open");
  new IntersectionObserver(([entry]) => pill.classList.toggle("is-near", entry.isIntersecting)).observe(text.closest(".paper"));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sheet-open]")) margin.open(null, event.target.closest("button"));
    else if (event.target.closest("[data-sheet-close]")) margin.close();
  });
  document.addEventListener("concord:swapped", (event) => {
    margin.adopt();
    const { fresh } = event.detail;
    if (fresh) margin.show([fresh.id]);
    else if (margin.active) {
      const id = margin.active;
      margin.active = null;
      margin.activate(id);
    }
  });
  const toAddress = () => {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const named = /^(thread|comment)-\d+$/.test(id) && document.getElementById(id);
    const card = named && named.closest("[data-thread]");
    if (!card) return;
    margin.show([card.id]);
    if (named !== card) focusOn(named);
  };
  window.addEventListener("hashchange", toAddress);
  toAddress();
}
