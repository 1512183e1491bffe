// @ts-check
// How does a form get onto paper, and how is a wide table in it reached on a small screen?
//
// By the browser's own printing; the button appears only where it can work.

document.querySelectorAll("[data-print]").forEach((place) => {
  const button = place.querySelector("button");
  if (!button) return;
  button.addEventListener("click", () => print());
  /** @type {HTMLElement} */ (place).hidden = false;
});

document.querySelectorAll(".table-scroll").forEach((frame) => frame.setAttribute("tabindex", "0"));
