// The dashboard: one connection feeds the wall, the counters, the chart and the ticker.

import { connect, userOf } from "/client/devfest-studio.js";
import { call, keep, token } from "./api.js";
import { Camera } from "./camera.js";
import { Chart } from "./chart.js";
import { Gallery } from "./gallery.js";
import { Ticker } from "./ticker.js";
import { Uploader } from "./uploader.js";
import { Viewer } from "./viewer.js";
import { Wall } from "./wall.js";
import { choose, language, words, write } from "./words.js";

const element = (id) => document.getElementById(id);
const STATUS = {
  "transformation.started": "processing",
  "transformation.progress": "processing",
  "transformation.completed": "completed",
  "transformation.failed": "failed",
  "transformation.cancelled": "cancelled",
};

/** A screen for everybody: no controls, and nothing that not everybody may see. */
const kiosk = new URLSearchParams(location.search).has("kiosk");
const seen = kiosk ? { visibility: "public" } : {};

const styles = new Map();
const styleName = (id) => styles.get(id) ?? id;
const viewer = new Viewer(styleName);
const wall = new Wall(element("wall"), element("wall-empty"), styleName, (cards, i) => viewer.open(cards, i));
const ticker = new Ticker();
const chart = new Chart(element("chart"));
let counts = {};

function onEvent(event) {
  const { event: type, data } = event;
  if (type === "connected" || type === "stream.reset") {
    refresh().catch(() => {}); // the connection tells what is wrong
    return;
  }
  if (type.startsWith("stream.") || type === "heartbeat") return;
  if (type !== "transformation.progress") {
    ticker.show(event);
    chart.add(type, Date.parse(event.timestamp));
    counts[type] = (counts[type] ?? 0) + 1;
  }
  if (STATUS[type]) {
    wall.show({ ...data, status: STATUS[type], timestamp: event.timestamp }, { arrives: true });
  } else if (type === "photo.deleted") {
    wall.removePhoto(data.photoId);
  }
  count();
}

function onState(state) {
  const line = element("connection");
  line.dataset.state = state.state;
  line.dataset.transport = state.transport ?? "";
  line.textContent = words.connection(state);
  if (state.state === "refused") askForToken(token() ? words.refused : "");
}

function count() {
  element("count-photos").textContent = counts["photo.uploaded"] ?? 0;
  element("count-completed").textContent = counts["transformation.completed"] ?? 0;
  element("count-running").textContent = wall.running;
}

/** What was there before the stream. Cards that the stream has brought meanwhile are met again. */
async function refresh() {
  const query = new URLSearchParams({ limit: 50, ...seen });
  const [recent, statistics] = await Promise.all([call(`/transformations/recent?${query}`), call("/events/stats")]);
  for (const transformation of recent) wall.show(transformation);
  counts = { ...statistics.eventsByType };
  element("count-watching").textContent = statistics.activeConnections;
  count();
}

function askForToken(message) {
  element("sign-in-message").textContent = message;
  if (!element("sign-in").open) element("sign-in").showModal();
}

function signedIn(items) {
  const uploader = new Uploader(items);
  new Camera((file) => uploader.add([file]));
  const gallery = new Gallery(styleName);
  element("open-gallery").hidden = false;
  element("open-gallery").addEventListener("click", () => gallery.open());
  element("sign-out").hidden = false;
  element("sign-out").title = userOf(token()) ?? "";
}

async function start() {
  document.body.classList.toggle("kiosk", kiosk);
  try {
    const { items } = await call("/styles?limit=100");
    const choice = element("filters").elements.style;
    for (const style of items) {
      styles.set(style.styleId, style.name);
      choice.append(new Option(style.name, style.styleId));
    }
    if (token() && !kiosk) signedIn(items);
  } catch (failure) {
    if (failure.status === 401) {
      onState({ state: "refused" });
      return;
    }
  }
  chart.begin().catch(() => {});
  const studio = connect({ token, query: seen, pauseWhenHidden: !kiosk });
  studio.on("*", onEvent);
  studio.onState(onState);
}

element("filters").addEventListener("submit", (event) => event.preventDefault());
for (const type of ["input", "change"]) {
  element("filters").addEventListener(type, () => {
    const { text, style, status } = element("filters").elements;
    wall.filter({ text: text.value, style: style.value, status: status.value });
  });
}
element("sign-in").addEventListener("close", () => {
  keep(element("token").value.trim());
  location.reload();
});
element("sign-in").addEventListener("cancel", (event) => event.preventDefault());
element("sign-out").addEventListener("click", () => {
  keep(null);
  location.reload();
});
element("language").value = language;
element("language").addEventListener("change", (event) => choose(event.target.value));

write();
start();
