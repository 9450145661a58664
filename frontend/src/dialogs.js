// The forms behind the toolbar: a table filled in cell by cell, a link.
import { insertBlock, tableText } from "./markdown.js";

const MOST = { columns: 12, rows: 40 };

export class TableDialog {
  constructor(dialog, view) {
    Object.assign(this, { dialog, view, form: dialog.querySelector("[data-table-form]") });
    this.grid = dialog.querySelector("[data-grid]");
    this.form.addEventListener("input", (event) => {
      if (["columns", "rows"].includes(event.target.name)) this.draw(this.read());
    });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "insert") insertBlock(this.view, tableText(this.form.elements.caption.value, this.read()));
      dialog.returnValue = "";
      this.view.focus();
    });
  }

  open(caption = "", head = null) {
    this.form.elements.caption.value = caption;
    this.form.elements.columns.value = head?.length ?? 3;
    this.form.elements.rows.value = 3;
    this.draw(head ? [head] : []);
    this.dialog.showModal();
    (caption ? this.grid.querySelector("td input") : this.form.elements.caption).focus();
  }

  get size() {
    const value = (name) => Math.min(MOST[name], Math.max(1, Number(this.form.elements[name].value) || 1));
    return { columns: value("columns"), rows: value("rows") };
  }

  read() {
    return [...this.grid.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("input")].map((input) => input.value));
  }

  draw(kept) {
    const { columns, rows } = this.size;
    const table = document.createElement("table");
    for (let r = 0; r <= rows; r += 1) {
      const row = table.insertRow();
      for (let c = 0; c < columns; c += 1) {
        const place = row.appendChild(document.createElement(r ? "td" : "th"));
        const input = place.appendChild(document.createElement("input"));
        input.value = kept[r]?.[c] ?? "";
        const words = r ? this.grid.dataset.cell : this.grid.dataset.head;
        input.setAttribute("aria-label", words.replace("{n}", c + 1).replace("{r}", r));
      }
    }
    this.grid.replaceChildren(table);
  }
}

export class LinkDialog {
  constructor(dialog, view) {
    Object.assign(this, { dialog, view, form: dialog.querySelector("[data-link-form]") });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "insert") this.insert();
      dialog.returnValue = "";
      this.view.focus();
    });
  }

  open() {
    const { from, to } = this.view.state.selection.main;
    const { words, address } = this.form.elements;
    words.value = this.view.state.sliceDoc(from, to);
    address.value = "";
    this.dialog.showModal();
    (words.value ? address : words).focus();
    return true;
  }

  insert() {
    const { from, to } = this.view.state.selection.main;
    const words = this.form.elements.words.value.replace(/[[\]]/g, "\\$&");
    const address = this.form.elements.address.value.trim().replaceAll(" ", "%20").replace(/[()]/g, encodeURIComponent);
    const text = `[${words}](${address})`;
    this.view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length } });
  }
}
