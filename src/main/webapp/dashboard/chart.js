// Events a minute by kind, drawn as lines that move on.

import { call } from "./api.js";
import { words } from "./words.js";

const MINUTES = 12;
const MINUTE = 60_000;
const KINDS = [
  { word: "photos", of: (type) => type === "photo.uploaded", colour: "#8f75ff" },
  { word: "pictures", of: (type) => type === "transformation.completed", colour: "#ff7a59" },
  { word: "failures", of: (type) => type === "transformation.failed", colour: "#e11d48" },
  { word: "other", of: () => true, colour: "#3aa0a8" },
];

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const kindOf = (type) => KINDS.findIndex((kind) => kind.of(type));
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name);

export class Chart {
  #canvas;
  #counts = new Map();
  #plot = null;
  #timer = 0;

  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** Looks up the last minutes: what a window of n minutes has more than one of n - 1. */
  async begin() {
    this.#plot = new window.Chart(this.#canvas, this.#options());
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#paint());
    const windows = Array.from({ length: MINUTES - 1 }, (none, n) => call(`/events/stats?since=PT${n}M`));
    const found = (await Promise.all(windows)).map((each) => each.eventsByType);
    const now = Math.floor(Date.now() / MINUTE);
    this.#counts.clear();
    found.forEach((byType, n) => {
      for (const [type, count] of Object.entries(byType)) {
        this.#count(type, now - n, count - (found[n - 1]?.[type] ?? 0));
      }
    });
    this.#draw();
    setInterval(() => this.#draw(), 5_000);
  }

  add(type, at) {
    this.#count(type, Math.floor(at / MINUTE), 1);
    if (this.#timer || !this.#plot) return;
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
    const last = Math.floor(Date.now() / MINUTE);
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

  /** In the colours of day or night. */
  #paint() {
    this.#plot.options = this.#options().options;
    this.#plot.update("none");
  }

  #options() {
    const axis = { ticks: { color: colour("--soft"), precision: 0, maxRotation: 0 }, grid: { color: colour("--line") } };
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
        plugins: { legend: { labels: { color: colour("--soft"), boxWidth: 12, boxHeight: 12 } } },
      },
    };
  }
}
