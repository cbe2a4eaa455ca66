// The pictures that wait for approval or were reported, for organisers. A shows the selected picture,
// H hides it, U takes the last decision back. Several organisers may decide at the same time, so a
// key never acts on a picture that has moved up to the place of another.

import { connect } from "../client/devfest-studio.js";
import { authorization, call, here } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { followEvent } from "./occasion.js";
import { isAdmin, prepare, showState } from "./page.js";
import { access } from "./session.js";
import { namesOfStyles } from "./styles.js";
import { words } from "./words.js";

/**
 * A picture that an organiser should look at, as `GET /moderation` returns it.
 *
 * @typedef {object} Case
 * @property {string} transformationId
 * @property {string} styleId
 * @property {string} userId
 * @property {string} displayName
 * @property {string} display shown, waiting or hidden
 * @property {string} pictureUrl
 * @property {number} reports
 * @property {string[]} reasons
 */

/** @typedef {"approve" | "show" | "hide"} Decision */

/** Events within this time cause one call. */
const PAUSE = 500;

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** @type {{ id: string, back: Decision }[]} */
const decided = [];

/** The pictures whose decision is being sent. @type {Set<string>} */
const deciding = new Set();

/** The picture on which the keys act. @type {string | null} */
let selected = null;

/** The names of the styles. @type {Map<string, string>} */
let names = new Map();

/** @type {number | undefined} */
let waiting;

/** @type {Promise<void>} */
let loading = Promise.resolve();

const cards = () => /** @type {HTMLElement[]} */ ([...byId("cases").children]);

/** @param {string | null} id */
const find = (id) => cards().find((card) => card.dataset.id === id);

/**
 * Loads a picture that only admins may see.
 *
 * @param {HTMLImageElement} image
 * @param {string} url
 */
async function showPicture(image, url) {
  const response = await fetch(here(url), { headers: authorization() });
  if (!response.ok) return;
  const address = URL.createObjectURL(await response.blob());
  image.onload = image.onerror = () => URL.revokeObjectURL(address);
  image.src = address;
}

/** @param {Case} each */
function view({ transformationId: id, styleId, userId, displayName, pictureUrl }) {
  const style = names.get(styleId) ?? styleId;
  const image = element("img", { alt: [style, displayName].join(", ") });
  showPicture(image, pictureUrl).catch(() => {}); // its text remains
  return element(
    "li",
    { className: "card", dataset: { id }, tabIndex: -1 },
    image,
    element("p", { textContent: `${displayName}, ${style}`, title: userId }),
    element("div", { className: "soft" }),
    element(
      "div",
      { className: "row" },
      element("button", {
        className: "primary",
        type: "button",
        textContent: words.approve,
        onclick: () => decide(id, "approve"),
      }),
      element("button", {
        className: "quiet",
        type: "button",
        textContent: words.hide,
        onclick: () => decide(id, "hide"),
      }),
    ),
  );
}

/**
 * @param {HTMLElement} card
 * @param {Case} each
 */
function describe(card, { display, reports, reasons }) {
  const state = display === "waiting" ? words.waits : words.reported(reports);
  const texts = [state, ...reasons.map((reason) => words.quoted(reason))];
  card
    .querySelector(".soft")
    ?.replaceChildren(...texts.map((textContent) => element("p", { textContent })));
}

/**
 * @param {string | null} id
 * @param {boolean} [focuses] whether the card gets the focus
 */
function select(id, focuses = false) {
  selected = id;
  for (const card of cards()) {
    if (card.dataset.id === id) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  }
  if (focuses) find(id)?.focus();
}

/** Loads the queue again, after the calls that were made before. */
function load() {
  const next = loading.then(async () => show((await call("/moderation")).items));
  loading = next.catch(() => {});
  return next;
}

/** Keeps the cards that were there before, with the selection and the focus. @param {Case[]} items */
function show(items) {
  const list = byId("cases");
  const isFirst = list.children.length === 0;
  const ids = new Set(items.map(({ transformationId }) => transformationId));
  for (const card of cards()) if (!ids.has(card.dataset.id ?? "")) card.remove();
  items.forEach((each, i) => {
    const card = find(each.transformationId) ?? view(each);
    describe(card, each);
    if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
  });
  byId("empty").hidden = items.length > 0;
  if (selected && !ids.has(selected)) {
    select(null);
    setText("message", words.selectionLost);
  } else if (isFirst) {
    select(items[0]?.transformationId ?? null);
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => load().catch(fail), PAUSE);
}

/** @param {unknown} failure */
function fail(failure) {
  setText("message", words.refusal(failure));
}

/** Selects the card after a card, else the one before it. @param {HTMLElement} card */
function selectNext(card) {
  const all = cards();
  const at = all.indexOf(card);
  const others = [...all.slice(at + 1), ...all.slice(0, at).reverse()];
  const next = others.find(({ dataset }) => !deciding.has(dataset.id ?? ""));
  select(next?.dataset.id ?? null, card.contains(document.activeElement));
}

/**
 * @param {string} id
 * @param {Decision} decision
 */
async function decide(id, decision) {
  const card = find(id);
  if (!card || deciding.has(id)) return;
  deciding.add(id);
  if (selected === id) selectNext(card);
  try {
    await call(`/transformations/${id}/${decision}`, { method: "POST" });
    decided.push({ id, back: decision === "hide" ? "show" : "hide" });
    setText("message", decision === "hide" ? words.hidden : words.shown);
    await load();
  } catch (failure) {
    fail(failure);
  } finally {
    deciding.delete(id);
  }
}

/** Takes the last decision back. A picture that was waiting before returns to the queue. */
async function undo() {
  const last = decided.pop();
  if (!last) return;
  try {
    await call(`/transformations/${last.id}/${last.back}`, { method: "POST" });
    await load();
    const isBack = find(last.id) !== undefined;
    if (isBack) select(last.id, true);
    const text = isBack ? words.waitsAgain : words.shown;
    setText("message", last.back === "hide" ? words.hidden : text);
  } catch (failure) {
    decided.push(last);
    fail(failure);
  }
}

/** @param {number} by */
function step(by) {
  const all = cards();
  const at = all.findIndex(({ dataset }) => dataset.id === selected);
  const card = at < 0 ? all[0] : all[at + by];
  if (card) select(card.dataset.id ?? null, true);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { key, target, repeat, ctrlKey, metaKey, altKey } = event;
  const isField = target instanceof Element && target.closest("input, select, dialog");
  if (ctrlKey || metaKey || altKey || isField) return;
  if (STEPS[key]) {
    event.preventDefault();
    step(STEPS[key]);
  }
  if (repeat) return;
  const letter = key.toLowerCase();
  if (letter === "u") undo();
  if (letter !== "a" && letter !== "h") return;
  if (selected) decide(selected, letter === "a" ? "approve" : "hide");
  else step(0); // so that the user sees what the next key acts on
}

await prepare();
if (isAdmin()) {
  names = await namesOfStyles();
  const studio = connect({ ...access(), channels: ["events"] });
  studio.onState(showState);
  followEvent(studio);
  studio.on("*", ({ event }) => {
    if (event.startsWith("picture.") || event === "transformation.completed") soon();
    if (event === "connected") soon();
  });
  document.addEventListener("keydown", onKey);
  byId("cases").addEventListener("focusin", ({ target }) => {
    const card = /** @type {HTMLElement} */ (target).closest("li");
    select(card?.dataset.id ?? null);
  });
} else {
  byId("not-allowed").hidden = false;
}
