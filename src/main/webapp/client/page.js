// What the client uses of the page in which it runs.
//
// Contract: works without a page too, as in Node.js. Such a program is never hidden, shares its
// connection with nobody, has no own origin, and stores no position.

/** Whether there is a page. */
export const IN_PAGE = typeof document !== "undefined";

/**
 * Returns the absolute form of an address, which without a page has to be absolute already.
 *
 * @param {string} url
 */
export function absolute(url) {
  return IN_PAGE ? new URL(url, document.baseURI) : new URL(url);
}

/**
 * Whether an address belongs to the origin of the page.
 *
 * @param {string} url
 */
export function isOwnOrigin(url) {
  return IN_PAGE && absolute(url).origin === location.origin;
}

export function isHidden() {
  return IN_PAGE && document.hidden;
}

/** Whether the device has a network, as far as it knows. */
export function isOnline() {
  return globalThis.navigator?.onLine ?? true;
}

/**
 * Adds a listener to the window; does nothing without one.
 *
 * @param {string} type
 * @param {() => void} listener
 * @param {AddEventListenerOptions} [options]
 */
export function onWindow(type, listener, options) {
  globalThis.addEventListener?.(type, listener, options);
}

/**
 * Reports an exception that has no caller: to the page's error handlers, else as an uncaught one.
 *
 * @param {unknown} failure
 */
export function report(failure) {
  if (typeof reportError === "function") reportError(failure);
  else
    queueMicrotask(() => {
      throw failure;
    });
}

/**
 * Returns what is stored for this tab; null if there is nothing, or no store.
 *
 * @param {string} key
 */
export function stored(key) {
  return IN_PAGE ? sessionStorage.getItem(key) : null;
}

/**
 * Stores a text for this tab, if it has a store.
 *
 * @param {string} key
 * @param {string} value
 */
export function store(key, value) {
  if (IN_PAGE) sessionStorage.setItem(key, value);
}
