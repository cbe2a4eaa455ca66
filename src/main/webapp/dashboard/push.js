// Web Push: notifications that reach this browser when no page is open. Not every browser has a push
// service; without one, subscribing fails and the page notifies by itself, see bell.js.

import { call, root } from "./api.js";

/** `on` if the user of this browser wants notifications. */
export const WISH = "studio.notify";

const WORKER = root("dashboard/sw.js");

/** Whether the browser knows Web Push, which it does not in an insecure context. */
export const isSupported = () => "serviceWorker" in navigator && "PushManager" in globalThis;

/**
 * Subscribes this browser for the user. May be repeated: the browser keeps its subscription, and the
 * studio learns of a changed one, or of another user.
 *
 * @returns {Promise<boolean>} false if the browser or the studio does not allow it
 */
export async function subscribe() {
  if (!isSupported()) return false;
  try {
    const registration = await navigator.serviceWorker.register(WORKER);
    await activation(registration);
    const { publicKey } = await call("/push/key");
    const subscription = await forKey(registration.pushManager, publicKey);
    await call("/push/subscriptions", { method: "POST", body: subscription.toJSON() });
    return true;
  } catch {
    return false;
  }
}

/** @param {ServiceWorkerRegistration} registration */
async function activation({ active, installing, waiting }) {
  const worker = installing ?? waiting;
  if (active || !worker) return;
  await new Promise((resolve) =>
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated" || worker.state === "redundant") resolve(null);
    }),
  );
}

/**
 * A browser has one subscription, which is valid for one key of the studio.
 *
 * @param {PushManager} manager
 * @param {string} applicationServerKey
 */
async function forKey(manager, applicationServerKey) {
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    return await manager.subscribe(options);
  } catch (failure) {
    const former = await manager.getSubscription();
    if (!former) throw failure;
    await former.unsubscribe();
    return manager.subscribe(options);
  }
}

/** Ends the subscription of this browser, if it has one, and forgets the user's wish. */
export async function unsubscribe() {
  localStorage.removeItem(WISH);
  if (!isSupported()) return;
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return;
  // If this fails, the push service reports to the studio that the subscription has ended.
  const endpoint = new URLSearchParams({ endpoint: subscription.endpoint });
  await call(`/push/subscriptions?${endpoint}`, { method: "DELETE" }).catch(() => {});
  await subscription.unsubscribe();
}
