// The countdown between two updates.

/** @import { TimerUpdate } from "./devfest-timer.js" */

const ESTIMATE = 60_000;
const CLOCK_RESET = 5_000;

/**
 * The newest update, and the time left at any moment after it. Updates older than the newest one
 * are ignored, whichever transport they used.
 */
export class Countdown {
  /** @type {TimerUpdate | null} */
  #update = null;
  #takenAt = 0;
  #least = [Infinity, Infinity];
  #turnedAt = 0;

  /**
   * Takes an update that has just arrived; returns whether it is new.
   *
   * @param {TimerUpdate} update
   * @param {number} [at] milliseconds, as of performance.now()
   */
  take(update, at = performance.now()) {
    this.#measure(at - 1_000 * update.timestamp, at);
    const older = this.#update !== null && update.timestamp < this.#update.timestamp;
    // Without this a server clock that was set back would stop all updates.
    if (older && at - this.#takenAt < CLOCK_RESET) return false;
    if (older) this.#least = [at - 1_000 * update.timestamp, Infinity];
    this.#update = update;
    this.#takenAt = at;
    return true;
  }

  /** The newest update; null before the first. */
  get update() {
    return this.#update;
  }

  /**
   * The time left in seconds; null before the first update.
   *
   * @param {number} [at] milliseconds, as of performance.now()
   */
  now(at = performance.now()) {
    if (this.#update === null) return null;
    const { remaining, running, timestamp } = this.#update;
    if (!running) return remaining;
    const since = (at - this.#offset) / 1_000 - timestamp;
    return Math.max(0, remaining - Math.max(0, since));
  }

  /**
   * How many milliseconds longer an update took than the fastest one.
   *
   * @param {TimerUpdate} update
   * @param {number} [at] milliseconds, as of performance.now()
   */
  delay({ timestamp }, at = performance.now()) {
    return Math.max(0, at - 1_000 * timestamp - this.#offset);
  }

  /** The difference between this clock and the server's, as the fastest update shows it. */
  get #offset() {
    return Math.min(...this.#least);
  }

  /**
   * Keeps the least difference of the last one to two minutes, since clocks drift and are set.
   *
   * @param {number} ahead
   * @param {number} at
   */
  #measure(ahead, at) {
    if (at - this.#turnedAt > ESTIMATE) {
      this.#least = [Infinity, this.#least[0]];
      this.#turnedAt = at;
    }
    this.#least[0] = Math.min(this.#least[0], ahead);
  }
}
