// @ts-check
// How does an ordinary page of the site sign a pupil out? As the player does: keys, papers and names of every
// sitting go from this phone first. Without scripts the form posts by itself, and the cookie is all there is.

import { lockAll, tellServer } from "./player/sign_out.js";
import { httpPort } from "./player/port.js";
import { openStore } from "./player/store.js";

/** @param {HTMLFormElement} form */
async function leave(form) {
  const port = httpPort({
    fetch: (...request) => window.fetch(...request), mono: () => performance.now(), onTime: () => undefined,
  });
  try {
    await lockAll(await openStore());
  } catch (noStorage) { /* where nothing could be kept there is nothing to clean */ }
  // The server takes its cookie back in either case; without a network that is remembered and done later.
  if (await tellServer(port)) form.submit();
  else window.location.assign("/sign-in/");
}

document.querySelectorAll('form[action$="/sign-out/"]').forEach((element) => {
  const form = /** @type {HTMLFormElement} */ (element);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(form);
  });
});
