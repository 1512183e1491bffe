// @ts-check
// How does a sitting come up on this phone: from the server if it answers, from what the phone kept if not?

import { randomBytes, base64url } from "./bytes.js";
import { enter } from "./entering.js";
import { follow } from "./follow.js";
import { unlockable } from "./locked_files.js";
import { papersHere } from "./papers.js";
import { finished } from "./state.js";
import { pause, within } from "./patience.js";
import { PortError } from "./port.js";
import { startedByCode, startedByServer } from "./replies.js";
import { backOff } from "./sync.js";
import { sittingKey } from "./vault.js";

const IMPATIENT = 2500; // a sitting that runs is shown from this phone when the network takes longer

/** @param {PortError} error */
function problemOf(error) {
  if (error.status === 401) return "signed_out";
  if (error.status === 404) return "no_such_sitting";
  if (error.status === 409) return "voided";
  return "refused";
}

/** Practice that was fetched ahead begins without anybody's leave. @param {Store} store  @param {Opened} opened */
const beginsHere = async (store, opened) => opened.sitting.purpose === "practice" && papersHere(store, opened);

/**
 * Can this page be shown from what the phone holds? A sitting that runs, one that the unlock code can begin, and practice
 * that was fetched ahead.
 * @param {Store} store  @param {Opened | null} held
 */
async function showable(store, held) {
  if (!held) return false;
  return held.sitting.state !== "ready" || (await unlockable(held)) || beginsHere(store, held);
}

/**
 * Ends with a view: waiting, item, receipt or problem.
 * @param {Player} player
 */
export async function openSitting(player) {
  const { port } = player.tools;
  const asked = port.open(player.row.id, player.row.device);
  asked.catch(() => undefined); // looked at below, perhaps after the phone has looked at its own files
  const held = (await showable(player.tools.store, player.row.opened)) ? /** @type {Opened} */ (player.row.opened) : null;
  try {
    const opened = held ? await within(asked, IMPATIENT) : await asked;
    if (opened) return await proceed(player, opened, true);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (!error.passing && !(error.status === 401 && held && held.sitting.state !== "ready")) {
      return player.dispatch({ type: "problem", problem: problemOf(error) });
    }
    if (!held) return untilAnswered(player);
    await proceed(player, held, false);
    return reconcile(player);
  }
  await proceed(player, /** @type {Opened} */ (held), false);
  return asked.then((opened) => player.refresh(opened, true).then(() => follow(player)), () => reconcile(player));
}

/** Nothing can be shown without the server: says so and keeps asking. @param {Player} player */
async function untilAnswered(player) {
  player.dispatch({ type: "problem", problem: "offline" });
  for (let failures = 1; ; failures += 1) {
    await Promise.race([pause(backOff(failures, Math.random())), new Promise((resolve) => window.addEventListener("online", resolve, { once: true }))]);
    try {
      return await proceed(player, await player.tools.port.open(player.row.id, player.row.device), true);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (!error.passing) return player.dispatch({ type: "problem", problem: problemOf(error) });
    }
  }
}

/** Shown from the phone; the first save that gets through brings marks and clock. @param {Player} player */
function reconcile(player) {
  if (player.sync) player.sync.flush();
}

/** @param {Player} player  @param {Opened} opened  @param {boolean} fresh */
async function proceed(player, opened, fresh) {
  const { store, port } = player.tools;
  const key = await sittingKey(store, player.row.id, opened.vault || null);
  if (!(await player.begin(opened, key, fresh))) {
    // What this device wrote is unreadable or older than what the server has from it: go on under a new name.
    await player.note({ device: base64url(randomBytes(16)), acked: 0 });
    return proceed(player, await port.open(player.row.id, player.row.device), true);
  }
  const { sitting } = player.state; // as it stands here: perhaps begun by code, and the server does not know yet
  if (sitting === "voided") return player.dispatch({ type: "problem", problem: "voided" });
  if (sitting === "ready") return wait(player);
  if (finished(player.state)) return handedIn(player);
  return enter(player);
}

/** The waiting room; heartbeats bring what changes there. @param {Player} player */
function wait(player) {
  player.dispatch({ type: "view", view: "waiting" });
  if (player.sync && player.opened.sitting.purpose === "trial") player.sync.idle();
}

/** @param {Player} player */
async function handedIn(player) {
  // A handed-in paper is not shown again; practice keeps its explanations until the page is left.
  player.dispatch({ type: "view", view: "receipt" });
  if (player.sync) player.sync.flush();
}

/**
 * A ticket was refused. Quietly by the cookie if that still stands; else the page asks for the card.
 * @param {Player} player
 * @returns {Promise<boolean>}
 */
export async function renew(player) {
  try {
    const opened = await player.tools.port.open(player.row.id, player.row.device);
    await player.refresh(opened, true);
    return true;
  } catch (error) {
    if (error.passing) return false;
    player.tools.askCard(player, error.status === 401 ? "signed_out" : problemOf(error));
    return false;
  }
}

/**
 * The pupil typed the card's code. Only the pupil of this sitting gets any further.
 * @param {Player} player  @param {string} code
 * @returns {Promise<"in" | "unknown_card" | "someone_else" | "network">}
 */
export async function signInAgain(player, code) {
  const { port } = player.tools;
  try {
    await port.signIn(code);
    const opened = await port.open(player.row.id, player.row.device);
    if (player.outbox) {
      await player.refresh(opened, true);
      if (player.sync) player.sync.flush();
    } else await proceed(player, opened, true);
    return "in";
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.status === 401) return "unknown_card";
    if (error.status !== 404) return "network";
    await port.signOut().catch(() => undefined); // do not leave somebody else signed in on this phone
    return "someone_else";
  }
}

/** "Start": the first start decides for ever; asking twice is harmless. @param {Player} player */
export async function startSitting(player) {
  const { port, store, clock } = player.tools;
  const asked = port.start(player.opened.ticket);
  asked.catch(() => undefined); // looked at below
  const here = await beginsHere(store, player.opened);
  const started = await (here ? within(asked, IMPATIENT) : asked).catch((error) => {
    if (here && error instanceof PortError && error.passing) return null;
    throw error;
  });
  if (started) await startedByServer(player, started);
  else await startedByCode(player, clock.now(), null); // the server learns of it with the first save
  await enter(player);
}

/** This phone goes on although another device took over: a new device, once everything from here is delivered. */
export async function continueHere(player) {
  const { sync, outbox } = player;
  while (sync && outbox && sync.unsent) {
    sync.flush();
    await pause(1000);
  }
  await player.note({ device: base64url(randomBytes(16)), acked: 0 });
  window.location.reload();
}

