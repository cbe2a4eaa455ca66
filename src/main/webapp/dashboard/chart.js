// Events per minute by kind, drawn as moving lines.

import { call, now } from "./api.js";
import { onRestyle, options, plot } from "./plot.js";
import { language, words } from "./words.js";

const MINUTES = 12;
const MINUTE = 60_000;
const DRAW_EVERY = 5_000;
const DRAW_AFTER = 500;

/** @type {{ label: string, colour: string, of: (type: string) => boolean }[]} */
const KINDS = [
  { label: words.photos, colour: "#8f75ff", of: (type) => type === "photo.uploaded" },
  { label: words.pictures, colour: "#ff7a59", of: (type) => type === "transformation.completed" },
  { label: words.failures, colour: "#e11d48", of: (type) => type === "transformation.failed" },
  { label: words.other, colour: "#3aa0a8", of: () => true },
];

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
/** @param {string} type */
const kindOf = (type) => KINDS.findIndex((kind) => kind.of(type));
const thisMinute = () => Math.floor(now() / MINUTE);

export class Chart {
  /** @type {Map<number, number[]>} the counts by minute and kind */
  #counts = new Map();
  #plot;
  #timer = 0;

  /** @param {any} drawn the plot */
  constructor(drawn) {
    this.#plot = drawn;
    onRestyle(() => this.#restyle());
    setInterval(() => this.#draw(), DRAW_EVERY);
  }

  /** @param {HTMLCanvasElement} canvas */
  static async on(canvas) {
    return new Chart(await plot(canvas, configuration()));
  }

  /**
   * Loads the counts of the last minutes: the difference between a window of n minutes and one of n
   * - 1.
   *
   * @param {boolean} all whether to load all minutes, or only this one and the one before
   */
  async load(all) {
    const length = all ? MINUTES - 1 : 2;
    const windows = Array.from({ length }, (_, n) => call(`/events/stats?since=PT${n}M`));
    /** @type {Map<string, number>[]} */
    const found = (await Promise.all(windows)).map(
      ({ eventsByType }) => new Map(Object.entries(eventsByType)),
    );
    const last = thisMinute();
    found.forEach((byType, n) => {
      this.#counts.delete(last - n);
      for (const [type, count] of byType)
        this.#count(type, last - n, count - (found[n - 1]?.get(type) ?? 0));
    });
    this.#draw();
  }

  /**
   * @param {string} type of an event
   * @param {number} at its time in milliseconds
   */
  add(type, at) {
    this.#count(type, Math.floor(at / MINUTE), 1);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#draw();
    }, DRAW_AFTER);
  }

  /**
   * @param {string} type
   * @param {number} minute
   * @param {number} by
   */
  #count(type, minute, by) {
    const counts = this.#counts.get(minute) ?? KINDS.map(() => 0);
    this.#counts.set(minute, counts);
    counts[kindOf(type)] += by;
  }

  #draw() {
    const last = thisMinute();
    for (const minute of this.#counts.keys()) {
      if (minute <= last - MINUTES) this.#counts.delete(minute);
    }
    const minutes = Array.from({ length: MINUTES }, (_, i) => last - MINUTES + 1 + i);
    this.#plot.data.labels = minutes.map((minute) => clock.format(minute * MINUTE));
    KINDS.forEach((_, kind) => {
      this.#plot.data.datasets[kind].data = minutes.map(
        (minute) => this.#counts.get(minute)?.[kind] ?? 0,
      );
    });
    this.#plot.update("none");
  }

  /** Adopts the colours of the colour scheme and the size of the page's text. */
  #restyle() {
    this.#plot.options = options();
    this.#plot.update("none");
  }
}

function configuration() {
  return {
    type: "line",
    data: {
      labels: [],
      datasets: KINDS.map((kind) => ({
        label: kind.label,
        data: [],
        borderColor: kind.colour,
        backgroundColor: kind.colour,
        borderWidth: 2,
        pointRadius: 0,
        tension: 0.3,
      })),
    },
    options: options(),
  };
}
