// The countdown for a wall screen, and its controls for publishers.

import { connectTimer } from "../client/devfest-timer.js";
import { bearer, call } from "./api.js";
import { clockOf } from "./clock.js";
import { byId, setText } from "./dom.js";
import { pollEvent } from "./occasion.js";
import { isPublisher, prepare, showState } from "./page.js";
import { words } from "./words.js";

const DRAW_EVERY = 100;
const SOON = 60;
const MINUTE = 60;
const PENALTY = 60;
const DIGITS = 4;

/** @param {import("../client/devfest-timer.js").TimerState} state */
function onState(state) {
  showState(state);
  byId("transport").textContent = state.state === "live" ? words.transports[state.transport] : "";
}

function draw() {
  const left = timer.now();
  if (left === null || timer.update === null) return;
  const { elapsed, remaining } = timer.update;
  const state = stateOf(timer.update, left);
  const text = clockOf(left);
  setText("time", text);
  byId("time").style.setProperty("--characters", String(Math.max(DIGITS, text.length)));
  setText("timer-state", words.timerStates[state]);
  byId("timer").dataset.state = state === "running" && left <= SOON ? "soon" : state;
  const used = byId("used", HTMLProgressElement);
  used.max = remaining + elapsed || 1;
  used.value = remaining + elapsed - left;
  document.title = `${text} · ${words.timer}`;
}

/**
 * @param {import("../client/devfest-timer.js").TimerUpdate} update
 * @param {number} left seconds
 */
function stateOf({ running, game_completed: completed }, left) {
  if (completed) return "completed";
  if (left <= 0) return "over";
  return running ? "running" : "paused";
}

/**
 * @param {string} action the last part of the call's path
 * @param {object} [body]
 */
async function control(action, body = {}) {
  setText("timer-message", "");
  try {
    await call(`/timer/${action}`, { method: "POST", body });
  } catch (failure) {
    setText("timer-message", words.refusal(failure));
  }
}

/** The duration after a reset; without one the countdown keeps its own. */
function duration() {
  const minutes = byId("minutes", HTMLInputElement).valueAsNumber;
  return minutes > 0 ? { duration: Math.round(minutes * MINUTE) } : {};
}

function offerControls() {
  byId("drive").hidden = false;
  byId("timer-start").addEventListener("click", () => control("start"));
  byId("timer-pause").addEventListener("click", () => control("pause"));
  byId("timer-penalty").addEventListener("click", () => control("penalty", { seconds: PENALTY }));
  byId("timer-complete").addEventListener("click", () => control("complete"));
  byId("drive").addEventListener("submit", (event) => {
    event.preventDefault();
    control("reset", duration());
  });
}

await prepare();
if (isPublisher()) offerControls();
const timer = connectTimer({ token: bearer() });
timer.onState(onState);
timer.on(draw);
setInterval(draw, DRAW_EVERY);
pollEvent();
