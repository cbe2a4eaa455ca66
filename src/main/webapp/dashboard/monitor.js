// What the server measures of itself, each second, as lines of a minute. For admins.

import { language, words } from "./words.js";

const element = (id) => document.getElementById(id);
const SECONDS = 60;
const MEGABYTE = 1 << 20;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const MEASURES = [
  { name: "cpu", of: ({ cpu }) => cpu, text: (n) => `${fine.format(n)} %`, colour: "#ff7a59", least: 10 },
  { name: "heap", of: ({ memory }) => memory.alloc / MEGABYTE, text: (n) => `${whole.format(n)} MB`, colour: "#8f75ff", least: 64 },
  { name: "connections", of: ({ connections }) => connections, text: (n) => whole.format(n), colour: "#3aa0a8", least: 4 },
  { name: "rate", of: ({ events_per_second: rate }) => rate, text: (n) => fine.format(n), colour: "#e11d48", least: 4 },
];

export class Monitor {
  #samples = [];
  #plots = new Map();

  constructor() {
    element("metrics").hidden = false;
    for (const measure of MEASURES) element("measures").append(this.#figure(measure));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.#draw());
  }

  /** Takes a measurement. */
  hear({ event, data }) {
    if (event !== "metrics") return;
    const last = this.#samples.at(-1);
    if (last && data.timestamp <= last.timestamp) this.#samples = this.#samples.filter((old) => old.timestamp < data.timestamp);
    this.#samples.push(data);
    this.#samples = this.#samples.filter(({ timestamp }) => timestamp > data.timestamp - SECONDS);
    if (!document.hidden) this.#draw();
  }

  #draw() {
    const last = this.#samples.at(-1);
    if (!last) return;
    for (const measure of MEASURES) {
      const plot = this.#plots.get(measure.name);
      plot.data.datasets[0].data = this.#samples.map((sample) => ({ x: sample.timestamp - last.timestamp, y: measure.of(sample) }));
      plot.options.scales.y.grid.color = getComputedStyle(document.body).getPropertyValue("--line");
      plot.update("none");
      element(`measure-${measure.name}`).textContent = measure.text(measure.of(last));
    }
  }

  #figure({ name, colour, least }) {
    const figure = document.createElement("div");
    figure.className = "measure";
    const title = document.createElement("span");
    title.id = `measure-title-${name}`;
    title.textContent = words.measures[name];
    const value = document.createElement("b");
    value.id = `measure-${name}`;
    value.textContent = "–";
    const box = document.createElement("div");
    box.className = "plot";
    const canvas = document.createElement("canvas");
    canvas.id = `plot-${name}`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-labelledby", `${title.id} ${value.id}`);
    box.append(canvas);
    figure.append(title, value, box);
    // It has to be on the page before it is drawn.
    requestAnimationFrame(() => this.#draw());
    this.#plots.set(name, new window.Chart(canvas, options(colour, least)));
    return figure;
  }
}

function options(colour, least) {
  return {
    type: "line",
    data: { datasets: [{ data: [], borderColor: colour, backgroundColor: `${colour}33`, borderWidth: 2, pointRadius: 0, fill: true }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      events: [],
      scales: {
        x: { type: "linear", min: 1 - SECONDS, max: 0, display: false },
        y: { beginAtZero: true, suggestedMax: least, ticks: { display: false, maxTicksLimit: 3 }, border: { display: false }, grid: {} },
      },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
    },
  };
}
