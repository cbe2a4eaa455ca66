// The counters of all users' events. They are loaded once the stream has begun and its replay has
// ended, increase with each event, and are loaded again from time to time.

import { call } from "./api.js";

const QUIET = 400;
const LONGEST = 3_000;
const RELOAD_EVERY = 30_000;

export class Statistics {
  /** @type {import("./chart.js").Chart | null} */
  #chart = null;
  #show;
  /** @type {Map<string, number>} */
  #counts = new Map();
  /** @type {number | null} */
  #viewers = null;
  #timer = 0;
  /** The time until which a replay may delay loading; 0 if none is expected. */
  #until = 0;
  #behind = true;

  /**
   * @param {(counts: Map<string, number>, viewers: number) => void} show gets the counts by type,
   *     and the number of open connections
   */
  constructor(show) {
    this.#show = show;
  }

  /**
   * Keeps a chart up to date as well.
   *
   * @param {import("./chart.js").Chart} chart
   */
  draw(chart) {
    this.#chart = chart;
    this.begin();
  }

  /** Reports that a stream has begun. The statistics already include what it replays. */
  begin() {
    this.#behind = true;
    this.#until = Date.now() + LONGEST;
    this.#loadIn(QUIET);
  }

  /**
   * @param {string} type of an event
   * @param {number} at its time in milliseconds
   */
  add(type, at) {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    this.#chart?.add(type, at);
    if (this.#until) this.#loadIn(Math.min(QUIET, this.#until - Date.now()));
    this.#update();
  }

  /** @param {number} millis */
  #loadIn(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), millis);
  }

  async #load() {
    this.#until = 0;
    try {
      if (!document.hidden) {
        const [all] = await Promise.all([call("/events/stats"), this.#chart?.load(this.#behind)]);
        this.#counts = new Map(Object.entries(all.eventsByType));
        this.#viewers = all.activeConnections;
        this.#behind = this.#until > 0;
        this.#update();
      }
    } catch {
      // The state of the connection shows what is wrong.
    }
    if (!this.#until) this.#loadIn(RELOAD_EVERY * (1 + Math.random() / 2));
  }

  #update() {
    if (this.#viewers !== null) this.#show(this.#counts, this.#viewers);
  }
}
