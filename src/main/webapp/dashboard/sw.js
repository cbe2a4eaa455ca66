// The service worker: shows the notifications that the studio sends by Web Push. It handles no
// requests, so pages load as without it.

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {string} body
 * @property {string} url what to open
 * @property {string} tag the same if the message comes twice
 */

// TypeScript's types for workers exclude those for pages.
const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("push", (/** @type {any} */ event) => {
  event.waitUntil(show(event.data.json()));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data.url));
});

/** @returns {Promise<any[]>} the open pages of the studio */
const pages = () => worker.clients.matchAll({ type: "window", includeUncontrolled: true });

/** @param {Message} message */
async function show({ title, body, url, tag }) {
  // A page in view shows the news itself.
  if ((await pages()).some(({ visibilityState }) => visibilityState === "visible")) return;
  const icon = "icon-192.png";
  await worker.registration.showNotification(title, { body, tag, icon, data: { url } });
}

/** @param {string} url */
async function goTo(url) {
  const open = (await pages()).find((page) => page.url.split("#")[0] === url);
  await (open ? open.focus() : worker.clients.openWindow(url));
}
