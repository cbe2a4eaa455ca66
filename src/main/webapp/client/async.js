// Small tools: option values, waiting, and calls of listeners.
//
// Contract: no state. All functions are safe to call at any time.

import { report } from "./page.js";

/**
 * Resolves an option that is either a value or a function that returns one.
 *
 * @template T
 * @param {T | (() => T | Promise<T>)} option
 * @returns {Promise<T>}
 */
export async function valueOf(option) {
  return typeof option === "function" ? /** @type {() => T | Promise<T>} */ (option)() : option;
}

/**
 * Resolves like the promise, but rejects with the signal's reason if the signal aborts first.
 * Guards against application code that never settles.
 *
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function before(signal, promise) {
  /** @type {() => void} */
  let stop = () => {};
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Resolves after the time has passed, or as soon as the signal aborts. Never rejects.
 *
 * @param {number} millis
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function sleep(millis, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : millis);
    signal.addEventListener("abort", end);
  });
}

/**
 * Calls a listener. An exception goes to the page's error handlers and does not reach the caller.
 *
 * @template T
 * @param {(value: T) => void} listener
 * @param {T} value
 */
export function attempt(listener, value) {
  try {
    listener(value);
  } catch (failure) {
    report(failure);
  }
}
