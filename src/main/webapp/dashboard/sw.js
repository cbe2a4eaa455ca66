// The service worker: shows the notifications that the studio sends by Web Push. It handles no
// requests, so pages load as without it.

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {string} body
 * @property {string} url what to open
 * @property {string} tag the same if the message comes twice
 */

/** The path of the only page that shows notifications itself, see bell.js. A wall screen does not. */
const DASHBOARD = new URL("../dashboard", location.href).pathname;

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
  if ((await pages()).some(showsNews)) return;
  const icon = "icon-192.png";
  await worker.registration.showNotification(title, { body, tag, icon, data: { url } });
}

/**
 * Whether the user sees the message there. A page may be visible on a second screen, where nobody
 * looks, so only the one that has the focus counts.
 *
 * @param {{ url: string, focused: boolean }} page
 */
function showsNews({ url, focused }) {
  const { pathname, searchParams } = new URL(url);
  return focused && pathname === DASHBOARD && !searchParams.has("kiosk");
}

/** @param {string} url */
async function goTo(url) {
  const open = (await pages()).find((page) => page.url.split("#")[0] === url);
  await (open ? open.focus() : worker.clients.openWindow(url));
}
