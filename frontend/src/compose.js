// Writing a comment in the margin: the form opens level with its passage and quotes it back.
import { keepDraft, word } from "./drafts.js";
import { offerReplacement } from "./replacement.js";

export class Compose {
  constructor(template, { passages, margin, narrow }) {
    Object.assign(this, { template, passages, margin, narrow });
    this.form = null;
    margin.element.addEventListener("concord:closed", () => this.narrow.matches && this.cancel(false));
  }

  /** Opens the form for a passage, or with null for the section as a whole. */
  open(passage, opener, form = this.template.content.querySelector("form")) {
    this.cancel(false);
    this.opener = opener ?? document.activeElement;
    this.passage = passage;
    this.form = document.importNode(form, true);
    if (this.template.content.contains(form)) this.form.elements.token.value = word();
    this.fill(passage);
    offerReplacement(this.form, passage, this.template.content.contains(form));
    const top = this.place(passage);
    this.form.dataset.wanted = top;
    this.margin.cards.prepend(this.form);
    this.margin.activate(null);
    keepDraft(this.form);
    this.listen();
    if (this.narrow.matches) this.margin.open([], this.opener);
    this.margin.lineUp(true);
    const first = this.form.querySelector("[aria-invalid='true'], .field-error") ? this.form.querySelector("textarea") : this.form.querySelector("input:checked, textarea");
    (first ?? this.form).focus({ preventScroll: true });
    if (!this.narrow.matches) this.form.scrollIntoView({ block: "nearest" });
    else this.margin.keepInSight(this.passages.temporary[0]);
  }

  fill(passage) {
    const { form } = this;
    for (const name of ["block", "start", "end"]) {
      if (form.elements[name]) form.elements[name].value = passage?.[name] ?? "";
    }
    const title = form.querySelector("[data-title-passage]");
    title.textContent = passage ? title.dataset.titlePassage : title.dataset.titleSection;
    const quote = form.querySelector("[data-quote]");
    quote.textContent = passage?.quote ?? "";
    quote.hidden = !passage;
  }

  place(passage) {
    if (!passage) return 0;
    const marks = this.passages.quote(passage.start, passage.end);
    const top = marks[0]?.getClientRects()[0]?.top ?? 0;
    return Math.max(0, top - this.margin.cards.getBoundingClientRect().top - 8);
  }

  listen() {
    const { form } = this;
    const hint = form.querySelector("[data-hint]");
    const explain = () => {
      const chosen = ["kind", "visibility"].map((name) => form.querySelector(`[name="${name}"]:checked`)?.closest("label")?.title);
      hint.textContent = chosen.filter(Boolean).join(" ");
      this.margin.lineUp();
    };
    form.addEventListener("change", explain);
    explain();
    form.querySelector("[data-cancel]")?.addEventListener("click", () => this.cancel());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.cancel();
      }
    });
    form.addEventListener("concord:refused", (event) => {
      event.stopPropagation();
      this.open(this.passage, this.opener, event.detail.corrected);
    });
    form.addEventListener("concord:sent", () => {
      this.passages.unquote();
      this.form = null;
      this.margin.close();
    });
  }

  cancel(returnFocus = true) {
    if (!this.form) return;
    this.passages.unquote();
    this.form.remove();
    this.form = null;
    if (this.narrow.matches) this.margin.close();
    this.margin.lineUp();
    if (returnFocus && this.opener?.isConnected) this.opener.focus({ preventScroll: true });
  }
}
