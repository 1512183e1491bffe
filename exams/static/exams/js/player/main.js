// @ts-check
// The player's page: puts the parts together and draws what the state says.

import { base64url, randomBytes } from "./bytes.js";
import { Clock } from "./clock.js";
import { fill } from "./dom.js";
import { otherPaper } from "./entering.js";
import { Frame } from "./frame.js";
import { configure, currentLanguage, languageTag, rememberLanguage, restoreLanguage } from "./messages.js";
import { openSitting, renew } from "./opening.js";
import { Papers } from "./papers.js";
import { Player } from "./player.js";
import { httpPort } from "./port.js";
import { summary } from "./practice_summary.js";
import { renderHandIn, receiptOf, renderReceipt } from "./screen_hand_in.js";
import { render as renderItem } from "./screen_item.js";
import { render as renderOverview } from "./screen_overview.js";
import { render as renderPaused } from "./screen_paused.js";
import { render as renderProblem, renderElsewhere } from "./screen_problem.js";
import { render as renderWaiting, sittingTitle } from "./screen_waiting.js";
import { registerWorker } from "./worker.js";
import { currentItem, finished, paused, writable } from "./state.js";
import { askToKeep, openStore } from "./store.js";
import { oneTab } from "./tabs.js";
import { checkTime } from "./time_up.js";
import { remaining } from "./timer.js";
import { WaitingCheck } from "./waiting_check.js";

const SCREENS = {
  waiting: renderWaiting,
  item: renderItem,
  overview: renderOverview,
  hand_in: renderHandIn,
  receipt: renderReceipt,
  summary,
  elsewhere: renderElsewhere,
  problem: renderProblem,
  paused: renderPaused,
};
const PAUSED = ["item", "overview", "hand_in", "summary"]; // what is not shown while the clock stands still

const stage = /** @type {HTMLElement} */ (document.getElementById("stage"));
let shownPlace = "";
let shownKey = "";

/** @param {State} state */
const screenOf = (state) => (paused(state) && PAUSED.indexOf(state.view) >= 0 ? "paused" : state.view);

/** What a screen shows besides its place; when only this changes, the focus need not move. */
function contentKey(player) {
  const { state } = player;
  const common = [currentLanguage(), writable(state), state.problem];
  if (screenOf(state) === "paused") return JSON.stringify([common, state.endsAt]);
  if (state.view === "item") return JSON.stringify([common, state.checked[currentItem(state)], state.refs.length, state.total]);
  if (state.view === "receipt") return JSON.stringify([common, receiptOf(player), state.over, state.handedIn, state.sitting]);
  if (state.view === "waiting") return JSON.stringify(common);
  return JSON.stringify([common, state.responses, state.flags, state.checked]);
}

/** @param {Player} player  @param {Frame} frame */
function draw(player, frame) {
  if (player.left || !SCREENS[player.state.view]) return;
  frame.draw(player);
  const { state } = player;
  const running = state.sitting === "started" && !finished(state) && !state.over && !state.takenOver;
  frame.timer.update(running ? remaining(state, player.tools.clock) : null);
  const screen = screenOf(state);
  const place = `${screen} ${player.state.view === "item" ? player.state.index : ""}`;
  const key = contentKey(player);
  if (place === shownPlace && key === shownKey) return;
  const moved = place !== shownPlace;
  const first = shownPlace === "";
  const held = stage.contains(document.activeElement);
  shownPlace = place;
  shownKey = key;
  fill(stage, SCREENS[screen](player));
  document.documentElement.lang = languageTag();
  if (player.opened) document.title = sittingTitle(player.opened.sitting);
  if (moved) window.scrollTo(0, 0);
  const heading = stage.querySelector("h1");
  if (heading && !first && (moved || held)) heading.focus({ preventScroll: true });
}

/** @param {Player} player  @param {Frame} frame */
function drawStatus(player, frame) {
  const { sync, outbox } = player;
  if (!sync || !outbox || player.state.sitting === "ready") return; // the waiting room speaks for itself
  frame.saving.update({ state: player.saveState, connected: sync.connected, failed: outbox.failed });
  if (player.state.view === "receipt") draw(player, frame);
}

/** @param {Player} player */
function listen(player) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") player.leaving();
    else if (player.sync) player.sync.flush();
  });
  window.addEventListener("pagehide", () => player.leaving());
  window.addEventListener("online", () => player.sync && player.sync.flush());
}

async function run() {
  const element = /** @type {HTMLElement} */ (document.getElementById("player-config"));
  const config = JSON.parse(element.textContent || "{}");
  const theme = /(?:^|;\s*)theme=(light|dark)/.exec(document.cookie);
  if (theme) document.documentElement.setAttribute("data-theme", theme[1]);
  configure(config);
  restoreLanguage();
  registerWorker();

  const sitting = window.location.pathname.split("/").filter(Boolean)[1];
  const clock = new Clock({ mono: () => performance.now(), wall: () => Date.now(), id: base64url(randomBytes(4)) });
  const store = await openStore();
  const port = httpPort({
    fetch: (...request) => window.fetch(...request), mono: clock.mono, reading: () => clock.reading(),
    onTime: (server, sent, received) => clock.anchor(server, sent, received),
  });
  const row = await store.claim(sitting);
  clock.restore(row.clock);
  if (window.location.hash === "#end") { // the page of practice leads straight to the end of a set, once
    row.place = { index: 0, view: "summary" };
    window.history.replaceState(null, "", window.location.pathname);
  }

  const frame = new Frame((language) => {
    player.settle();
    rememberLanguage(language);
    draw(player, frame);
    drawStatus(player, frame);
    if (player.opened && player.state.refs.length) otherPaper(player).then(() => { shownKey = ""; draw(player, frame); });
  });
  const tabs = oneTab(sitting, async () => {
    player.leaving();
    if (player.outbox) await player.outbox.writing;
    if (player.sync) player.sync.stop();
    elsewhere();
  });
  const player = new Player({
    store, port, clock, config, tabs, papers: new Papers(store, port, sitting),
    render: (one) => draw(one, frame), renderStatus: (one) => drawStatus(one, frame),
    renew, askCard: (one, reason) => frame.notices.askCard(one, reason), waiting: new WaitingCheck(),
  }, row);

  const elsewhere = () => {
    player.dispatch({ type: "view", view: "elsewhere" });
    player.left = true;
    tabs.whenFree().then(() => window.location.reload());
  };
  if (!(await tabs.acquire())) return elsewhere();
  listen(player);
  setInterval(() => {
    if (player.left) return;
    checkTime(player);
    draw(player, frame);
  }, 1000);
  setInterval(() => player.opened && !player.left && player.note({}, false), 15000);
  askToKeep();
  return openSitting(player);
}

run();
