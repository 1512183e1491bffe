// @ts-check
// Is this sitting open in another tab of the same phone? One tab writes; another one offers to go on there.

const REPLY_WITHIN = 300;
const GIVE_UP_WITHIN = 1500;
const FREE_FOR = 1000;

/**
 * @param {string} sitting
 * @param {() => Promise<void>} onLost another tab takes over: finish writing
 * @returns {{acquire: () => Promise<boolean>, whenFree: () => Promise<any>, take: () => Promise<void>}} without Web Locks the tabs ask each other;
 *   without BroadcastChannel either (very old browsers) every tab believes it is alone
 */
export function oneTab(sitting, onLost) {
  const name = `proba-sitting-${sitting}`;
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  const locks = "locks" in navigator ? navigator.locks : null;
  let held = false;
  let release = () => {};

  async function lose() {
    if (!held) return;
    held = false;
    await onLost();
    release();
    if (channel) channel.postMessage("gone");
  }

  /** @param {LockOptions} options @returns {Promise<boolean>} */
  const lock = (options) => new Promise((resolve) => {
    /** @type {LockManager} */ (locks).request(name, options, (granted) => {
      if (!granted) return resolve(false);
      held = true;
      resolve(true);
      return new Promise((free) => { release = () => free(undefined); });
    }).catch(() => lose()); // stolen by a tab that this one was too deeply asleep to answer
  });

  /** @param {string} call  @param {string} reply  @param {number} ms */
  const ask = (call, reply, ms) => new Promise((resolve) => {
    if (!channel) return resolve(false);
    const done = (heard) => {
      channel.removeEventListener("message", hear);
      resolve(heard);
    };
    const hear = (message) => { if (message.data === reply) done(true); };
    channel.addEventListener("message", hear);
    channel.postMessage(call);
    setTimeout(() => done(false), ms);
    return undefined;
  });

  if (channel) {
    channel.addEventListener("message", (message) => {
      if (message.data === "take") lose();
      if (message.data === "anyone?" && held) channel.postMessage("here");
    });
  }

  return {
    async acquire() {
      if (locks) return lock({ ifAvailable: true });
      held = !(await ask("anyone?", "here", REPLY_WITHIN));
      return held;
    },
    /** Resolves when the other tab is gone: closed, or killed by the phone. A reload in between is not taken for that. */
    whenFree: () => new Promise((resolve) => {
      if (!locks) return;
      let free = 0;
      const timer = setInterval(async () => {
        const { held: now = [] } = await locks.query();
        free = now.some((lockInfo) => lockInfo.name === name) || document.visibilityState === "hidden" ? 0 : free + 1;
        if (free < 2) return;
        clearInterval(timer);
        resolve(undefined);
      }, FREE_FOR);
    }),
    async take() {
      const gone = await ask("take", "gone", GIVE_UP_WITHIN);
      if (locks) await lock(gone ? { ifAvailable: true } : { steal: true });
      held = true;
    },
  };
}
