// @ts-check
// Which way back into the exam does the page "no connection" show? The sitting this phone holds works without one.

import { applyScript } from "./transliterate.js";
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

async function offerSitting() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-sitting]"));
  const rows = await (await openStore()).sittings();
  const begun = rows.filter((row) => row.opened && row.opened.sitting.state === "started");
  const practice = (row) => row.opened.sitting.purpose === "practice";
  const open = begun.find((row) => !practice(row)) || begun[0];
  if (!link || !open) return;
  if (practice(open)) link.textContent = link.dataset.practice || "";
  link.href = `/sit/${open.id}/`;
  link.hidden = false;
}

offerSitting().then(readable, readable);
