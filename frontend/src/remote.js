// Forms with data-remote are sent in the background; the elements named in data-update are taken from the answer.
// The server answers as it would without scripts (a page, or a redirect to one), or with a fragment of the elements.
import { lost, toast } from "./toasts.js";

export function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-remote]")) {
      event.preventDefault();
      send(form, event.submitter);
    } else if (form.method === "post") {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setBusy(form, event.submitter, true);
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      setBusy(form, form.querySelector("[aria-busy]"), false);
    }
  });
}

export async function send(form, submitter) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  setBusy(form, submitter, true);
  form.dispatchEvent(new CustomEvent("concord:sending", { bubbles: true }));
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: bodyOf(form, submitter),
      headers: { "X-Requested-With": "fetch" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) await settle(form, page, answer);
    else refuse(form, page, answer);
  } catch (failure) {
    if (!(failure instanceof TypeError)) throw failure;
    form.dispatchEvent(new CustomEvent("concord:failed", { bubbles: true }));
    lost();
  } finally {
    delete form.dataset.sending;
    setBusy(form, submitter, false);
  }
}

function bodyOf(form, submitter) {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  return body;
}

function settle(form, page, answer) {
  const wanted = (form.dataset.update ?? "").split(/\s+/).filter(Boolean);
  const found = wanted.filter((selector) => page.querySelector(selector));
  if (!found.length) {
    window.location.assign(answer.url);
    return;
  }
  form.dispatchEvent(new CustomEvent("concord:sent", { bubbles: true }));
  const known = new Set([...document.querySelectorAll("[data-thread]")].map((card) => card.id));
  for (const selector of found) {
    document.querySelector(selector)?.replaceWith(document.importNode(page.querySelector(selector), true));
  }
  for (const note of page.querySelectorAll("#flashes .note")) {
    toast(note.textContent.trim(), note.classList.contains("bad") ? "bad" : "info");
  }
  const fresh = [...document.querySelectorAll("[data-thread]")].find((card) => !known.has(card.id));
  document.dispatchEvent(new CustomEvent("concord:swapped", { detail: { fresh, update: found } }));
}

function refuse(form, page, answer) {
  form.dispatchEvent(new CustomEvent("concord:failed", { bubbles: true }));
  const corrected = answer.status === 422 && form.dataset.form && inPage(page, `form[data-form="${form.dataset.form}"]`);
  if (corrected) {
    form.dispatchEvent(new CustomEvent("concord:refused", { bubbles: true, detail: { corrected } }));
    return;
  }
  const problem = page.querySelector("[data-problem]") ?? page.querySelector(".field-error, .error-summary li");
  toast(problem?.textContent.trim() || `${answer.status} ${answer.statusText}`, "bad");
}

/** An element of the page, also where it lies in a template. */
export function inPage(page, selector) {
  const found = page.querySelector(selector);
  if (found) return found;
  for (const template of page.querySelectorAll("template")) {
    const inside = template.content.querySelector(selector);
    if (inside) return inside;
  }
  return null;
}

function setBusy(form, button, busy) {
  if (!button) return;
  if (busy) {
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) {
      button.dataset.words = button.innerHTML;
      button.textContent = button.dataset.busy;
    }
  } else {
    button.removeAttribute("aria-busy");
    if (button.dataset.words) {
      button.innerHTML = button.dataset.words;
      delete button.dataset.words;
    }
  }
}
