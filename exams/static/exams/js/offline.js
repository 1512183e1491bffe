// @ts-check
// Which ways on does the page "no connection" show? The sitting this phone holds works without one; one that was fetched
// ahead can be begun by the code of the room; and what was fetched to practise from needs nobody. All of it stands there in
// Serbian and in English, so that the language can be changed without a network, too.

import { applyScript } from "./transliterate.js";
import { unlockable } from "./player/locked_files.js";
import { chosenLanguage, currentLanguage, languageTag, paperLanguage, rememberLanguage, setLanguage } from "./player/messages.js";
import { papersHere } from "./player/papers.js";
import { openStore } from "./player/store.js";

const root = document.documentElement;
const sections = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll("main section")));
const place = /** @type {Element} */ (sections[0].parentElement);
const buttons = /** @type {HTMLButtonElement[]} */ (Array.from(document.querySelectorAll("button[name=language]")));

/** @param {HTMLElement} section */
const languageOf = (section) => (section.lang === "en" ? "en" : "sr");

/** The page in the language that was chosen last: the worker kept it in the one of another day. */
function show() {
  const here = sections.filter((section) => languageOf(section) === paperLanguage())[0];
  sections.forEach((section) => section.remove());
  here.hidden = false;
  place.appendChild(here);
  const title = /** @type {HTMLElement} */ (document.querySelector("h1"));
  title.textContent = here.dataset.title || "";
  /** @type {HTMLElement} */ (document.querySelector(".skip")).textContent = here.dataset.skip || "";
  applyScript(document.body, currentLanguage() === "sr" ? "cyrillic" : "latin");
  document.title = title.textContent || "";
  root.lang = here.lang = languageTag() || "";
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === currentLanguage())));
}

/** The server reads the choice where this writes it; to ask it now would lead away from here. */
function offerLanguages() {
  setLanguage(chosenLanguage(document.cookie, root.lang));
  buttons.forEach((button) => {
    button.setAttribute("translate", "no");
    button.addEventListener("click", (event) => {
      event.preventDefault();
      rememberLanguage(button.value);
      show();
    });
  });
  show();
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
 * @param {HTMLElement} section  @param {SittingRow[]} begunSets  @param {SittingRow[]} pools
 */
function offerPractice(section, begunSets, pools) {
  const list = /** @type {HTMLElement} */ (section.querySelector("[data-pockets]"));
  const goOn = /** @type {HTMLElement} */ (section.querySelector("[data-practice]")).dataset.practice;
  const offer = (row, said) => {
    const link = document.createElement("a");
    link.href = `/sit/${row.id}/`;
    link.className = "button button--secondary";
    link.textContent = `${said}: ${row.opened.sitting.title[languageOf(section)]}`;
    list.appendChild(link);
    list.hidden = false;
  };
  begunSets.forEach((row) => offer(row, goOn));
  pools.forEach((row) => offer(row, list.dataset.pockets));
}

/** @param {HTMLElement} section  @param {SittingRow} open */
function offerSitting(section, open) {
  const link = /** @type {HTMLAnchorElement} */ (section.querySelector("a[data-sitting]"));
  if (open.opened.sitting.state === "ready") link.textContent = link.dataset.ready || "";
  link.href = `/sit/${open.id}/`;
  link.hidden = false;
}

async function offer() {
  const store = await openStore();
  const rows = await store.sittings();
  const sets = rows.filter((row) => row.opened && practice(row));
  const pools = [];
  for (const row of sets) if (row.opened.sitting.state === "ready" && await papersHere(store, row.opened)) pools.push(row);
  sections.forEach((section) => offerPractice(section, sets.filter(begun), pools));
  const open = rows.find((row) => begun(row) && !practice(row)) || (await nextAhead(rows));
  if (open) sections.forEach((section) => offerSitting(section, open));
}

offerLanguages();
offer().then(show, show);
