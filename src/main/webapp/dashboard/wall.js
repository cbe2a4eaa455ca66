// The picture wall: one card per transformation, the newest first. It draws at most once per frame
// and holds a bounded number of cards, however many events arrive.

import { now } from "./api.js";
import { element, svgElement } from "./dom.js";
import { show } from "./picture.js";
import { nameOf } from "./session.js";
import { words } from "./words.js";

/**
 * @typedef {"queued" | "processing" | "completed" | "failed" | "cancelled"} Status
 */

/**
 * What is known about a transformation.
 *
 * @typedef {object} Transformation
 * @property {string} transformationId
 * @property {string} photoId
 * @property {string} styleId
 * @property {string} [userId]
 * @property {string} [displayName]
 * @property {Status} status
 * @property {number} [progress] 0 to 1
 * @property {string} [currentStep]
 * @property {string} [resultUrl]
 */

/**
 * A transformation on the wall. `at` is its time in ISO 8601; `badgeUntil` the time in milliseconds
 * until which it is marked as new.
 *
 * @typedef {Transformation & { at: string, badgeUntil: number, element: CardElement | null }} Card
 */

/** @typedef {HTMLLIElement & { card: Card }} CardElement */

/**
 * What the wall shows; an empty value matches everything.
 *
 * @typedef {{ text: string, style: string, status: string }} Wanted
 */

const MOST_DELETED = 1_000;
const NEW_FOR = 5_000;
/** The cards of the first row on a phone. */
const FIRST = 2;
const CIRCUMFERENCE = 2 * Math.PI * 34;
const FINAL = new Set(["completed", "failed", "cancelled"]);

export class Wall {
  #list;
  #empty;
  #styleName;
  #onOpen;
  #most;
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** @type {Set<Card>} cards that have changed since the last frame */
  #dirty = new Set();
  /** @type {Set<string>} the photos that were deleted last */
  #deleted = new Set();
  #settled = false;
  /** @type {Wanted} */
  #wanted = { text: "", style: "", status: "" };
  #frame = 0;

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty shown when the list has no visible cards
   * @param {(styleId: string) => string} styleName
   * @param {((cards: Card[], index: number) => void) | null} onOpen gets the visible cards, and the
   *     index of the selected one; null if cards cannot be opened
   * @param {number} [most] the highest number of cards
   */
  constructor(list, empty, styleName, onOpen, most = 400) {
    this.#list = list;
    this.#empty = empty;
    this.#styleName = styleName;
    this.#onOpen = onOpen;
    this.#most = most;
    this.#schedule();
  }

  /** The number of transformations in progress. */
  get running() {
    let running = 0;
    for (const card of this.#cards.values()) running += card.status === "processing" ? 1 : 0;
    return running;
  }

  get ids() {
    return [...this.#cards.keys()];
  }

  /**
   * @param {string} transformationId
   * @returns {Transformation | undefined}
   */
  get(transformationId) {
    return this.#cards.get(transformationId);
  }

  /**
   * Adds a transformation, or updates its card.
   *
   * @param {Transformation & { timestamp?: string }} transformation
   * @param {{ arrives?: boolean }} [options] `arrives`: this has just happened, so it may restart a
   *     transformation that has ended
   */
  show({ timestamp, ...changes }, { arrives = false } = {}) {
    if (this.#deleted.has(changes.photoId)) return; // requested before the photo was deleted
    const known = this.#cards.get(changes.transformationId);
    if (known && !arrives && FINAL.has(known.status) && !FINAL.has(changes.status)) {
      return; // older than the end, which the stream has already delivered
    }
    const before = known?.status;
    const card = known ?? this.#add(changes, timestamp ?? new Date(now()).toISOString());
    Object.assign(card, changes);
    if (arrives && card.status === "completed" && before !== "completed") {
      card.badgeUntil = Date.now() + NEW_FOR;
      setTimeout(() => this.#touch(card), NEW_FOR + 50);
    }
    this.#touch(card);
  }

  /** @param {string} photoId */
  removePhoto(photoId) {
    this.#deleted.add(photoId);
    if (this.#deleted.size > MOST_DELETED) {
      const [oldest] = this.#deleted;
      this.#deleted.delete(oldest);
    }
    for (const card of [...this.#cards.values()]) {
      if (card.photoId === photoId) this.#remove(card);
    }
    this.#schedule();
  }

  /**
   * Removes cards.
   *
   * @param {string[]} ids
   */
  forget(ids) {
    for (const id of ids) {
      const card = this.#cards.get(id);
      if (card) this.#remove(card);
    }
    this.#schedule();
  }

  /**
   * Reports that the earlier transformations are loaded: a wall without cards is now known to be
   * empty.
   */
  settled() {
    this.#settled = true;
    this.#schedule();
  }

  /**
   * Shows only matching cards. The text is searched in the names of style and user.
   *
   * @param {Wanted} wanted
   */
  filter(wanted) {
    this.#wanted = { ...wanted, text: wanted.text.trim().toLocaleLowerCase() };
    this.redraw();
  }

  redraw() {
    for (const card of this.#cards.values()) this.#dirty.add(card);
    this.#schedule();
  }

  /**
   * @param {Transformation} transformation
   * @param {string} at
   */
  #add(transformation, at) {
    /** @type {Card} */
    const card = { ...transformation, at, element: null, badgeUntil: 0 };
    this.#cards.set(card.transformationId, card);
    // A hidden page draws no frames, possibly for hours.
    if (this.#cards.size > 2 * this.#most) this.#trim();
    return card;
  }

  /** @param {Card} card */
  #matches(card) {
    const { text, style, status } = this.#wanted;
    const searched =
      `${this.#styleName(card.styleId)} ${card.styleId} ${card.userId ?? ""} ${nameOf(card)}`.toLocaleLowerCase();
    return (
      (!style || card.styleId === style) &&
      (!status || card.status === status) &&
      searched.includes(text)
    );
  }

  /** @param {Card} card */
  #touch(card) {
    if (this.#cards.get(card.transformationId) !== card) return;
    this.#dirty.add(card);
    this.#schedule();
  }

  #schedule() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** @param {Card} card */
  #remove(card) {
    card.element?.remove();
    this.#dirty.delete(card);
    this.#cards.delete(card.transformationId);
  }

  #draw() {
    this.#frame = 0;
    this.#trim();
    const dirty = new Set([...this.#dirty].sort(byTime));
    this.#dirty.clear();
    for (const card of dirty) card.element ??= this.#place(card);
    const [...drawn] = /** @type {HTMLCollectionOf<CardElement>} */ (this.#list.children);
    drawn.forEach((item, i) => {
      if (dirty.has(item.card)) this.#update(item.card, item, i < FIRST);
    });
    const shown = this.#list.querySelector("li:not([hidden])");
    this.#empty.hidden = shown !== null || !this.#settled;
    this.#empty.textContent = this.#cards.size > 0 ? words.noMatch : words.empty;
  }

  #trim() {
    if (this.#cards.size <= this.#most) return;
    const oldest = [...this.#cards.values()].sort(byTime);
    for (const card of oldest.slice(0, oldest.length - this.#most)) this.#remove(card);
  }

  /**
   * Inserts a card by its time; a new card is nearly always the newest.
   *
   * @param {Card} card
   */
  #place(card) {
    const placed = Object.assign(build(this.#onOpen && (() => this.#open(card))), { card });
    let before = /** @type {CardElement | null} */ (this.#list.firstElementChild);
    while (before && before.card.at > card.at)
      before = /** @type {CardElement | null} */ (before.nextElementSibling);
    this.#list.insertBefore(placed, before);
    return placed;
  }

  /** @param {Card} selected */
  #open(selected) {
    const shown = /** @type {NodeListOf<CardElement>} */ (
      this.#list.querySelectorAll("li:not([hidden])")
    );
    const cards = [...shown].map(({ card }) => card);
    this.#onOpen?.(cards, cards.indexOf(selected));
  }

  /**
   * @param {Card} card
   * @param {CardElement} drawn
   * @param {boolean} first whether its picture is loaded before the others
   */
  #update(card, drawn, first) {
    drawn.hidden = !this.#matches(card);
    drawn.dataset.status = card.status;
    const style = this.#styleName(card.styleId);
    const picture = /** @type {HTMLImageElement} */ (drawn.querySelector("img"));
    picture.fetchPriority = first ? "high" : "low";
    show(picture, card);
    picture.alt = [style, nameOf(card)].filter(Boolean).join(", ");
    const [name, right] = drawn.querySelectorAll(".caption span");
    name.textContent = style;
    right.textContent = captionOf(card);
    drawRing(card, drawn);
    const fresh = card.badgeUntil > Date.now();
    const badge = drawn.querySelector(".new");
    if (fresh && !badge)
      drawn.append(element("span", { className: "new", textContent: words.new }));
    if (!fresh) badge?.remove();
  }
}

/**
 * @param {Card} a
 * @param {Card} b
 */
function byTime(a, b) {
  return a.at < b.at ? -1 : 1;
}

/** @param {Card} card */
function captionOf(card) {
  if (card.status === "completed") return nameOf(card);
  return (card.status === "processing" && card.currentStep) || words.statuses[card.status];
}

/** @param {(() => void) | null} onClick */
function build(onClick) {
  const picture = element("img", { loading: "lazy", decoding: "async" });
  const caption = element("span", { className: "caption" }, element("span"), element("span"));
  const frame = onClick
    ? element("button", { type: "button", className: "frame", onclick: onClick }, picture, caption)
    : element("div", { className: "frame" }, picture, caption);
  return element("li", { className: "picture" }, frame);
}

/**
 * Shows the progress of a card that has not ended.
 *
 * @param {Card} card
 * @param {CardElement} drawn
 */
function drawRing({ status, progress = 0 }, drawn) {
  const known = drawn.querySelector(".ring");
  if (FINAL.has(status)) {
    known?.remove();
    return;
  }
  const ring = known ?? progressRing();
  if (!known) drawn.append(ring);
  /** @type {Element} */ (ring.lastElementChild).textContent = `${Math.round(100 * progress)} %`;
  const arc = /** @type {SVGCircleElement} */ (ring.querySelector("circle:last-of-type"));
  arc.style.strokeDashoffset = String(CIRCUMFERENCE * (1 - progress));
}

function progressRing() {
  const circle = { cx: 42, cy: 42, r: 34 };
  const arc = svgElement("circle", circle);
  arc.style.strokeDasharray = String(CIRCUMFERENCE);
  const text = svgElement("text", { x: 42, y: 42 });
  const attributes = { class: "ring", viewBox: "0 0 84 84", "aria-hidden": "true" };
  return svgElement("svg", attributes, svgElement("circle", circle), arc, text);
}
