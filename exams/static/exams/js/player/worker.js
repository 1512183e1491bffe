// @ts-check
// The service worker keeps the pages for times without a network. A new one waits until no page of ours is open.

export function registerWorker() {
  if (!("serviceWorker" in navigator)) return; // plain HTTP: the player works, but cannot be opened offline
  navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => undefined);
}
