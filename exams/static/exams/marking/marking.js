// @ts-check
// Which key presses which button, so that a pile of texts is marked without a mouse?
//
// Only while the focus is somewhere in the text's own section, where the page puts it after every mark: keys
// that do something anywhere on a page get in the way of those who speak to their computer. Without this module
// the buttons are buttons.

/**
 * The button that says the key is its own; null for every other key and where something is being typed.
 * @template {{ dataset: { [name: string]: string | undefined } }} T
 * @param {{ key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean, target: any }} event
 * @param {ArrayLike<T>} buttons
 * @returns {T | null}
 */
export function buttonFor(event, buttons) {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  if (event.target && /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName)) return null;
  const own = Array.from(buttons).filter((button) => button.dataset.key && button.dataset.key === event.key);
  return own.length ? own[0] : null;
}

/** @param {HTMLElement} section */
export function listen(section) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = section.querySelectorAll("button[name=half_points]");
  section.addEventListener("keydown", (event) => {
    const button = buttonFor(event, buttons);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  /** @type {HTMLElement | null} */
  const said = section.querySelector("[data-marking-keys]");
  if (said) said.hidden = false;
}

if (typeof document !== "undefined") {
  /** @type {HTMLElement | null} */
  const section = document.querySelector("[data-marking]");
  if (section) listen(section);
}
