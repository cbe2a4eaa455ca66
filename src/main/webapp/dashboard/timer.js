// The countdown for a screen on a wall, and for who drives it.

import { connectTimer } from "../client/devfest-timer.js";
import { call, token } from "./api.js";
import { clockOf } from "./clock.js";
import { isPublisher, prepare, tellState } from "./page.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);
const OFTEN = 100;
const SOON = 60;
const MINUTE = 60;
const PENALTY = 60;

let timer = null;

function onState(state) {
  tellState(state);
  element("transport").textContent = state.state === "live" ? words.transports[state.transport] : "";
}

/** Draws only what has changed: a wall shows it for days. */
function put(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function draw() {
  const left = timer.now();
  if (left === null) return;
  const { elapsed, remaining, running, game_completed: completed } = timer.update;
  const state = completed ? "completed" : left <= 0 ? "over" : running ? "running" : "standing";
  put("time", clockOf(left));
  element("time").style.setProperty("--characters", Math.max(4, clockOf(left).length));
  put("timer-state", words.timerStates[state]);
  element("timer").dataset.state = state === "running" && left <= SOON ? "soon" : state;
  element("used").max = remaining + elapsed || 1;
  element("used").value = remaining + elapsed - left;
  document.title = `${clockOf(left)} · ${words.timer}`;
}

async function drive(what, body) {
  put("timer-message", "");
  try {
    await call(`/timer/${what}`, { method: "POST", body: body ?? {} });
  } catch (failure) {
    put("timer-message", words.refusal(failure));
  }
}

/** How long it is to be when it begins anew; nothing: as before. */
function length() {
  const minutes = Number(element("minutes").value);
  return minutes > 0 ? { duration: Math.round(minutes * MINUTE) } : {};
}

function offer() {
  element("drive").hidden = false;
  element("timer-start").addEventListener("click", () => drive("start"));
  element("timer-pause").addEventListener("click", () => drive("pause"));
  element("timer-penalty").addEventListener("click", () => drive("penalty", { seconds: PENALTY }));
  element("timer-complete").addEventListener("click", () => drive("complete"));
  element("drive").addEventListener("submit", (event) => {
    event.preventDefault();
    drive("reset", length());
  });
}

prepare();
if (isPublisher()) offer();
timer = connectTimer({ token });
timer.onState(onState);
timer.on(draw);
setInterval(draw, OFTEN);
