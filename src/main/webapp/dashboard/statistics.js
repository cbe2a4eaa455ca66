// The counts over everybody's events. They are looked up when the stream has begun and what it
// replays has come, counted on with each event, and put right from time to time.

import { call } from "./api.js";

const QUIET = 400;
const LONGEST = 3_000;
const AGAIN = 30_000;

export class Statistics {
  #chart;
  #show;
  #counts = new Map();
  #watching = null;
  #timer = 0;
  #until = 0;
  #behind = true;

  /**
   * @param chart to keep up with, or null
   * @param show gets the counts by type, and how many are watching
   */
  constructor(chart, show) {
    this.#chart = chart;
    this.#show = show;
  }

  /** The stream has begun; what it replays is in the statistics already. */
  begin() {
    this.#behind = true;
    this.#until = Date.now() + LONGEST;
    this.#in(QUIET);
  }

  add(type, at) {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    this.#chart?.add(type, at);
    if (this.#until) this.#in(Math.min(QUIET, this.#until - Date.now()));
    this.#tell();
  }

  #in(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookUp(), millis);
  }

  async #lookUp() {
    this.#until = 0;
    try {
      if (!document.hidden) {
        const [all] = await Promise.all([call("/events/stats"), this.#chart?.lookUp(this.#behind)]);
        this.#counts = new Map(Object.entries(all.eventsByType));
        this.#watching = all.activeConnections;
        this.#behind = this.#until > 0;
        this.#tell();
      }
    } catch {
      // The connection tells what is wrong.
    }
    if (!this.#until) this.#in(AGAIN * (1 + Math.random() / 2));
  }

  #tell() {
    if (this.#watching !== null) this.#show(this.#counts, this.#watching);
  }
}
