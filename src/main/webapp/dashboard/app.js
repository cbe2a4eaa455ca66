// The dashboard. One connection feeds the wall, the counters, the chart, the list of events and all
// other parts of the page.

import { connect } from "../client/devfest-studio.js";
import { Countdown } from "../client/countdown.js";
import { call } from "./api.js";
import { Bell } from "./bell.js";
import { clockOf } from "./clock.js";
import { byId, fieldOf, setText } from "./dom.js";
import { followEvent } from "./occasion.js";
import { isAdmin, isPublisher, prepare, showState } from "./page.js";
import { access, me, nameOf } from "./session.js";
import { Statistics } from "./statistics.js";
import { Ticker } from "./ticker.js";
import { Viewer } from "./viewer.js";
import { Wall } from "./wall.js";
import { language, words } from "./words.js";

/** @import { Connection, StudioEvent } from "../client/devfest-studio.js" */
/** @import { Refusal } from "./api.js" */
/** @import { Style } from "./uploader.js" */
/** @import { Status } from "./wall.js" */

const RECALLED = 40;
const RETRY_STYLES = 5_000;
const COUNTDOWN_EVERY = 250;
/** On a wall screen; what does not fit into its row is cut off. */
const MOST_TILES = 24;
const ALL_STYLES = "/styles?limit=100";
const timeOfReset = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/**
 * The status that an event leads to. A map, because publishers choose names of events, such as
 * "constructor".
 *
 * @type {Map<string, Status>}
 */
const STATUS = new Map([
  ["transformation.started", "processing"],
  ["transformation.progress", "processing"],
  ["transformation.completed", "completed"],
  ["picture.approved", "completed"],
  ["picture.shown", "completed"],
  ["transformation.failed", "failed"],
  ["transformation.cancelled", "cancelled"],
]);

/** Whether the page is a wall screen: without controls, and with public pictures only. */
const kiosk = new URLSearchParams(location.search).has("kiosk");
/** @type {Record<string, string>} */
const visibility = kiosk ? { visibility: "public" } : {};

/** @type {Map<string, string>} */
const styles = new Map();
/** @param {string} id */
const styleName = (id) => styles.get(id) ?? id;
const viewer = new Viewer(styleName);
/** @type {ConstructorParameters<typeof Wall>[3]} */
const onOpen = kiosk ? null : (cards, i) => viewer.open(cards, i);
const most = kiosk ? MOST_TILES : undefined;
const wall = new Wall(byId("wall"), byId("wall-empty"), styleName, onOpen, most);
const ticker = new Ticker(styleName);
const countdown = new Countdown();
const statistics = new Statistics(showCounts);
/** @type {import("./kiosk.js").Kiosk | null} */
let screen = null;
/** @type {Connection} */
let studio;
/** @type {import("./uploader.js").Uploader | null} */
let uploader = null;
let recalled = kiosk;
/** @type {Promise<void> | null} */
let plotting = null;
/** @type {import("./monitor.js").Monitor | null} */
let monitor = null;
/** Resolves when the styles are offered, or have failed to load for the first time. */
let offered = Promise.resolve();

/** @param {StudioEvent<string, any>} event */
function onEvent(event) {
  const { event: type, data } = event;
  if (type === "connected" || type === "stream.reset") begin(type === "stream.reset");
  if (type === "connected" || type.startsWith("stream.") || type === "heartbeat") return;
  const passing = type === "transformation.progress";
  if (!passing) {
    ticker.show(event);
    statistics.add(type, Date.parse(event.timestamp ?? ""));
  }
  const status = STATUS.get(type);
  if (status) show({ ...data, status, timestamp: event.timestamp }, { arrives: !passing });
  else if (type === "picture.hidden") {
    wall.forget([data.transformationId]);
    screen?.remove(data.transformationId);
  } else if (type === "photo.deleted") {
    wall.removePhoto(data.photoId);
    screen?.removePhoto(data.photoId);
    uploader?.removePhoto(data.photoId);
  }
  showRunning();
}

/** @type {Wall["show"]} */
function show(transformation, options) {
  wall.show(transformation, options);
  uploader?.take(transformation);
  screen?.add(transformation, options?.arrives ?? false);
}

/**
 * Loads what is older than the stream.
 *
 * @param {boolean} reset whether events are missing
 */
function begin(reset) {
  statistics.begin();
  // A failure shows in the state of the connection.
  for (const loading of [refresh(reset).then(drawPlots), recall()]) loading.catch(() => {});
}

/**
 * Loads the wall. It may include cards that the stream has delivered in the meantime.
 *
 * @param {boolean} reset whether cards on the wall may no longer exist
 */
async function refresh(reset) {
  const before = reset ? wall.ids : [];
  if (reset) screen?.clear();
  const query = new URLSearchParams({ limit: kiosk ? "100" : "50", ...visibility });
  const [recent] = await Promise.all([call(`/transformations/recent?${query}`), offered]);
  wall.forget(before);
  for (const transformation of recent) show(transformation);
  wall.settled();
  showRunning();
  uploader?.illustrate();
}

/** Loads the latest events before the stream. Positions have no gaps, so it can count back. */
async function recall() {
  const at = studio.position;
  if (screen && at !== null) await screen.recall(at);
  if (recalled || at === null) return;
  recalled = true;
  const after = BigInt(at) - BigInt(RECALLED);
  const path = `/events?after=${after}&limit=${RECALLED}&channels=events`;
  /** @type {[{ items: StudioEvent<string, any>[] }, void]} */
  const [{ items }] = await Promise.all([call(path), offered]);
  ticker.recall(items.filter(({ id }) => BigInt(String(id)) <= BigInt(at)));
}

/** Draws the plots, which are loaded after the first pictures. */
function drawPlots() {
  plotting ??= loadPlots().catch(() => {
    plotting = null; // again with the next connection
  });
}

async function loadPlots() {
  if (kiosk) return;
  if (me() && isAdmin()) {
    const { Monitor } = await import("./monitor.js");
    monitor ??= new Monitor();
  }
  const { Chart } = await import("./chart.js");
  statistics.draw(await Chart.on(byId("chart", HTMLCanvasElement)));
}

function showRunning() {
  byId("count-running").textContent = String(wall.running);
}

/**
 * @param {Map<string, number>} counts by type of event
 * @param {number} viewers
 */
function showCounts(counts, viewers) {
  byId("count-photos").textContent = String(counts.get("photo.uploaded") ?? 0);
  byId("count-completed").textContent = String(counts.get("transformation.completed") ?? 0);
  byId("count-watching").textContent = String(viewers);
}

/** Shows the time left while the countdown runs. */
function showCountdown() {
  const left = countdown.update?.running ? (countdown.now() ?? 0) : 0;
  const link = byId("countdown");
  link.hidden = left <= 0;
  const text = clockOf(left);
  setText("countdown", text);
  const label = words.timerLeft(text);
  if (link.getAttribute("aria-label") !== label) link.setAttribute("aria-label", label);
}

/**
 * @param {Style[]} items
 * @param {typeof import("./personal.js")} parts
 */
function prepareForUser(items, { Camera, Gallery, Uploader }) {
  const form = new Uploader(
    items,
    () => studio,
    (id) => wall.get(id),
    (picture) => viewer.open([picture], 0),
  );
  uploader = form;
  new Camera((file) => form.add([file]));
  const gallery = new Gallery(styleName);
  if (isPublisher()) organise();
  byId("open-event").hidden = !isPublisher();
  byId("open-gallery").hidden = false;
  byId("open-gallery").addEventListener("click", () => gallery.open());
}

async function organise() {
  const { Organiser } = await import("./organiser.js");
  const organiser = new Organiser(() => studio);
  viewer.onDraft = (picture) => {
    organiser.draft(styleName(picture.styleId), nameOf(picture));
  };
}

/** Loads the styles and what belongs to them, and offers both. */
async function offerStyles() {
  const personal = me() && !kiosk ? import("./personal.js") : null;
  /** @type {[{ items: Style[] }, typeof import("./personal.js") | null]} */
  const [{ items }, parts] = await Promise.all([call(ALL_STYLES), personal]);
  const choice = fieldOf("filters", "style", HTMLSelectElement);
  for (const style of items) {
    styles.set(style.styleId, style.name);
    choice.append(new Option(style.name, style.styleId));
  }
  byId("trouble").textContent = "";
  if (parts) prepareForUser(items, parts);
  wall.redraw();
}

/**
 * Loads the styles again, until that succeeds: without them there is nothing to select.
 *
 * @param {unknown} failure
 */
function retryStyles(failure) {
  if (/** @type {Refusal} */ (failure).status === 401) {
    studio.close(); // over plain HTTP, a cookie of an earlier visit counts for streams alone
    showState({ state: "refused", status: 401 });
    return;
  }
  byId("trouble").textContent = words.noStyles(words.refusal(failure));
  setTimeout(() => offerStyles().then(() => uploader?.illustrate(), retryStyles), RETRY_STYLES);
}

/** Opens the page's only connection. A wall screen requests nothing that belongs to one user. */
function follow() {
  const personal = me() !== null && !kiosk;
  const channels = ["events", "timer"];
  if (personal) channels.push("notifications", "quota");
  if (personal && isAdmin()) channels.push("metrics");
  const bell = personal ? new Bell() : null;
  studio = connect({
    ...access(),
    channels,
    query: visibility,
    pauseWhenHidden: () => !kiosk && !bell?.staysConnected,
  });
  followEvent(studio, (occasion) => screen?.describe(occasion));
  studio.on("*", onEvent);
  studio.onState(showState);
  studio.onChannel("timer", ({ data }) => {
    countdown.take(/** @type {import("../client/devfest-timer.js").TimerUpdate} */ (data));
    showCountdown();
  });
  setInterval(showCountdown, COUNTDOWN_EVERY);
  studio.onChannel("notifications", (frame) => bell?.take(frame));
  studio.onChannel("quota", (frame) => showQuota(/** @type {any} */ (frame.data).quota));
  studio.onChannel("metrics", (frame) => monitor?.take(/** @type {any} */ (frame)));
}

/** @param {{ used: number, remaining: number, limit: number, resetsAt: string }} quota */
function showQuota({ used, remaining, limit, resetsAt }) {
  const resets = timeOfReset.format(new Date(resetsAt));
  setText(
    "quota-text",
    limit === 0 ? words.unlimited(used) : words.quotaLeft(remaining, limit, resets),
  );
}

function filter() {
  wall.filter({
    text: fieldOf("filters", "text", HTMLInputElement).value,
    style: fieldOf("filters", "style", HTMLSelectElement).value,
    status: fieldOf("filters", "status", HTMLSelectElement).value,
  });
}

byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("filters").addEventListener("input", filter);
byId("filters").addEventListener("change", filter);
if (kiosk) {
  const { Kiosk } = await import("./kiosk.js");
  screen = new Kiosk(styleName, () => begin(true));
}
await prepare();
follow();
offered = offerStyles()
  .catch(retryStyles)
  // From now on nothing moves the parts of the page.
  .finally(() => document.body.classList.remove("pending"));
