// The margin: cards stand level with their passage and never overlap; on phones the margin is a sheet from below.
const GAP = 10;

export class Margin {
  constructor(element, passages, narrow) {
    Object.assign(this, { element, passages, narrow });
    this.active = null;
    this.pending = 0;
    this.watcher = new ResizeObserver(() => this.lineUp());
    narrow.addEventListener("change", () => {
      this.close();
      this.lineUp();
    });
    window.addEventListener("resize", () => this.lineUp());
    document.fonts?.ready.then(() => this.lineUp());
    element.addEventListener("toggle", () => this.lineUp(), true);
    // A press gives focus before it clicks; a card that moved in between would slip away from under the pointer.
    let pressed = false;
    element.addEventListener("pointerdown", () => (pressed = true));
    document.addEventListener("pointerup", () => setTimeout(() => (pressed = false)));
    document.addEventListener("pointercancel", () => (pressed = false));
    element.addEventListener("focusin", (event) => pressed || this.touched(event));
    element.addEventListener("click", (event) => this.touched(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) this.close();
    });
    this.adopt();
  }

  get cards() {
    return this.element.querySelector("#cards");
  }

  get isOpen() {
    return this.element.classList.contains("is-open");
  }

  /** Takes over the cards as they are now, after loading and after every exchange with the server. */
  adopt() {
    this.watcher.disconnect();
    this.watcher.observe(this.passages.text);
    for (const card of this.threads()) {
      this.watcher.observe(card);
      const fold = card.querySelector(".fold");
      if (fold) card.classList.toggle("can-fold", fold.scrollHeight > 110);
    }
    this.passages.draw(this.threads());
    if (this.active && !document.getElementById(this.active)) this.active = null;
    this.lineUp();
  }

  threads() {
    return [...this.element.querySelectorAll("[data-thread]")];
  }

  touched(event) {
    const card = event.target.closest("[data-thread]");
    if (card) this.activate(card.id);
  }

  activate(id) {
    if (this.active === id) return;
    this.active = id;
    for (const card of document.querySelectorAll("[data-thread]")) card.classList.toggle("is-active", card.id === id);
    this.passages.activate(id);
    this.lineUp();
  }

  /** Brings threads to the eye: the first is opened; on phones the sheet shows these and no others. */
  show(ids, opener) {
    this.activate(ids[0]);
    const card = document.getElementById(ids[0]);
    if (!card) return;
    if (this.narrow.matches && this.element.contains(card)) this.open(ids, opener);
    else {
      this.lineUp(true);
      card.scrollIntoView({ block: "nearest" });
      card.focus({ preventScroll: true });
    }
  }

  open(ids, opener) {
    this.opener = opener ?? document.activeElement;
    this.element.classList.toggle("is-partial", Boolean(ids));
    for (const card of this.threads()) card.classList.toggle("is-elsewhere", Boolean(ids) && !ids.includes(card.id));
    this.element.classList.add("is-open");
    this.element.querySelector("[data-sheet-close]").focus({ preventScroll: true });
    this.element.scrollTop = 0;
    document.querySelector("[data-sheet-open]")?.setAttribute("aria-expanded", "true");
    this.keepInSight(this.passages.marks.get(ids?.[0])?.[0]);
  }

  close() {
    if (!this.isOpen) return;
    this.element.classList.remove("is-open");
    document.querySelector("[data-sheet-open]")?.setAttribute("aria-expanded", "false");
    for (const card of this.threads()) card.classList.remove("is-elsewhere");
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    this.element.dispatchEvent(new CustomEvent("concord:closed"));
  }

  /** On phones: scrolls the page so that the passage stands above the sheet. */
  keepInSight(mark) {
    const top = mark?.getClientRects()[0]?.top;
    if (top !== undefined && (top < 40 || top > window.innerHeight * 0.2)) window.scrollBy({ top: top - window.innerHeight * 0.1 });
  }

  /** Places the cards, at once or with the next frame. */
  lineUp(atOnce = false) {
    if (atOnce) return this.place();
    if (!this.pending) {
      this.pending = requestAnimationFrame(() => {
        this.pending = 0;
        this.place();
      });
    }
  }

  place() {
    const box = this.cards;
    if (!box) return;
    box.dataset.ready = "";
    const items = [...box.children].filter((child) => !child.hidden);
    if (this.narrow.matches || !items.some((item) => item.matches("[data-thread], [data-compose]"))) {
      delete box.dataset.linedUp;
      box.style.height = "";
      for (const item of items) item.style.top = "";
      return;
    }
    box.dataset.linedUp = "";
    box.classList.toggle("is-dense", this.crowded(items));
    const origin = box.getBoundingClientRect().top;
    const slots = items
      .map((item, order) => ({ item, order, want: this.wanted(item, origin), height: item.offsetHeight }))
      .sort(byPlace);
    const writing = slots.findIndex(({ item }) => item.matches("[data-compose]"));
    settle(slots, writing >= 0 ? writing : slots.findIndex(({ item }) => item.id === this.active), writing >= 0);
    let bottom = 0;
    for (const slot of slots) {
      slot.item.style.top = `${Math.round(slot.top)}px`;
      slot.item.classList.toggle("is-away", slot.top < 0);
      bottom = Math.max(bottom, slot.top + slot.height);
    }
    box.style.height = `${Math.ceil(bottom)}px`;
  }

  /** Whether the cards need clearly more room than the text that they stand beside. */
  crowded(items) {
    this.cards.classList.remove("is-dense");
    const needed = items.reduce((sum, item) => sum + item.offsetHeight + GAP, 0);
    return needed > this.passages.text.offsetHeight * 1.1;
  }

  wanted(item, origin) {
    if (item.matches("[data-compose]")) return Number(item.dataset.wanted || 0);
    const top = this.passages.topOf(item.id);
    return top === undefined ? null : Math.max(0, top - origin - 4);
  }
}

function byPlace(one, other) {
  if (one.want === other.want) return one.order - other.order;
  return (one.want ?? Infinity) < (other.want ?? Infinity) ? -1 : 1;
}

/**
 * Gives each slot a top near the one it wants (null: after the others). The pivot stays level with its passage and the
 * others give way; with `firm` it does so even when those above it then have no room (their top is below zero).
 */
export function settle(slots, pivot, firm = false) {
  const below = (from, edge) => {
    let floor = edge;
    for (const slot of slots.slice(from)) {
      slot.top = Math.max(slot.want ?? floor, floor);
      floor = slot.top + slot.height + GAP;
    }
  };
  below(0, 0);
  if (pivot < 0) return;
  const room = slots.slice(0, pivot).reduce((sum, slot) => sum + slot.height + GAP, 0);
  let ceiling = Math.max(slots[pivot].want ?? slots[pivot].top, firm ? 0 : room);
  slots[pivot].top = ceiling;
  for (const slot of slots.slice(0, pivot).reverse()) {
    slot.top = Math.min(slot.top, ceiling - GAP - slot.height);
    ceiling = slot.top;
  }
  below(pivot + 1, slots[pivot].top + slots[pivot].height + GAP);
}
