// What is typed is kept as a private draft while it is typed; the same call says who else is writing.
const PAUSE = 2000;
const SIGN_OF_LIFE = 20000;

export class Keeper {
  /** `onKept(text, sentence)` hears of what was kept, `onLost()` that it did not reach the server. */
  constructor(form, textarea, { onKept, onLost }) {
    Object.assign(this, { form, textarea, onKept, onLost, timer: 0, asking: null });
    this.kept = "unsaved" in form.dataset ? null : textarea.value;
    setInterval(() => this.tell(), SIGN_OF_LIFE);
    this.tell();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.waiting) this.send({ keepalive: true });
    });
    window.addEventListener("pagehide", () => {
      if (!form.dataset.sent) this.send({ keepalive: true, left: true });
    });
    window.addEventListener("pageshow", (event) => event.persisted && this.tell());
    form.addEventListener("submit", () => {
      clearTimeout(this.timer);
      this.asking?.abort();
    });
  }

  /** Whether there are words that the server does not know. */
  get waiting() {
    return this.textarea.value !== this.kept;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE);
  }

  /** One call at a time, so that an older text never follows a newer one. */
  async tell() {
    if (this.form.dataset.sent) return;
    if (this.asking) {
      this.soon();
      return;
    }
    const asking = (this.asking = new AbortController());
    const text = this.textarea.value;
    const waiting = this.waiting;
    try {
      const answer = await this.send({ signal: asking.signal });
      if (!answer.ok) throw new TypeError(answer.statusText);
      const { kept, writing } = await answer.json();
      if (waiting) {
        this.kept = text;
        this.onKept(text, kept);
      }
      this.show(writing);
    } catch (failure) {
      if (failure.name === "AbortError") return;
      if (!(failure instanceof TypeError)) throw failure;
      if (waiting) this.onLost();
    } finally {
      this.asking = null;
    }
  }

  send({ left = false, ...options }) {
    const { base, csrf_token } = this.form.elements;
    const body = new FormData();
    body.set("base", base.value);
    body.set("csrf_token", csrf_token.value);
    if (this.waiting) body.set("markdown", this.textarea.value);
    if (left) body.set("left", "yes");
    const sent = fetch(this.form.dataset.draftUrl, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, ...options });
    if (options.keepalive) sent.catch(() => this.onLost());
    return sent;
  }

  show(names) {
    const note = this.form.querySelector("[data-writing]");
    const words = names ? note.dataset.word.replace("{names}", names) : "";
    if (note.textContent !== words) note.textContent = words;
  }
}
