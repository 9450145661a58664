// The edit page: CodeMirror over the textarea, a toolbar, the preview made by the server, and a word before leaving.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap } from "@codemirror/view";
import { Keeper } from "./keeping.js";
import { LinkDialog, TableDialog } from "./dialogs.js";
import { watchPictures } from "./pictures.js";
import { around, beginning, continueList, dress, insertFootnote, markdown } from "./markdown.js";

const PAUSE = 500;

function open(form) {
  const textarea = form.elements.markdown;
  const view = new EditorView({ state: stateOf(textarea, () => changed()) });
  textarea.after(view.dom);
  textarea.hidden = true;
  const preview = new Preview(form);
  const status = form.querySelector("[data-state]");
  const saved = textarea.defaultValue;
  let dirty = "unsaved" in form.dataset;
  const keeper = new Keeper(form, textarea, {
    onKept(text, sentence) {
      if (dirty && text === textarea.value) status.textContent = sentence;
    },
    onLost() {
      status.textContent = status.dataset.lost;
    },
  });

  function changed() {
    textarea.value = view.state.doc.toString();
    dirty = "unsaved" in form.dataset || textarea.value !== saved;
    status.textContent = dirty ? status.dataset.dirty : status.dataset.clean;
    status.classList.toggle("is-dirty", dirty);
    preview.soon(textarea.value);
    keeper.soon();
  }

  window.addEventListener("beforeunload", (event) => {
    if (dirty && keeper.waiting && !form.dataset.sent) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    textarea.value = view.state.doc.toString();
    form.elements.line.value = view.state.doc.lineAt(view.state.selection.main.head).number;
  });

  const table = new TableDialog(document.getElementById("table-dialog"), view);
  const link = new LinkDialog(document.getElementById("link-dialog"), view);
  const commands = {
    heading: beginning(() => "# "),
    subheading: beginning(() => "## "),
    bold: around("**"),
    italic: around("*"),
    list: beginning(() => "- "),
    numbers: beginning((n) => `${n + 1}. `),
    quote: beginning(() => "> "),
    link: () => link.open(),
    table: () => table.open(),
    footnote: insertFootnote,
  };
  toolbar(form.querySelector(".toolbar"), (name) => commands[name](view));
  view.dom.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && { b: "bold", i: "italic", k: "link" }[event.key];
    if (!name) return;
    event.preventDefault();
    commands[name](view);
  });
  for (const button of form.querySelectorAll("[data-insert-table]")) {
    button.addEventListener("click", () => table.open(button.dataset.caption, JSON.parse(button.dataset.insertTable)));
  }
  tabs(form.querySelector("[data-side]"));
  watchPictures(form, view);
}

function stateOf(textarea, onChange) {
  const nonce = document.querySelector("script[nonce]")?.nonce;
  return EditorState.create({
    doc: textarea.value,
    extensions: [
      nonce ? EditorView.cspNonce.of(nonce) : [],
      history(),
      drawSelection(),
      EditorView.lineWrapping,
      EditorView.scrollMargins.of(() => ({ top: 60, bottom: 80 })),
      markdown,
      dress,
      keymap.of([{ key: "Enter", run: continueList }, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({
        "aria-label": textarea.labels[0]?.textContent ?? "",
        lang: textarea.lang,
        spellcheck: "true",
      }),
      EditorView.updateListener.of((update) => update.docChanged && onChange()),
    ],
  });
}

class Preview {
  constructor(form) {
    this.form = form;
    this.timer = 0;
    this.asked = 0;
  }

  soon(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  async ask(text) {
    this.asked += 1;
    const mine = this.asked;
    const body = new FormData();
    body.set("markdown", text);
    body.set("csrf_token", this.form.elements.csrf_token.value);
    try {
      const answer = await fetch(this.form.dataset.previewUrl, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || mine !== this.asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
      const old = document.getElementById("preview");
      const at = old.scrollTop;
      old.replaceWith(fresh);
      fresh.scrollTop = at;
      const count = this.form.querySelector("[data-count]");
      count.textContent = `${Number(fresh.dataset.words).toLocaleString(document.documentElement.lang)} ${count.dataset.word}`;
    } catch (failure) {
      if (!(failure instanceof TypeError)) throw failure;
    }
  }
}

/** One tab stop for the toolbar; the arrow keys move inside it. */
function toolbar(bar, run) {
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, n) => {
    button.tabIndex = n ? -1 : 0;
    button.addEventListener("click", () => run(button.dataset.command));
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = buttons.indexOf(document.activeElement);
    const next = buttons[(now + step + buttons.length) % buttons.length];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
}

function tabs(side) {
  const all = [...side.querySelectorAll("[role=tab]")];
  const show = (tab) => {
    for (const one of all) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
    }
  };
  for (const tab of all) tab.addEventListener("click", () => show(tab));
  side.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    show(next);
    next.focus();
  });
  show(all[0]);
}

const form = document.querySelector("[data-edit]");
if (form) open(form);
