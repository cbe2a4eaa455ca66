// The dashboard: one stream feeds the wall, the counters and the ticker.

import { call, keep, token, user } from "./api.js";
import { Stream } from "./stream.js";
import { Ticker } from "./ticker.js";
import { Uploader } from "./uploader.js";
import { Wall } from "./wall.js";
import { words, write } from "./words.js";

const element = (id) => document.getElementById(id);
const STATUS = {
  "transformation.started": "processing",
  "transformation.progress": "processing",
  "transformation.completed": "completed",
  "transformation.failed": "failed",
  "transformation.cancelled": "cancelled",
};

const styles = new Map();
const ticker = new Ticker(element("ticker"));
const wall = new Wall(element("wall"), element("wall-empty"), (id) => styles.get(id) ?? id, open);
let counts = {};

function open(card) {
  element("viewer-picture").src =
    card.status === "completed" ? new URL(card.resultUrl).pathname : `/uploads/photos/${card.photoId}.jpg`;
  element("viewer-picture").alt = card.picture.alt;
  element("viewer-caption").textContent = card.picture.alt;
  element("viewer").showModal();
}

function onEvent(name, body) {
  if (name === "connected") {
    refresh();
    return;
  }
  if (name.startsWith("stream.")) return;
  if (name !== "transformation.progress") {
    ticker.show(name, body);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  if (STATUS[name]) {
    wall.show({ ...body.data, status: STATUS[name] }, { arrives: true });
  } else if (name === "photo.deleted") {
    wall.removePhoto(body.data.photoId);
  }
  count();
}

function onState({ state, reason, seconds }) {
  const line = element("connection");
  line.dataset.state = state;
  if (state === "waiting") {
    line.textContent = words.waiting(seconds, reason ? words.ended(reason) : words.lost);
  } else {
    line.textContent = words[state];
  }
  if (state === "refused") askForToken(token() ? words.refused : "");
}

function count() {
  element("count-photos").textContent = counts["photo.uploaded"] ?? 0;
  element("count-completed").textContent = counts["transformation.completed"] ?? 0;
  element("count-running").textContent = wall.running;
}

/** What was there before the stream. Cards that the stream has brought meanwhile are met again. */
async function refresh() {
  const [recent, statistics] = await Promise.all([call("/transformations/recent?limit=50"), call("/events/stats")]);
  for (const transformation of recent) wall.show(transformation);
  counts = { ...statistics.eventsByType };
  element("count-watching").textContent = statistics.activeConnections;
  count();
}

function askForToken(message) {
  element("sign-in-message").textContent = message;
  if (!element("sign-in").open) element("sign-in").showModal();
}

async function start() {
  try {
    const { items } = await call("/styles");
    for (const style of items) styles.set(style.styleId, style.name);
    if (token()) {
      new Uploader(items);
      element("sign-out").hidden = false;
      element("sign-out").title = user() ?? "";
    }
  } catch (failure) {
    if (failure.status === 401) {
      onState({ state: "refused" });
      return;
    }
  }
  new Stream({ url: "/api/v1/events/stream", token, onEvent, onState });
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

write();
start();
