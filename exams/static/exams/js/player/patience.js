// @ts-check
// How long is something waited for?

/** @param {number} ms  @returns {Promise<undefined>} */
export const pause = (ms) => new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

/**
 * What comes of a promise, or null when that takes too long; it may still come true, unheard.
 * @template T @param {Promise<T>} promise  @param {number} ms  @returns {Promise<T | null>}
 */
export const within = (promise, ms) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => resolve(null), ms);
  promise.then(resolve, reject).then(() => clearTimeout(timer));
});
