// @ts-check
// Handing in: what is still open, one button; then the receipt, with or without a network.

import { button, h, icon } from "./dom.js";
import { partial } from "./completeness.js";
import { clockTime, gettext, interpolate, ngettext, paperLanguage } from "./messages.js";
import { handOverOf } from "./hand_over.js";
import { wentThrough } from "./practice_summary.js";
import { answeredCount, finished, flagged, unanswered } from "./state.js";
import { receiptCode } from "./outbox.js";
import { cell } from "./screen_overview.js";

/** @param {Player} player  @param {string} title  @param {string[]} refs  @param {string[]} halves */
function links(player, title, refs, halves) {
  if (!refs.length) return null;
  return h("div", { class: "todo" },
    h("h2", { class: "todo__title" }, title),
    h("ol", { class: "cells" }, refs.map((ref) => cell(player, ref, halves.includes(ref)))));
}

/** @param {Player} player */
export function renderHandIn(player) {
  const { state } = player;
  const open = unanswered(state);
  const halves = partial(player, player.tools.papers.in(paperLanguage()));
  const { total } = state;
  return h("section", { class: "page" },
    h("h1", { tabindex: "-1" }, open.length || halves.length ? gettext("Ready to hand in?") : gettext("Everything is answered")),
    h("p", { class: "lead" }, interpolate(ngettext("%(n)s of %(total)s answered.", "%(n)s of %(total)s answered.", answeredCount(state)), { n: answeredCount(state), total }),
      halves.length > 0 && ` ${interpolate(ngettext("%(n)s of them only in part.", "%(n)s of them only in part.", halves.length), { n: halves.length })}`),
    links(player, gettext("Not answered"), open, halves),
    links(player, gettext("Partly answered"), halves, halves),
    links(player, gettext("Marked for later"), flagged(state), halves),
    h("p", { class: "muted" }, gettext("After handing in you cannot change anything.")),
    h("div", { class: "actions" },
      button(gettext("Hand in"), () => player.handIn("candidate"), "button--big"),
      button(gettext("Go on working"), () => player.go(state.index), "button--secondary")));
}

/**
 * The codes this phone works out from what it wrote: of its hand-in (of each one, where time was added after the
 * first), or of its last event where the server closed the sitting. None once another device has taken over.
 * @param {Outbox | null} outbox
 */
export function ownCodes(outbox) {
  if (!outbox || !outbox.last) return [];
  const kinds = outbox.events().map((event) => event.kind);
  const handIns = outbox.lines.filter((line, i) => kinds[i] === "hand_in");
  if (!handIns.length && kinds.includes("close")) return [];
  return (handIns.length ? handIns.reverse() : outbox.lines.slice(-1)).map(receiptCode);
}

/**
 * Is the server's code one of this phone's own? It can be said only once the server has everything from here.
 * @param {string[]} own  @param {string} known  @param {boolean} complete
 * @returns {"" | "same" | "other"}
 */
export function checkedHere(own, known, complete) {
  if (!complete || !known || !own.length) return "";
  return own.includes(known) ? "same" : "other";
}

/**
 * The receipt as far as it is known: the server's, else the one this phone computes from its own hand-in.
 * @param {Player} player
 */
export function receiptOf(player) {
  const { state, outbox, sync } = player;
  const own = outbox ? outbox.handIn() : null;
  const known = state.receipt;
  const complete = Boolean(sync && !sync.unsent);
  const mine = ownCodes(outbox);
  return {
    delivered: Boolean(known) || state.sitting === "handed_in" || state.sitting === "sealed" || Boolean(own && sync && sync.mark.acked >= own.seq),
    complete,
    answered: known ? known.answered : answeredCount(state),
    of: known ? known.of : state.refs.length,
    own: own ? receiptCode(own.line) : "",
    last: mine[0] || "",
    code: known ? known.code : "",
    checked: checkedHere(mine, known ? known.code : "", complete),
    at: known ? known.handed_in_at : null,
    handOver: handOverOf(player).key(),
  };
}

/** The code with a word about who says so. @param {ReturnType<typeof receiptOf>} receipt */
function codeOf(receipt) {
  const code = receipt.checked && receipt.code ? receipt.code : receipt.own || receipt.code;
  if (!code) return null;
  return h("div", { class: "receipt__code" },
    h("span", { class: "receipt__label" }, gettext("Your receipt")),
    h("b", { class: "receipt__digits", translate: "no" }, code),
    receipt.checked === "same" && h("span", { class: "receipt__checked" }, icon("check"), gettext("Checked on this phone")),
    receipt.checked !== "other" && h("span", { class: "muted small" }, gettext("Your teacher sees the same code.")));
}

/** The server has something else than this phone gave. @param {ReturnType<typeof receiptOf>} receipt */
function mismatch(receipt) {
  return h("div", { class: "receipt__mismatch", role: "alert" },
    h("p", { class: "receipt__status tone-warning" }, icon("phone"), interpolate(gettext("This phone worked out another code: %(code)s."), { code: receipt.last })),
    h("p", {}, gettext("That is right if you also worked on another device. If you did not, leave this page open and show both codes to your teacher: your answers are still on this phone.")));
}

/** @param {Player} player */
function statusOf(player, receipt) {
  if (receipt.delivered && receipt.complete) {
    return h("p", { class: "receipt__status tone-success" }, icon("check"), receipt.at && player.opened.sitting.purpose !== "practice"
      ? interpolate(gettext("The server has everything. Handed in at %(time)s."), { time: clockTime(receipt.at) })
      : gettext("The server has everything."));
  }
  if (receipt.delivered) return h("p", { class: "receipt__status tone-info" }, icon("save"), gettext("Handed in. The last answers are on their way: leave this page open for a moment."));
  return h("div", {},
    h("p", { class: "receipt__status tone-warning" }, icon("phone"), gettext("Kept on this phone, not yet handed in at the server.")),
    h("p", {}, gettext("There is nothing more for you to do: it is sent by itself as soon as there is a network, on this page or on any page of this site that you open later on this phone.")));
}

/** Praise only where there is something to praise; after a reload the items are no longer here. @param {Player} player */
function practiceTitle({ state, tools }) {
  const paper = tools.papers.in(paperLanguage());
  const solved = paper ? wentThrough(state, paper.items).filter((row) => row.kind === "right").length : 0;
  return solved ? gettext("Well done, that is it for today") : gettext("That is it for today");
}

/** @param {Player} player */
function titleOf(player, receipt) {
  const late = player.state.over || player.state.handedIn === "time";
  if (!finished(player.state)) return gettext("Time is over");
  if (player.opened.sitting.purpose === "practice") return practiceTitle(player);
  if (late) return gettext("Time is over: your answers count");
  return receipt.delivered ? gettext("Handed in") : gettext("Finished on this phone");
}

/** @param {Player} player */
export function renderReceipt(player) {
  const receipt = receiptOf(player);
  const { config } = player.tools;
  const practice = player.opened.sitting.purpose === "practice";
  const handOver = handOverOf(player);
  const codes = handOver.screen(receipt.own);
  if (codes) return codes;
  return h("section", { class: "page receipt" },
    h("h1", { tabindex: "-1" }, titleOf(player, receipt)),
    finished(player.state) ? statusOf(player, receipt)
      : h("p", { class: "lead" }, gettext("Your answers are kept on this phone. We are asking the server for the exact time.")),
    handOver.section(),
    !practice && receipt.of > 0 && h("p", { class: "receipt__count" }, h("b", { class: "number" }, interpolate(gettext("%(n)s of %(total)s"), { n: receipt.answered, total: receipt.of })), " ", gettext("answered")),
    !practice && codeOf(receipt),
    !practice && receipt.checked === "other" && mismatch(receipt),
    h("div", { class: "actions" },
      receipt.delivered && h("a", { class: "button", href: config.result.replace("<id>", player.row.id) }, gettext("To the result")),
      h("a", { class: "button button--secondary", href: config.home }, gettext("Home"))));
}
