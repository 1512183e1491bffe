// @ts-check
// Which way into the exam does the page "no connection" show? The sitting this phone holds works without one, and one
// that was fetched ahead can be begun by the code of the room.

import { applyScript } from "./transliterate.js";
import { unlockable } from "./player/locked_files.js";
import { chosenLanguage } from "./player/messages.js";
import { openStore } from "./player/store.js";

/** The worker kept this page in the language of another day; Latin letters need no network. */
function readable() {
  const root = document.documentElement;
  if (root.lang !== "sr-Cyrl" || chosenLanguage(document.cookie, null) !== "sr-latn") return;
  document.querySelectorAll("[lang=sr-Cyrl]").forEach((name) => name !== root && name.setAttribute("translate", "no"));
  applyScript(document.body, "latin");
  root.lang = "sr-Latn";
}

/** Of those that wait on this phone the one that opens first, and is not closed as far as this phone's date tells. */
async function nextAhead(rows) {
  const ready = [];
  for (const row of rows) if ((!row.closes || row.closes > Date.now()) && await unlockable(row.opened)) ready.push(row);
  return ready.sort((a, b) => a.opened.sitting.opens_at - b.opened.sitting.opens_at)[0];
}

async function offerSitting() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-sitting]"));
  const rows = await (await openStore()).sittings();
  const begun = rows.filter((row) => row.opened && row.opened.sitting.state === "started");
  const practice = (row) => row.opened.sitting.purpose === "practice";
  const open = begun.find((row) => !practice(row)) || (await nextAhead(rows)) || begun[0];
  if (!link || !open) return;
  if (practice(open)) link.textContent = link.dataset.practice || "";
  else if (open.opened.sitting.state === "ready") link.textContent = link.dataset.ready || "";
  link.href = `/sit/${open.id}/`;
  link.hidden = false;
}

offerSitting().then(readable, readable);
