// Between the page and the plain text: each leaf block says where it stands, in characters (code points) of the text.
export class Leaf {
  constructor(element) {
    this.element = element;
    this.number = Number(element.dataset.block);
    this.start = Number(element.dataset.start);
    this.end = Number(element.dataset.end);
  }

  textNodes() {
    const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  get text() {
    return this.textNodes().map((node) => node.data).join("");
  }
}

export function leavesOf(text) {
  return [...text.querySelectorAll("[data-block]")].map((element) => new Leaf(element));
}

/** How many characters a string has, as the server counts them. */
export function length(string) {
  return /[\ud800-\udbff]/.test(string) ? [...string].length : string.length;
}

/** The index into a string of its nth character. */
function indexOf(string, characters) {
  if (!/[\ud800-\udbff]/.test(string)) return characters;
  let index = 0;
  for (let n = 0; n < characters; n += 1) index += string.codePointAt(index) > 0xffff ? 2 : 1;
  return index;
}

export function slice(string, start, end) {
  return string.slice(indexOf(string, start), indexOf(string, end));
}

/** The part of a selection that lies in the text: start, end, the first leaf, and the words. Null when there is none. */
export function read(range, leaves) {
  const parts = [];
  for (const leaf of leaves) {
    if (!range.intersectsNode(leaf.element)) continue;
    const whole = document.createRange();
    whole.selectNodeContents(leaf.element);
    const from = whole.compareBoundaryPoints(Range.START_TO_START, range) < 0 ? before(leaf, range.startContainer, range.startOffset) : 0;
    const to = whole.compareBoundaryPoints(Range.END_TO_END, range) > 0 ? before(leaf, range.endContainer, range.endOffset) : leaf.end - leaf.start;
    const words = slice(leaf.text, from, to);
    if (words.trim()) parts.push({ leaf, from, to, words });
  }
  if (!parts.length) return null;
  const [first, last] = [parts[0], parts[parts.length - 1]];
  const lead = length(first.words) - length(first.words.trimStart());
  const tail = length(last.words) - length(last.words.trimEnd());
  return {
    block: first.leaf.number,
    start: first.leaf.start + first.from + lead,
    end: last.leaf.start + last.to - tail,
    quote: parts.map((part) => part.words.trim()).join("\n"),
  };
}

function before(leaf, container, offset) {
  const range = document.createRange();
  range.selectNodeContents(leaf.element);
  range.setEnd(container, offset);
  return length(range.toString());
}

/** Wraps the characters [start, end) of the text in <mark> elements and returns them. */
export function wrap(leaves, start, end, dress) {
  const marks = [];
  for (const leaf of leaves) {
    if (leaf.end <= start || leaf.start >= end) continue;
    let at = leaf.start;
    for (const node of leaf.textNodes()) {
      const size = length(node.data);
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, size);
      if (from < to) marks.push(wrapNode(node, indexOf(node.data, from), indexOf(node.data, to), dress));
      at += size;
    }
  }
  return marks;
}

function wrapNode(node, from, to, dress) {
  const inner = from ? node.splitText(from) : node;
  if (to - from < inner.data.length) inner.splitText(to - from);
  const mark = document.createElement("mark");
  dress(mark);
  inner.replaceWith(mark);
  mark.append(inner);
  return mark;
}

export function unwrap(marks) {
  for (const mark of marks) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent?.normalize();
  }
}
