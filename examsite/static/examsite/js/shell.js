// @ts-check
// What does the page around the content do once scripts run? Closes the account menu, keeps the chosen appearance.

const YEAR = 365 * 24 * 3600;

/** @param {Document} page */
export function closeMenuOutside(page) {
  const menu = /** @type {HTMLDetailsElement | null} */ (page.querySelector(".account"));
  if (!menu) return;
  page.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    const summary = menu.querySelector("summary");
    if (summary) summary.focus();
  });
}

/**
 * The choice is a cookie, so that the server can write it into the next page and nothing flashes.
 * @param {Document} page
 */
export function offerAppearance(page) {
  const fieldset = /** @type {HTMLElement | null} */ (page.querySelector("[data-appearance]"));
  if (!fieldset) return;
  const root = page.documentElement;
  const buttons = /** @type {HTMLButtonElement[]} */ (Array.from(fieldset.querySelectorAll("button")));
  const show = () => {
    const current = root.getAttribute("data-theme") || "device";
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === current)));
  };
  buttons.forEach((button) => button.addEventListener("click", () => {
    if (button.value === "device") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", button.value);
    const age = button.value === "device" ? 0 : YEAR;
    page.cookie = `theme=${button.value}; path=/; max-age=${age}; SameSite=Lax`;
    show();
  }));
  show();
  fieldset.hidden = false;
}

closeMenuOutside(document);
offerAppearance(document);
