// Short news at the foot of the window, read out by screen readers.
const LIFETIME = 6000;

export function toast(text, tone = "info") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `toast ${tone}`;
  box.append(Object.assign(document.createElement("span"), { textContent: text }));
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.setAttribute("aria-label", region.dataset.close);
  close.addEventListener("click", () => box.remove());
  box.append(close);
  region.append(box);
  if (tone !== "bad") setTimeout(() => box.remove(), LIFETIME);
}

export function lost() {
  toast(document.getElementById("toasts")?.dataset.lost, "bad");
}
