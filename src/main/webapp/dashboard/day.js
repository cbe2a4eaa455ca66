// The statistics of a day, and the archive of all pictures, for organisers.

import { connect } from "../client/devfest-studio.js";
import { call } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { save } from "./download.js";
import { EVENT_TYPES, followEvent } from "./occasion.js";
import { isAdmin, prepare, showState } from "./page.js";
import { onRestyle, options, plot } from "./plot.js";
import { access } from "./session.js";
import { namesOfStyles } from "./styles.js";
import { language, words } from "./words.js";

/**
 * A day, as `GET /event/stats` returns it.
 *
 * @typedef {object} Day
 * @property {string} day
 * @property {string} zone
 * @property {number} photos
 * @property {number} pictures
 * @property {number} visitors
 * @property {number} guests
 * @property {{ startsAt: string, photos: number, pictures: number }[]} hours
 * @property {{ styleId: string, name: string, pictures: number }[]} styles
 */

const REFRESH = 60_000;
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const SERIES = [
  { key: "photos", label: words.photos, backgroundColor: "#8f75ff" },
  { key: "pictures", label: words.pictures, backgroundColor: "#ff7a59" },
];

const picker = byId("day", HTMLInputElement);
/** The names of the styles. @type {Map<string, string>} */
let names = new Map();
/** @type {Promise<any> | undefined} */
let chart;
/** The number of the newest call, whose answer counts. */
let newest = 0;

/** The query for the chosen day; for today at first. */
function query() {
  const parameters = new URLSearchParams({ zone: timeZone });
  if (picker.value) parameters.set("day", picker.value);
  return `?${parameters}`;
}

async function load() {
  newest++;
  const mine = newest;
  try {
    /** @type {Day} */
    const day = await call(`/event/stats${query()}`);
    if (mine !== newest) return;
    setText("message", "");
    picker.value = day.day;
    show(day);
  } catch (failure) {
    if (mine === newest) setText("message", words.refusal(failure));
  }
}

/** @param {Day} day */
function show({ zone, photos, pictures, visitors, guests, hours, styles }) {
  for (const [id, count] of Object.entries({ photos, pictures, visitors, guests }))
    setText(`day-${id}`, String(count));
  setText("zone", words.timesIn(zone));
  const labels = hours.map(({ startsAt }) => clock.format(new Date(startsAt)));
  draw(labels, hours);
  byId("hour-rows").replaceChildren(
    ...hours.map((hour, i) =>
      element(
        "tr",
        {},
        element("th", { scope: "row", textContent: labels[i] }),
        element("td", { textContent: String(hour.photos) }),
        element("td", { textContent: String(hour.pictures) }),
      ),
    ),
  );
  byId("no-styles").hidden = styles.length > 0;
  const most = styles[0]?.pictures ?? 1;
  byId("style-list").replaceChildren(
    ...styles.map(({ styleId, name: english, pictures: value }) => {
      const name = names.get(styleId) ?? english;
      return element(
        "li",
        {},
        element("span", { textContent: name }),
        element("b", { textContent: String(value) }),
        element("progress", { value, max: most, "aria-label": name }),
      );
    }),
  );
}

/**
 * @param {string[]} labels
 * @param {Record<string, any>[]} hours
 */
async function draw(labels, hours) {
  chart ??= createChart();
  const { data, update } = await chart;
  data.labels = labels;
  SERIES.forEach(({ key }, i) => {
    data.datasets[i].data = hours.map((hour) => hour[key]);
  });
  update();
}

async function createChart() {
  const datasets = SERIES.map(({ label, backgroundColor }) => ({
    label,
    backgroundColor,
    data: [],
  }));
  const drawn = await plot(byId("hours", HTMLCanvasElement), {
    type: "bar",
    data: { labels: [], datasets },
    options: options(),
  });
  const update = () => drawn.update("none");
  onRestyle(() => {
    drawn.options = options();
    update();
  });
  return { data: drawn.data, update };
}

/**
 * @param {string} button
 * @param {() => string} path
 */
function onSave(button, path) {
  byId(button).addEventListener("click", async () => {
    setText("message", "");
    try {
      await save(path());
    } catch (failure) {
      setText("message", words.refusal(failure));
    }
  });
}

await prepare();
if (isAdmin()) {
  names = await namesOfStyles();
  const studio = connect({ ...access(), channels: ["events"], query: { types: EVENT_TYPES } });
  studio.onState(showState);
  followEvent(studio);
  for (const id of ["figures", "favourites", "archive"]) byId(id).hidden = false;
  picker.addEventListener("change", () => {
    if (picker.validity.valid) load();
  });
  onSave("save-table", () => `/event/stats.csv${query()}`);
  onSave("save-all", () => "/event/pictures.zip");
  setInterval(() => {
    if (!document.hidden) load();
  }, REFRESH);
  load();
} else {
  byId("not-allowed").hidden = false;
}
