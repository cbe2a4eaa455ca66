// The dashboard: one connection feeds the wall, the counters, the chart, the ticker and whatever else
// there is on the page.

import { connect } from "../client/devfest-studio.js";
import { Countdown } from "../client/devfest-timer.js";
import { call, setClock, token } from "./api.js";
import { Bell } from "./bell.js";
import { Camera } from "./camera.js";
import { Chart } from "./chart.js";
import { clockOf } from "./clock.js";
import { Gallery } from "./gallery.js";
import { Monitor } from "./monitor.js";
import { Organiser } from "./organiser.js";
import { isAdmin, prepare, tellState } from "./page.js";
import { Statistics } from "./statistics.js";
import { Ticker } from "./ticker.js";
import { Uploader } from "./uploader.js";
import { Viewer } from "./viewer.js";
import { Wall } from "./wall.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);
const RECALLED = 40;
const STYLES_AGAIN = 5_000;
const OFTEN = 250;
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
const countdown = new Countdown();
const statistics = new Statistics(kiosk ? null : new Chart(element("chart")), count);
let studio = null;
let uploader = null;
let bell = null;
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
  const { items } = await call(`/events?after=${BigInt(at) - BigInt(RECALLED)}&limit=${RECALLED}&channels=events`);
  ticker.recall(items.filter(({ id }) => BigInt(id) <= BigInt(at)));
}

function count(counts, watching) {
  element("count-photos").textContent = counts.get("photo.uploaded") ?? 0;
  element("count-completed").textContent = counts.get("transformation.completed") ?? 0;
  element("count-watching").textContent = watching;
}

/** The time that is left, while it runs. */
function showCountdown() {
  const left = countdown.update?.running ? countdown.now() : 0;
  element("countdown").hidden = left <= 0;
  const text = clockOf(left);
  if (element("countdown").textContent === text) return;
  element("countdown").textContent = text;
  element("countdown").setAttribute("aria-label", words.timerLeft(text));
}

function signedIn(items) {
  uploader = new Uploader(items, () => studio);
  new Camera((file) => uploader.add([file]));
  const gallery = new Gallery(styleName);
  const organiser = new Organiser(() => studio);
  viewer.onDraft = ({ styleId, userId }) => organiser.draft(styleName(styleId), userId);
  element("open-gallery").hidden = false;
  element("open-gallery").addEventListener("click", () => gallery.open());
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
      tellState({ state: "refused", status: 401 });
      return;
    }
    offerLater(failure);
  }
  follow();
}

/** Everything comes over this one connection; what is not for everybody is not asked for on a wall. */
function follow() {
  const own = token() && !kiosk;
  const channels = ["events", "timer"];
  if (own) channels.push("notifications");
  if (own && isAdmin()) channels.push("metrics");
  if (own) bell = new Bell();
  studio = connect({ token, channels, query: seen, pauseWhenHidden: () => !kiosk && !bell?.keeps });
  studio.on("*", onEvent);
  studio.onState(tellState);
  studio.onChannel("timer", ({ data }) => {
    countdown.take(data);
    showCountdown();
  });
  setInterval(showCountdown, OFTEN);
  studio.onChannel("notifications", (frame) => bell.hear(frame));
  if (channels.includes("metrics")) {
    const monitor = new Monitor();
    studio.onChannel("metrics", (frame) => monitor.hear(frame));
  }
}

element("filters").addEventListener("submit", (event) => event.preventDefault());
for (const type of ["input", "change"]) {
  element("filters").addEventListener(type, () => {
    const { text, style, status } = element("filters").elements;
    wall.filter({ text: text.value, style: style.value, status: status.value });
  });
}
prepare();
start();
