// Creates plots by the library Chart.js, which is loaded when the first one comes into view.

import { beside } from "./api.js";

const LIBRARY = "../webjars/chart.js/4.5.1/dist/chart.umd.js";
const TEXT = 0.75;

/** @param {string} name */
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name);

/**
 * Resolves when the element is less than a screen away.
 *
 * @param {Element} element
 * @returns {Promise<void>}
 */
function isNear(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: "100%" },
    );
    observer.observe(element);
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} configuration of Chart.js
 * @returns {Promise<any>} the plot: `data`, `options` and `update()`
 */
export async function plot(canvas, configuration) {
  await isNear(canvas);
  await import(beside(LIBRARY)); // defines a global name
  const { Chart } = /** @type {any} */ (globalThis);
  return new Chart(canvas, configuration);
}

/** The options of a plot of counts, in the colours of the page and the size of its text. */
export function options() {
  const font = { size: TEXT * parseFloat(getComputedStyle(document.documentElement).fontSize) };
  const ticks = {
    color: colour("--soft"),
    font,
    precision: 0,
    maxRotation: 0,
    autoSkipPadding: font.size,
  };
  const axis = { ticks, grid: { color: colour("--line") } };
  const labels = { color: colour("--soft"), font, boxWidth: font.size, boxHeight: font.size };
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { intersect: false, mode: "index" },
    scales: { x: axis, y: { ...axis, beginAtZero: true, suggestedMax: 4 } },
    plugins: { legend: { labels } },
  };
}

/**
 * Calls back when the colour scheme or the size of the page changes.
 *
 * @param {() => void} action
 */
export function onRestyle(action) {
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", action);
  addEventListener("resize", action);
}
