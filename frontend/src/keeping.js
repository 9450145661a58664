// What is typed is kept as a private draft while it is typed; the same call says who else is writing.
const PAUSE = 2000;
const SIGN_OF_LIFE = 20000;

export class Keeper {
  constructor(form, textarea, { onKept }) {
    Object.assign(this, { form, textarea, onKept, timer: 0 });
    this.kept = textarea.value;
    setInterval(() => this.tell("seen"), SIGN_OF_LIFE);
    this.tell("seen");
    window.addEventListener("pagehide", () => {
      if (form.dataset.sent) return;
      if (this.textarea.value !== this.kept) this.tell("keep", true);
      this.tell("left", true);
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("keep"), PAUSE);
  }

  async tell(act, keepalive = false) {
    const text = this.textarea.value;
    const body = new FormData();
    body.set("act", act);
    body.set("base", this.form.elements.base.value);
    body.set("csrf_token", this.form.elements.csrf_token.value);
    if (act === "keep") body.set("markdown", text);
    try {
      const answer = await fetch(this.form.dataset.draftUrl, { method: "POST", body, keepalive, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      if (act === "keep") {
        this.kept = text;
        this.onKept(text);
      }
      if (!keepalive) this.show((await answer.json()).writing);
    } catch (failure) {
      if (!(failure instanceof TypeError)) throw failure; // no connection: the next word tries again
    }
  }

  show(names) {
    const note = document.querySelector("[data-writing]");
    note.hidden = !names;
    note.querySelector("[data-names]").textContent = names ? note.dataset.word.replace("{names}", names) : "";
  }
}
