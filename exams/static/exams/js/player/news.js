// @ts-check
// What has changed by the server's word that a pupil has to be told, and in which words? Time added, a pause, a sitting
// opened again, another opening time. Pure.

import { clockTime, gettext, interpolate, ngettext } from "./messages.js";

const WORTH_SAYING = 30000; // less than this is the network's or a clock's, nobody's gift

/**
 * @param {{sitting: SittingState, endsAt: number | null, pausedAt: number | null, opensAt: number}} before
 * @param {{sitting: SittingState, endsAt: number | null, pausedAt: number | null, opensAt: number}} after
 * @returns {News | null}
 */
export function newsOf(before, after) {
  if (after.sitting === "ready") {
    const moved = before.sitting === "ready" && Math.abs(after.opensAt - before.opensAt) >= WORTH_SAYING;
    return moved ? { kind: "moved", until: after.opensAt } : null;
  }
  if (after.sitting !== "started" || before.sitting === "ready") return null;
  if (before.sitting === "handed_in") return { kind: "reopened", until: after.endsAt };
  if (before.pausedAt === null && after.pausedAt !== null) return { kind: "paused", until: null };
  if (before.pausedAt !== null && after.pausedAt === null) return { kind: "resumed", until: after.endsAt };
  const more = after.endsAt !== null && before.endsAt !== null ? after.endsAt - before.endsAt : 0;
  if (more < WORTH_SAYING) return null;
  // In a pause the end is not known yet: it moves once more when the clock runs again.
  return { kind: "granted", minutes: Math.max(1, Math.round(more / 60000)), until: after.pausedAt === null ? after.endsAt : null };
}

/** @param {News} news */
export function sentenceOf(news) {
  const time = news.until === null ? "" : clockTime(news.until);
  if (news.kind === "paused") return gettext("The exam is paused. Your time stands still.");
  if (news.kind === "moved") return interpolate(gettext("The exam now opens at %(time)s."), { time });
  if (news.kind === "granted") {
    const minutes = { n: news.minutes, time };
    return time
      ? interpolate(ngettext("%(n)s minute was added: you now have until %(time)s.", "%(n)s minutes were added: you now have until %(time)s.", news.minutes), minutes)
      : interpolate(ngettext("%(n)s minute was added.", "%(n)s minutes were added.", news.minutes), minutes);
  }
  if (!time) return news.kind === "reopened" ? gettext("Your exam was opened again. Go on working.") : gettext("The pause is over. Go on working.");
  return news.kind === "reopened"
    ? interpolate(gettext("Your exam was opened again: you have until %(time)s."), { time })
    : interpolate(gettext("The pause is over: you now have until %(time)s."), { time });
}
