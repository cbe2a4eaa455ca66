// Events a minute by kind, drawn as lines that move on.

import { call, now } from "./api.js";
import { language, words } from "./words.js";

const MINUTES = 12;
const MINUTE = 60_000;
const TEXT = 0.75;
const KINDS = [
  { word: "photos", of: (type) => type === "photo.uploaded", colour: "#8f75ff" },
  { word: "pictures", of: (type) => type === "transformation.completed", colour: "#ff7a59" },
  { word: "failures", of: (type) => type === "transformation.failed", colour: "#e11d48" },
  { word: "other", of: () => true, colour: "#3aa0a8" },
];

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const kindOf = (type) => KINDS.findIndex((kind) => kind.of(type));
const thisMinute = () => Math.floor(now() / MINUTE);
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name);

export class Chart {
  #counts = new Map();
  #plot = null;
  #timer = 0;

  constructor(canvas) {
    this.#plot = new window.Chart(canvas, this.#options());
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#paint());
    addEventListener("resize", () => this.#paint());
    setInterval(() => this.#draw(), 5_000);
  }

  /**
   * Looks up the last minutes: what a window of n minutes has more than one of n - 1.
   *
   * @param all whether all are wanted, or only this minute and the one before
   */
  async lookUp(all) {
    const windows = Array.from({ length: all ? MINUTES - 1 : 2 }, (none, n) => call(`/events/stats?since=PT${n}M`));
    const found = (await Promise.all(windows)).map((each) => new Map(Object.entries(each.eventsByType)));
    const last = thisMinute();
    found.forEach((byType, n) => {
      this.#counts.delete(last - n);
      for (const [type, count] of byType) this.#count(type, last - n, count - (found[n - 1]?.get(type) ?? 0));
    });
    this.#draw();
  }

  add(type, at) {
    this.#count(type, Math.floor(at / MINUTE), 1);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#draw();
    }, 500);
  }

  #count(type, minute, by) {
    if (!this.#counts.has(minute)) this.#counts.set(minute, KINDS.map(() => 0));
    this.#counts.get(minute)[kindOf(type)] += by;
  }

  #draw() {
    const last = thisMinute();
    for (const minute of this.#counts.keys()) {
      if (minute <= last - MINUTES) this.#counts.delete(minute);
    }
    const minutes = Array.from({ length: MINUTES }, (none, i) => last - MINUTES + 1 + i);
    this.#plot.data.labels = minutes.map((minute) => clock.format(minute * MINUTE));
    KINDS.forEach((kind, k) => {
      this.#plot.data.datasets[k].data = minutes.map((minute) => this.#counts.get(minute)?.[k] ?? 0);
    });
    this.#plot.update("none");
  }

  /** In the colours of day or night, and in the size of the screen's text. */
  #paint() {
    this.#plot.options = this.#options().options;
    this.#plot.update("none");
  }

  #options() {
    const font = { size: TEXT * parseFloat(getComputedStyle(document.documentElement).fontSize) };
    const axis = { ticks: { color: colour("--soft"), font, precision: 0, maxRotation: 0, autoSkipPadding: font.size }, grid: { color: colour("--line") } };
    return {
      type: "line",
      data: {
        labels: [],
        datasets: KINDS.map((kind) => ({
          label: words[kind.word],
          data: [],
          borderColor: kind.colour,
          backgroundColor: kind.colour,
          borderWidth: 2,
          pointRadius: 0,
          tension: 0.3,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { intersect: false, mode: "index" },
        scales: { x: axis, y: { ...axis, beginAtZero: true, suggestedMax: 4 } },
        plugins: { legend: { labels: { color: colour("--soft"), font, boxWidth: font.size, boxHeight: font.size } } },
      },
    };
  }
}
