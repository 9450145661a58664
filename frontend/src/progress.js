// Long work in the page: an element with data-poll is fetched again until the answer has no data-poll any more.
const SLOWEST = 15000;

export function watchProgress(root = document) {
  for (const element of root.querySelectorAll("[data-poll]")) follow(element);
}

function follow(element) {
  let wait = Number(element.dataset.every) || 1500;
  const again = () => setTimeout(ask, wait);
  const ask = async () => {
    if (!element.isConnected) return;
    if (document.hidden) return again();
    try {
      const answer = await fetch(element.dataset.poll, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(element.id);
      if (!fresh) return;
      const focused = element.contains(document.activeElement) ? document.activeElement.id : null;
      element.replaceWith(fresh);
      if (focused) document.getElementById(focused)?.focus();
      if (fresh.dataset.poll) follow(fresh);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
      again();
    }
  };
  again();
}
