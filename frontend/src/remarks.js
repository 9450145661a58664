// Replying and answering inside a card. The answer form is the one of the comment's own page, fetched when asked for.
import { keepDraft, word } from "./drafts.js";
import { inPage } from "./remote.js";

export function watchRemarks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open-form]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    open(link);
  });
}

async function open(link) {
  const card = link.closest("[data-thread]");
  const name = link.dataset.openForm;
  const there = card.querySelector(`form[data-form="${name}"]`);
  if (there) return there.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  const form = await blank(name, link);
  if (!form) return window.location.assign(link.href);
  insert(form, card, link);
}

async function blank(name, link) {
  const template = document.getElementById(`${name}-template`);
  if (template) return document.importNode(template.content.querySelector("form"), true);
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = inPage(page, `form[data-form="${name}"]`);
    return form && document.importNode(form, true);
  } catch {
    return null;
  }
}

function insert(form, card, link) {
  card.querySelector("form[data-inline]")?.remove();
  form.dataset.inline = "";
  form.dataset.remote = "";
  form.action = link.dataset.action;
  form.dataset.update = `#${card.id} #thread-tools #section-acts #section-notes`;
  const token = form.querySelector("[data-token]");
  if (token) token.value = word();
  card.append(form);
  keepDraft(form);
  onlyWhere(form);
  form.querySelector("[data-cancel]")?.addEventListener("click", () => {
    form.remove();
    link.focus();
  });
  form.addEventListener("concord:refused", (event) => {
    event.stopPropagation();
    const corrected = document.importNode(event.detail.corrected, true);
    form.remove();
    insert(corrected, card, link);
  });
  if (form.dataset.form === "reply") previewReply(form, card);
  form.querySelector("[aria-invalid='true'], textarea, select, input:not([type=hidden])")?.focus();
}

/** Fields that matter for one choice only. */
export function onlyWhere(form) {
  const fields = form.querySelectorAll("[data-only]");
  if (!fields.length) return;
  const look = () => {
    const chosen = new FormData(form.closest("form")).get("disposition");
    for (const field of fields) field.hidden = !field.dataset.only.split(" ").includes(chosen);
  };
  form.addEventListener("change", look);
  look();
}

/** The reply is shown at once, paler, until the server has it. */
function previewReply(form, card) {
  let ghost = null;
  form.addEventListener("concord:sending", () => {
    ghost = document.createElement("div");
    ghost.className = "comment is-sending";
    ghost.innerHTML = '<span class="avatar small" aria-hidden="true">…</span><div class="remark"><p></p></div>';
    ghost.querySelector("p").textContent = form.elements.text.value;
    card.querySelector(".fold").append(ghost);
    form.hidden = true;
  });
  form.addEventListener("concord:failed", () => {
    ghost?.remove();
    form.hidden = false;
  });
}
