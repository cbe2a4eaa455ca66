// Creates a plot of the library Chart.js, which the page loads as a script.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} configuration of Chart.js
 * @returns {any} the plot: `data`, `options` and `update()`
 */
export function plot(canvas, configuration) {
  const { Chart } = /** @type {any} */ (globalThis);
  return new Chart(canvas, configuration);
}
