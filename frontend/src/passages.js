// The marks in the text: one for each passage that is commented on, and a button beside each paragraph.
import { leavesOf, unwrap, wrap } from "./text.js";

const BESIDE = "p[data-block], li > [data-block], caption[data-block], blockquote > [data-block]";

export class Passages {
  constructor(text, { words, mayComment, narrow, onShow, onCompose }) {
    Object.assign(this, { text, words, mayComment, narrow, onShow, onCompose });
    this.leaves = leavesOf(text);
    this.marks = new Map();
    this.temporary = [];
    this.wrapTables();
    this.addButtons();
    text.addEventListener("click", (event) => {
      const mark = event.target.closest("mark[data-for]");
      if (mark && window.getSelection().isCollapsed && !event.target.closest("a")) onShow([mark.dataset.for], mark);
    });
  }

  /** Draws the passages of these cards anew. */
  draw(cards) {
    unwrap([...this.marks.values()].flat());
    this.marks.clear();
    const counts = new Map();
    for (const card of cards) {
      const [start, end] = [Number(card.dataset.start), Number(card.dataset.end)];
      if (!card.dataset.start) continue;
      const kinds = ["objection", "settled"].filter((kind) => card.classList.contains(kind));
      const marks = wrap(this.leaves, start, end, (mark) => {
        mark.className = ["passage", ...kinds].join(" ");
        mark.dataset.for = card.id;
        mark.setAttribute("aria-details", card.id);
      });
      this.marks.set(card.id, marks);
      const home = this.leaves.find((leaf) => leaf.start <= start && start < leaf.end);
      const host = home?.element.closest("table")?.querySelector("caption[data-block]") ?? home?.element;
      if (host) counts.set(host, [...(counts.get(host) ?? []), card.id]);
    }
    for (const button of this.text.querySelectorAll(".block-note")) {
      const ids = counts.get(button.parentElement) ?? [];
      button.threads = ids;
      if (ids.length) button.dataset.count = ids.length;
      else delete button.dataset.count;
      this.name(button);
    }
  }

  /** Shows which passage a card that is being written is about. */
  quote(start, end) {
    this.unquote();
    this.temporary = wrap(this.leaves, start, end, (mark) => {
      mark.className = "passage being-quoted";
    });
    return this.temporary;
  }

  unquote() {
    unwrap(this.temporary);
    this.temporary = [];
  }

  activate(id) {
    for (const [key, marks] of this.marks) {
      for (const mark of marks) mark.classList.toggle("is-active", key === id);
    }
  }

  /** The distance from the top of the window to a passage. */
  topOf(id) {
    const mark = this.marks.get(id)?.[0];
    return mark ? mark.getClientRects()[0]?.top : undefined;
  }

  wrapTables() {
    for (const table of this.text.querySelectorAll("table")) {
      const frame = document.createElement("div");
      frame.className = "table-scroll";
      table.replaceWith(frame);
      frame.append(table);
      if (frame.scrollWidth > frame.clientWidth) {
        frame.tabIndex = 0;
        frame.setAttribute("role", "region");
        frame.setAttribute("aria-label", table.caption?.textContent ?? "");
      }
    }
  }

  addButtons() {
    for (const element of this.text.querySelectorAll(BESIDE)) {
      if (element.closest(".notes") || !element.textContent.trim()) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "block-note";
      button.innerHTML = BUBBLE;
      button.threads = [];
      button.addEventListener("click", () => {
        if (button.threads.length && (this.narrow.matches || !this.mayComment)) this.onShow(button.threads, button);
        else this.onCompose(this.leaves.find((leaf) => leaf.element === element), button);
      });
      element.append(button);
      this.name(button);
    }
    this.narrow.addEventListener("change", () => this.text.querySelectorAll(".block-note").forEach((button) => this.name(button)));
  }

  name(button) {
    const shows = button.threads.length && (this.narrow.matches || !this.mayComment);
    button.hidden = !this.mayComment && !button.threads.length;
    const words = shows ? `${this.words.show} (${button.threads.length})` : this.words.block;
    button.setAttribute("aria-label", words);
    button.title = words;
  }
}

const BUBBLE =
  '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M4 5h16v11.5h-9L6.5 20v-3.5H4z"/></svg>';
