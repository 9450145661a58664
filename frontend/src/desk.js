// The desk: answering without leaving the queue, selecting many, and a few keys for those who work through it.
import { keepDraft } from "./drafts.js";
import { onlyWhere } from "./remarks.js";
import { inPage } from "./remote.js";

const KEYS_OFF = "concord:desk-keys-off";

export function openDesk() {
  const desk = () => document.querySelector("[data-desk]");
  const bulk = document.querySelector("[data-desk-bulk]");
  for (const form of document.querySelectorAll("[data-answering]")) onlyWhere(form);
  if (!desk()) return;
  watchSelection(desk, bulk);
  watchAnswers();
  watchKeys(desk);
}

/** Counts what is selected, offers to select all, and keeps the selection when the queue is renewed. */
function watchSelection(desk, bulk) {
  const ticks = () => [...desk().querySelectorAll("input[name=threads]")];
  const all = document.querySelector("[data-desk-all]");
  const whole = all.querySelector("input");
  let chosen = new Set();
  const count = () => {
    chosen = new Set(ticks().filter((tick) => tick.checked).map((tick) => tick.value));
    bulk.querySelector("[data-desk-count]").textContent = desk().dataset.selectedWord.replace("{count}", chosen.size);
    bulk.classList.toggle("is-idle", chosen.size === 0);
    whole.checked = chosen.size > 0 && chosen.size === ticks().length;
    whole.indeterminate = chosen.size > 0 && !whole.checked;
    for (const tick of ticks()) tick.closest("[data-remark]").classList.toggle("is-selected", tick.checked);
  };
  all.hidden = false;
  whole.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = whole.checked;
    count();
  });
  document.addEventListener("change", (event) => event.target.matches("input[name=threads]") && count());
  document.addEventListener("concord:swapped", () => {
    for (const tick of ticks()) tick.checked = chosen.has(tick.value);
    count();
  });
  window.addEventListener("pageshow", count);
  count();
}

/** The form of a remark's own page opens in its row. */
function watchAnswers() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-desk-answer]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    answer(link);
  });
}

async function answer(link) {
  const row = link.closest("[data-remark]");
  const there = row.querySelector("form[data-form=draft]");
  if (there) return focusIn(there);
  try {
    const reply = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const form = inPage(page, "form[data-form=draft]");
    if (!form) throw new TypeError("no form");
    insert(document.importNode(form, true), row, link);
  } catch {
    window.location.assign(link.href);
  }
}

function insert(form, row, link) {
  const send = form.querySelector("[formaction]");
  send?.removeAttribute("formaction");
  form.dataset.remote = "";
  form.dataset.update = "#desk-list #desk-states #publish";
  for (const field of form.querySelectorAll("[id]")) rename(form, field, row.id);
  send?.remove();
  row.querySelector(".desk-said").append(form);
  keepDraft(form);
  onlyWhere(form);
  form.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    form.remove();
    link.focus();
  });
  form.addEventListener("concord:refused", (event) => {
    event.stopPropagation();
    form.remove();
    insert(document.importNode(event.detail.corrected, true), row, link);
  });
  form.addEventListener("concord:sent", () => {
    const next = row.nextElementSibling?.id;
    queueMicrotask(() => (document.getElementById(row.id) ?? document.getElementById(next))?.focus());
  });
  focusIn(form);
}

/** Several forms may be open, so their fields get names of their own. */
function rename(form, field, prefix) {
  const old = field.id;
  field.id = `${prefix}-${old}`;
  form.querySelector(`label[for="${old}"]`)?.setAttribute("for", field.id);
  for (const described of form.querySelectorAll(`[aria-describedby~="${old}"]`)) {
    const words = described.getAttribute("aria-describedby").split(/\s+/);
    described.setAttribute("aria-describedby", words.map((one) => (one === old ? field.id : one)).join(" "));
  }
}

function focusIn(form) {
  form.querySelector("[aria-invalid='true'], input:checked, input[type=radio], textarea")?.focus();
}

/** j and k move, x selects, a answers, ? explains. They can be switched off, and rest while somebody types. */
function watchKeys(desk) {
  const help = document.querySelector("[data-desk-keys]");
  const on = help.querySelector("[data-desk-keys-on]");
  on.checked = !localStorage.getItem(KEYS_OFF);
  on.addEventListener("change", () => {
    if (on.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });
  const rows = () => [...desk().querySelectorAll("[data-remark]")];
  const current = () => document.activeElement?.closest?.("[data-remark]");
  const step = (by) => {
    const all = rows();
    const place = all.indexOf(current());
    const next = place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by));
    all[next]?.focus();
    all[next]?.scrollIntoView({ block: "nearest" });
  };
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    x: () => current()?.querySelector("input[name=threads]").click(),
    a: () => current()?.querySelector("[data-desk-answer]").click(),
    "?": () => {
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}
