// The dialect in the editor: what is coloured, and what the buttons of the toolbar write.
import { HighlightStyle, Language, defineLanguageFacet, syntaxHighlighting } from "@codemirror/language";
import { GFM, parser } from "@lezer/markdown";
import { tags } from "@lezer/highlight";

export const markdown = new Language(defineLanguageFacet(), parser.configure(GFM), [], "markdown").extension;

const look = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.heading1, fontSize: "1.3em" },
  { tag: tags.heading2, fontSize: "1.15em" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.link, color: "var(--accent)" },
  { tag: tags.url, color: "var(--ink-faint)" },
  { tag: tags.quote, fontStyle: "italic", color: "var(--ink-soft)" },
  { tag: tags.processingInstruction, color: "var(--ink-faint)" },
  { tag: tags.monospace, fontFamily: "var(--mono)" },
]);
export const dress = syntaxHighlighting(look);

/** Puts marks around the selection, or takes them away again. */
export function around(mark) {
  return (view) => {
    const { from, to } = view.state.selection.main;
    const text = view.state.sliceDoc(from, to);
    const outside = view.state.sliceDoc(from - mark.length, from) === mark && view.state.sliceDoc(to, to + mark.length) === mark;
    if (outside) {
      view.dispatch({
        changes: [{ from: from - mark.length, to: from }, { from: to, to: to + mark.length }],
        selection: { anchor: from - mark.length, head: to - mark.length },
      });
    } else {
      view.dispatch({
        changes: { from, to, insert: mark + text + mark },
        selection: { anchor: from + mark.length, head: to + mark.length },
      });
    }
    view.focus();
    return true;
  };
}

/** Begins each selected line with what `prefix(n)` gives, in place of any such beginning; again takes it away. */
export function beginning(prefix) {
  return (view) => {
    const { state } = view;
    const first = state.doc.lineAt(state.selection.main.from).number;
    const last = state.doc.lineAt(state.selection.main.to).number;
    const lines = [];
    for (let n = first; n <= last; n += 1) lines.push(state.doc.line(n));
    const has = lines.every((line, n) => line.text.startsWith(prefix(n)));
    view.dispatch({
      changes: lines.map((line, n) => {
        const old = line.text.match(/^(#{1,6} |[-*+] |\d+[.)] |> )/)?.[0] ?? "";
        return { from: line.from, to: line.from + old.length, insert: has ? "" : prefix(n) };
      }),
    });
    view.focus();
    return true;
  };
}

/** Writes a block of its own after the paragraph that the cursor is in. */
export function insertBlock(view, block) {
  const { doc, selection } = view.state;
  let line = doc.lineAt(selection.main.head);
  while (line.number < doc.lines && line.text.trim()) line = doc.line(line.number + 1);
  const at = line.text.trim() ? line.to : line.from;
  const before = doc.sliceString(Math.max(0, at - 2), at);
  const lead = at === 0 || before === "\n\n" ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  view.dispatch({ changes: { from: at, insert: `${lead}${block}\n\n` }, selection: { anchor: at + lead.length + block.length + 2 }, scrollIntoView: true });
  view.focus();
}

export function insertFootnote(view) {
  const text = view.state.doc.toString();
  const used = [...text.matchAll(/\[\^(\d+)\]/g)].map((match) => Number(match[1]));
  const mark = `[^${Math.max(0, ...used) + 1}]`;
  const at = view.state.selection.main.to;
  const body = `${text.slice(0, at)}${mark}${text.slice(at)}`;
  const lead = body.endsWith("\n\n") ? "" : body.endsWith("\n") ? "\n" : "\n\n";
  const note = `${lead}${mark}: `;
  const changes = at === text.length ? { from: at, insert: mark + note } : [{ from: at, insert: mark }, { from: text.length, insert: note }];
  view.dispatch({ changes, selection: { anchor: body.length + note.length }, scrollIntoView: true });
  view.focus();
  return true;
}

const cell = (text) => text.replace(/\s+/g, " ").trim().replaceAll("|", "\\|") || " ";

/** A table of the dialect: caption, one row of headings, the rest. Columns of figures stand right. */
export function tableText(caption, rows) {
  const head = rows[0];
  const body = rows.slice(1).filter((row, n) => n === 0 || row.some((text) => text.trim()));
  const figures = head.map((_, column) => body.length > 0 && body.every((row) => /^[\s\d.,%+−-]*\d[\s\d.,%+−-]*$/.test(row[column] ?? "")));
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  const rule = `| ${figures.map((figure) => (figure ? "--:" : "---")).join(" | ")} |`;
  const table = [line(head), rule, ...body.map(line)].join("\n");
  return caption.trim() ? `Table: ${caption.trim()}\n\n${table}` : table;
}

/** Enter inside a list goes on with the list; on an empty item it ends the list. */
export function continueList(view) {
  const { state } = view;
  const { head, empty } = state.selection.main;
  if (!empty) return false;
  const line = state.doc.lineAt(head);
  const match = line.text.match(/^(\s*)([-*+]|(\d+)([.)]))(\s+)/);
  if (!match || head < line.from + match[0].length) return false;
  if (line.text.trim() === match[2]) {
    view.dispatch({ changes: { from: line.from, to: line.to } });
    return true;
  }
  const mark = match[3] ? `${Number(match[3]) + 1}${match[4]}` : match[2];
  const insert = `\n${match[1]}${mark}${match[5]}`;
  view.dispatch({ changes: { from: head, insert }, selection: { anchor: head + insert.length }, scrollIntoView: true });
  return true;
}
