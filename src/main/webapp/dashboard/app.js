// The dashboard: one connection feeds the wall, the counters, the chart and the ticker.

import { connect, userOf } from "/client/devfest-studio.js";
import { call, keep, onToken, setClock, token } from "./api.js";
import { Camera } from "./camera.js";
import { Chart } from "./chart.js";
import { Gallery } from "./gallery.js";
import { Organiser } from "./organiser.js";
import { Statistics } from "./statistics.js";
import { Ticker } from "./ticker.js";
import { Uploader } from "./uploader.js";
import { Viewer } from "./viewer.js";
import { Wall } from "./wall.js";
import { choose, language, words, write } from "./words.js";

const element = (id) => document.getElementById(id);
const RECALLED = 40;
const STYLES_AGAIN = 5_000;
// Maps and not objects: anybody who may publish chooses names, also "constructor".
const STATUS = new Map([
  ["transformation.started", "processing"],
  ["transformation.progress", "processing"],
  ["transformation.completed", "completed"],
  ["transformation.failed", "failed"],
  ["transformation.cancelled", "cancelled"],
]);

/** A screen for everybody: no controls, and nothing that not everybody may see. */
const kiosk = new URLSearchParams(location.search).has("kiosk");
const seen = kiosk ? { visibility: "public" } : {};

const styles = new Map();
const styleName = (id) => styles.get(id) ?? id;
const viewer = new Viewer(styleName);
const onOpen = kiosk ? null : (cards, i) => viewer.open(cards, i);
const wall = new Wall(element("wall"), element("wall-empty"), styleName, onOpen);
const ticker = new Ticker(styleName);
const statistics = new Statistics(kiosk ? null : new Chart(element("chart")), count);
let studio = null;
let uploader = null;
let recalled = kiosk;

function onEvent(event) {
  const { event: type, data } = event;
  if (type === "connected") setClock(event.timestamp);
  if (type === "connected" || type === "stream.reset") begin(type === "stream.reset");
  if (type === "connected" || type.startsWith("stream.") || type === "heartbeat") return;
  const passing = type === "transformation.progress";
  if (!passing) {
    ticker.show(event);
    statistics.add(type, Date.parse(event.timestamp));
  }
  if (STATUS.has(type)) {
    wall.show({ ...data, status: STATUS.get(type), timestamp: event.timestamp }, { arrives: !passing });
  } else if (type === "photo.deleted") {
    wall.removePhoto(data.photoId);
  }
  element("count-running").textContent = wall.running;
}

/** The stream has begun: what was there before is looked up. */
function begin(anew) {
  statistics.begin();
  for (const looked of [refresh(anew), recall()]) looked.catch(() => {}); // the connection tells what is wrong
}

/**
 * The wall before the stream. Cards that the stream has brought meanwhile are met again.
 *
 * @param anew events are missing: what the wall held may have gone
 */
async function refresh(anew) {
  const before = anew ? wall.ids : [];
  const recent = await call(`/transformations/recent?${new URLSearchParams({ limit: 50, ...seen })}`);
  wall.forget(before);
  for (const transformation of recent) wall.show(transformation);
  wall.settled();
  element("count-running").textContent = wall.running;
  uploader?.illustrate();
}

/** What happened before the stream. Positions have no holes, so the last ones are counted off. */
async function recall() {
  const at = studio.position;
  if (recalled || at === null) return;
  recalled = true;
  const { items } = await call(`/events?after=${BigInt(at) - BigInt(RECALLED)}&limit=${RECALLED}`);
  ticker.recall(items.filter(({ id }) => BigInt(id) <= BigInt(at)));
}

function onState(state) {
  const line = element("connection");
  line.dataset.state = state.state;
  line.dataset.transport = state.transport ?? "";
  line.textContent = words.connection(state);
  // Whoever listens hears of a change, and not of each second until the next try.
  const change = words.connection({ ...state, seconds: undefined });
  if (element("connection-change").textContent !== change) element("connection-change").textContent = change;
  if (state.state === "refused" && state.status === 401) askForToken(token() ? words.refused : "");
}

function count(counts, watching) {
  element("count-photos").textContent = counts.get("photo.uploaded") ?? 0;
  element("count-completed").textContent = counts.get("transformation.completed") ?? 0;
  element("count-watching").textContent = watching;
}

function askForToken(message) {
  element("sign-in-message").textContent = message;
  if (!element("sign-in").open) element("sign-in").showModal();
}

function signedIn(items) {
  uploader = new Uploader(items);
  new Camera((file) => uploader.add([file]));
  const gallery = new Gallery(styleName);
  new Organiser();
  element("open-gallery").hidden = false;
  element("open-gallery").addEventListener("click", () => gallery.open());
  element("sign-out").hidden = false;
  element("sign-out").title = userOf(token()) ?? "";
}

function offer({ items }) {
  const choice = element("filters").elements.style;
  for (const style of items) {
    styles.set(style.styleId, style.name);
    choice.append(new Option(style.name, style.styleId));
  }
  element("trouble").textContent = "";
  if (token() && !kiosk) signedIn(items);
  wall.redraw();
}

/** Without the styles there is nothing to choose from, so they are asked for until they come. */
function offerLater(failure) {
  element("trouble").textContent = words.noStyles(words.refusal(failure));
  const again = () => call("/styles?limit=100").then(offer).then(() => uploader?.illustrate());
  setTimeout(() => again().catch(offerLater), STYLES_AGAIN);
}

async function start() {
  document.body.classList.toggle("kiosk", kiosk);
  try {
    offer(await call("/styles?limit=100"));
  } catch (failure) {
    if (failure.status === 401) {
      onState({ state: "refused", status: 401 });
      return;
    }
    offerLater(failure);
  }
  studio = connect({ token, query: seen, pauseWhenHidden: !kiosk });
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
  // A browser lets Esc close a dialog that will not: without a token there is nothing to see.
  if (element("sign-in").returnValue !== "enter") {
    element("sign-in").showModal();
    return;
  }
  keep(element("token").value.trim());
  location.reload();
});
element("sign-in").addEventListener("cancel", (event) => event.preventDefault());
element("sign-out").addEventListener("click", () => {
  keep(null);
  location.reload();
});
onToken(() => location.reload());
element("language").value = language;
element("language").addEventListener("change", (event) => choose(event.target.value));

write();
start();
