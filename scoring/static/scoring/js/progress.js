// @ts-check
// How far is it? Asked every few seconds while somebody looks; a new state loads the whole page once.

const EVERY_MS = 4000;
const place = document.querySelector("[data-progress]");

/** @param {ParentNode} part @returns {string | null} */
function stateIn(part) {
  const marked = part.querySelector("[data-state]");
  return marked && marked.getAttribute("data-state");
}

async function look() {
  if (!place || document.hidden) return;
  const reply = await fetch("?part=progress", { credentials: "same-origin" });
  if (!reply.ok) return;
  const part = new DOMParser().parseFromString(await reply.text(), "text/html").body;
  if (stateIn(part) !== stateIn(place)) {
    location.reload();
  } else if (part.textContent !== place.textContent) {
    place.textContent = "";
    Array.from(part.childNodes).forEach((node) => place.appendChild(node));
  }
}

if (place) setInterval(() => look().catch(() => undefined), EVERY_MS);
