// @ts-check
// Which ways on does the page "no connection" show? The sitting this phone holds works without one; one that was fetched
// ahead can be begun by the code of the room; and what was fetched to practise from needs nobody.

import { applyScript } from "./transliterate.js";
import { unlockable } from "./player/locked_files.js";
import { chosenLanguage } from "./player/messages.js";
import { papersHere } from "./player/papers.js";
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

const practice = (row) => row.opened.sitting.purpose === "practice";
const done = (row) => practice(row) && row.place && row.place.view === "receipt";
const begun = (row) => Boolean(row.opened) && row.opened.sitting.state === "started" && !done(row);

/**
 * One line for each set that was begun here, then one for each pool that lies here whole.
 * @param {Store} store  @param {SittingRow[]} rows  @param {string} goOn how a begun set is called
 */
async function offerPractice(store, rows, goOn) {
  const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-pockets]"));
  if (!list) return;
  const offer = (row, said) => {
    const { title } = row.opened.sitting;
    const link = document.createElement("a");
    link.href = `/sit/${row.id}/`;
    link.className = "button button--secondary";
    link.textContent = `${said}: ${document.documentElement.lang === "en" ? title.en : title.sr}`;
    list.appendChild(link);
    list.hidden = false;
  };
  const sets = rows.filter((row) => row.opened && practice(row));
  sets.filter(begun).forEach((row) => offer(row, goOn));
  for (const row of sets) {
    if (row.opened.sitting.state === "ready" && await papersHere(store, row.opened)) offer(row, list.dataset.pockets);
  }
}

async function offerSitting() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-sitting]"));
  const store = await openStore();
  const rows = await store.sittings();
  await offerPractice(store, rows, (link && link.dataset.practice) || "");
  const open = rows.find((row) => begun(row) && !practice(row)) || (await nextAhead(rows));
  if (!link || !open) return;
  if (open.opened.sitting.state === "ready") link.textContent = link.dataset.ready || "";
  link.href = `/sit/${open.id}/`;
  link.hidden = false;
}

offerSitting().then(readable, readable);
