// The server's measurements of the last minute, one line per measure. For admins.

import { byId, element } from "./dom.js";
import { plot } from "./plot.js";
import { language, words } from "./words.js";

/**
 * A measurement; `timestamp` is in seconds, `memory.alloc` in bytes.
 *
 * @typedef {object} Sample
 * @property {number} timestamp
 * @property {number} cpu
 * @property {{ alloc: number }} memory
 * @property {number} connections
 * @property {number} events_per_second
 */

/**
 * How a measure is shown; `least` is the least height of its axis.
 *
 * @typedef {object} Measure
 * @property {"cpu" | "heap" | "connections" | "rate"} name
 * @property {(sample: Sample) => number} of
 * @property {(value: number) => string} text
 * @property {string} colour
 * @property {number} least
 */

const SECONDS = 60;
const MEGABYTE = 1 << 20;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
const megabytes = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "megabyte",
  maximumFractionDigits: 0,
});

/** @type {Measure[]} */
const MEASURES = [
  {
    name: "cpu",
    of: ({ cpu }) => cpu,
    text: (n) => percent.format(n / 100),
    colour: "#ff7a59",
    least: 10,
  },
  {
    name: "heap",
    of: ({ memory }) => memory.alloc / MEGABYTE,
    text: (n) => megabytes.format(n),
    colour: "#8f75ff",
    least: 64,
  },
  {
    name: "connections",
    of: ({ connections }) => connections,
    text: (n) => whole.format(n),
    colour: "#3aa0a8",
    least: 4,
  },
  {
    name: "rate",
    of: (sample) => sample.events_per_second,
    text: (n) => fine.format(n),
    colour: "#e11d48",
    least: 4,
  },
];

export class Monitor {
  /** @type {Sample[]} */
  #samples = [];
  /** @type {Map<string, any>} */
  #plots = new Map();

  constructor() {
    byId("metrics").hidden = false;
    for (const measure of MEASURES) byId("measures").append(this.#figure(measure));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#draw());
  }

  /**
   * Takes a frame of the channel `metrics`.
   *
   * @param {import("../client/devfest-studio.js").ChannelFrame<Sample>} frame
   */
  take({ event, data }) {
    if (event !== "metrics") return;
    const last = this.#samples.at(-1);
    if (last && data.timestamp <= last.timestamp) {
      this.#samples = this.#samples.filter((old) => old.timestamp < data.timestamp);
    }
    this.#samples.push(data);
    this.#samples = this.#samples.filter(({ timestamp }) => timestamp > data.timestamp - SECONDS);
    if (!document.hidden) this.#draw();
  }

  #draw() {
    const last = this.#samples.at(-1);
    if (!last) return;
    for (const { name, of, text } of MEASURES) {
      byId(`measure-${name}`).textContent = text(of(last));
      const drawn = this.#plots.get(name);
      if (!drawn) continue;
      const points = this.#samples.map((sample) => ({
        x: sample.timestamp - last.timestamp,
        y: of(sample),
      }));
      drawn.data.datasets[0].data = points;
      drawn.options.scales.y.grid.color = getComputedStyle(document.body).getPropertyValue(
        "--line",
      );
      drawn.update("none");
    }
  }

  /**
   * @param {string} name
   * @param {HTMLCanvasElement} canvas
   * @param {object} looks
   */
  async #create(name, canvas, looks) {
    this.#plots.set(name, await plot(canvas, looks));
    this.#draw();
  }

  /** @param {Measure} measure */
  #figure({ name, colour, least }) {
    const title = element("span", {
      id: `measure-title-${name}`,
      textContent: words.measures[name],
    });
    const value = element("b", { id: `measure-${name}`, textContent: "–" });
    const canvas = element("canvas", {
      id: `plot-${name}`,
      role: "img",
      "aria-labelledby": `${title.id} ${value.id}`,
    });
    const figure = element(
      "div",
      { className: "measure" },
      title,
      value,
      element("div", { className: "plot" }, canvas),
    );
    this.#create(name, canvas, configuration(colour, least));
    return figure;
  }
}

/**
 * @param {string} colour
 * @param {number} least
 */
function configuration(colour, least) {
  const line = {
    data: [],
    borderColor: colour,
    backgroundColor: `${colour}33`,
    borderWidth: 2,
    pointRadius: 0,
    fill: true,
  };
  const height = {
    beginAtZero: true,
    suggestedMax: least,
    ticks: { display: false, maxTicksLimit: 3 },
  };
  return {
    type: "line",
    data: { datasets: [line] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      events: [],
      scales: {
        x: { type: "linear", min: 1 - SECONDS, max: 0, display: false },
        y: { ...height, border: { display: false }, grid: {} },
      },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
    },
  };
}
