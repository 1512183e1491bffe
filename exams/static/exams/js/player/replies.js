// @ts-check
// What does a reply of the server change on this phone? Its word counts for state, end, pause and opening time; only a
// sitting that was begun here by the unlock code goes on until the server has heard of it.

import { follow } from "./follow.js";
import { fileNames } from "./locked_files.js";
import { newsOf } from "./news.js";
import { ownItems, tidy } from "./state.js";

/** @param {Player} player */
const begunByCode = (player) => Boolean(player.row.unlocked && player.outbox && player.outbox.has("unlocked"));

/** @param {Player} player  @param {Sitting} sitting as the server has it */
function standing(player, sitting) {
  if (sitting.state !== "ready" || !begunByCode(player)) return sitting;
  const { at, ends } = /** @type {{at: number, ends: number | null}} */ (player.row.unlocked);
  return Object.assign({}, sitting, { state: "started", started_at: at, ends_at: ends });
}

/** @param {Player} player  @param {Receipt | null} receipt  @param {boolean} takenOver */
export function serverSays(player, receipt, takenOver) {
  const { state, ends_at: endsAt, paused_at: pausedAt = null } = player.opened.sitting;
  const reopened = state === "started" && endsAt !== null && endsAt > player.tools.clock.now();
  player.dispatch({ type: "server", sitting: state, endsAt, pausedAt, receipt, takenOver, reopened });
}

/** Announcements that this phone has not shown. @param {SittingRow} row  @param {Announcement[]} told  @returns {Partial<SittingRow>} */
export function withNotices(row, told) {
  const latest = row.notice || 0;
  const fresh = told.filter((one) => one.id > latest);
  if (!fresh.length) return {};
  return { notices: (row.notices || []).concat(fresh), notice: Math.max(...fresh.map((one) => one.id)) };
}

/** A reply of open, at the beginning or later. @param {Player} player  @param {Opened} opened  @param {boolean} fresh */
export async function refresh(player, opened, fresh) {
  const { vault, content_key: released, ...kept } = opened;
  kept.sitting = standing(player, kept.sitting);
  player.opened = kept;
  if (released) await player.tools.papers.release(released);
  if (player.outbox) player.outbox.epoch = opened.epoch;
  const own = ownItems(player.outbox ? player.outbox.events() : []);
  Object.keys(opened.responses).filter((item) => !own[item]).forEach((item) => player.typing.known(item, tidy(opened.responses[item])));
  const { responses, seen, seen_in_order: order, checked, hinted, flags } = opened;
  player.dispatch({ type: "merge", responses, seen, order, checked, hinted, flags, own });
  serverSays(player, opened.receipt, player.state.takenOver);
  if (!fresh) return;
  if (player.sync) player.sync.opened(opened);
  await player.note(Object.assign(
    {
      opened: kept, acked: opened.acked_upto, generation: opened.store_generation,
      files: fileNames(opened), closes: opened.sitting.closes_at,
    },
    withNotices(player.row, opened.announcement ? [opened.announcement] : []),
  ));
}

/** @param {Player} player  @param {Started} started */
export async function startedByServer(player, started) {
  const sitting = Object.assign({}, player.opened.sitting, {
    state: started.state, started_at: started.started_at, ends_at: started.ends_at, paused_at: started.paused_at || null,
  });
  const { epoch = player.opened.epoch, ticket = player.opened.ticket } = started;
  player.opened = Object.assign({}, player.opened, { sitting, epoch, ticket });
  if (player.outbox) player.outbox.epoch = epoch;
  await player.tools.papers.release(started.content_key);
  serverSays(player, null, false);
  await player.note({ opened: player.opened });
}

/** Begun here: by the unlock code, or practice without a network. @param {Player} player  @param {number} at  @param {number | null} ends */
export async function startedByCode(player, at, ends) {
  await player.note({ unlocked: { at, ends, told: false } });
  player.put({ kind: "unlocked", value: null });
  if (player.outbox) await player.outbox.writing;
  player.opened = Object.assign({}, player.opened, { sitting: standing(player, player.opened.sitting) });
  serverSays(player, null, false);
  await player.note({ opened: player.opened });
}

const timesOf = (state, sitting) => ({ sitting: state.sitting, endsAt: state.endsAt, pausedAt: state.pausedAt, opensAt: sitting.opens_at });

/** @param {Player} player  @param {Saved} saved */
export function heard(player, saved) {
  const { outbox, row } = player;
  if (!player.opened || !outbox) return;
  // A phone that waits does not mind that another one was looked at; once it is started, one of them goes on.
  const takenOver = saved.state !== "ready" && saved.epoch > outbox.epoch;
  const { state: before, opened: { sitting: old } } = player;
  const sitting = standing(player, Object.assign({}, old, {
    state: saved.state, ends_at: saved.ends_at, paused_at: saved.paused_at || null, opens_at: saved.opens_at || old.opens_at,
  }));
  const same = sitting.state === before.sitting && sitting.ends_at === before.endsAt && sitting.paused_at === before.pausedAt && sitting.opens_at === old.opens_at;
  const news = withNotices(row, saved.notices || []);
  const unlocked = row.unlocked && saved.state !== "ready" ? Object.assign({}, row.unlocked, { told: true }) : row.unlocked;
  const guessed = Boolean(row.unlocked && !row.unlocked.told); // the end was this phone's own estimate
  Object.assign(row, news, { unlocked });
  if (!same || saved.receipt || takenOver !== before.takenOver) {
    player.settle();
    player.opened = Object.assign({}, player.opened, { sitting, receipt: saved.receipt || player.opened.receipt });
    serverSays(player, saved.receipt, takenOver);
    if (!guessed && !takenOver) player.tell(newsOf(timesOf(before, old), timesOf(player.state, sitting)));
    follow(player);
  } else if (news.notices) player.tools.render(player);
  // Taken over, or closed by the server while this page was away: nothing more will come from here.
  const closed = saved.state === "handed_in" && !outbox.has("hand_in");
  if ((takenOver || closed) && outbox.last && !outbox.has("close")) player.put({ kind: "close" });
  player.note(Object.assign({
    acked: saved.acked_upto, generation: saved.store_generation, opened: player.opened, unlocked,
    sealedAt: saved.state === "sealed" ? row.sealedAt || Date.now() : null,
  }, news), Boolean(news.notices));
}
