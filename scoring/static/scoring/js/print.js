// @ts-check
// How does a report get onto paper? The browser's own printing; the button appears only where it can work.

document.querySelectorAll("[data-print]").forEach((place) => {
  const button = place.querySelector("button");
  if (!button) return;
  button.addEventListener("click", () => print());
  /** @type {HTMLElement} */ (place).hidden = false;
});
