// @ts-check
// Where do lines wait that the phone had no time to write down before the page went away? Storing is slow and
// asynchronous, and a page that is leaving gets no more time; the tab's own session storage is written at once
// and survives a reload. It holds plain text, so it is emptied as soon as the lines are really kept.

const name = (sitting) => `proba-unkept-${sitting}`;

/** @param {string} sitting  @param {{device: string, after: number, lines: string[]}} rest `after`: seq before the first */
export function putAside(sitting, rest) {
  try { sessionStorage.setItem(name(sitting), JSON.stringify(rest)); } catch (refused) { /* then a few keystrokes are lost, as before */ }
}

/** @param {string} sitting  @returns {{device: string, after: number, lines: string[]} | null} */
export function takenAside(sitting) {
  try { return JSON.parse(sessionStorage.getItem(name(sitting)) || "null"); } catch (refused) { return null; }
}

/** @param {string} sitting */
export function forgetAside(sitting) {
  try { sessionStorage.removeItem(name(sitting)); } catch (refused) { /* nothing was put there either */ }
}
