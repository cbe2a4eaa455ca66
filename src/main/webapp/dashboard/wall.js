// The picture wall: one card a transformation, newest first, found by its id. However many arrive,
// the page draws once a frame and holds a bounded number.

import { now } from "./api.js";
import { show } from "./picture.js";
import { words } from "./words.js";

const MOST = 400;
const GONE = 1_000;
const NEW_FOR = 5_000;
const ROUND = 2 * Math.PI * 34;
const FINAL = new Set(["completed", "failed", "cancelled"]);

export class Wall {
  #list;
  #empty;
  #styleName;
  #onOpen;
  #cards = new Map();
  #dirty = new Set();
  #gone = new Set();
  #settled = false;
  #wanted = { text: "", style: "", status: "" };
  #frame = 0;

  /**
   * @param onOpen gets the cards that can be looked at, and which of them was chosen; null when
   *     none can
   */
  constructor(list, empty, styleName, onOpen) {
    this.#list = list;
    this.#empty = empty;
    this.#styleName = styleName;
    this.#onOpen = onOpen;
    this.#later();
  }

  get running() {
    let running = 0;
    for (const card of this.#cards.values()) running += card.status === "processing" ? 1 : 0;
    return running;
  }

  get ids() {
    return [...this.#cards.keys()];
  }

  /**
   * Shows a transformation, or what is new about it.
   *
   * @param arrives whether this has just happened, so that it may begin an ended one again
   */
  show({ timestamp, ...changes }, { arrives = false } = {}) {
    if (this.#gone.has(changes.photoId)) return; // looked up before it was deleted
    let card = this.#cards.get(changes.transformationId);
    if (!card) {
      card = { at: timestamp ?? new Date(now()).toISOString(), status: "queued", element: null, badgeUntil: 0 };
      this.#cards.set(changes.transformationId, card);
      // A hidden page draws nothing, for hours.
      if (this.#cards.size > 2 * MOST) this.#trim();
    } else if (!arrives && FINAL.has(card.status) && !FINAL.has(changes.status)) {
      return; // looked up, or on its way, before the stream told the end
    }
    const before = card.status;
    Object.assign(card, changes);
    if (arrives && card.status === "completed" && before !== "completed") {
      card.badgeUntil = Date.now() + NEW_FOR;
      setTimeout(() => this.#touch(card), NEW_FOR + 50);
    }
    this.#touch(card);
  }

  removePhoto(photoId) {
    this.#gone.add(photoId);
    if (this.#gone.size > GONE) this.#gone.delete(this.#gone.values().next().value);
    for (const card of [...this.#cards.values()]) {
      if (card.photoId === photoId) this.#remove(card);
    }
    this.#later();
  }

  /** Lets go of these cards. */
  forget(ids) {
    for (const id of ids) {
      if (this.#cards.has(id)) this.#remove(this.#cards.get(id));
    }
    this.#later();
  }

  /** All has been looked up, so that an empty wall is known to be one. */
  settled() {
    this.#settled = true;
    this.#later();
  }

  /** Shows only what fits: text of style and user, style and status; empty fits everything. */
  filter(wanted) {
    this.#wanted = { ...wanted, text: wanted.text.trim().toLocaleLowerCase() };
    this.redraw();
  }

  redraw() {
    for (const card of this.#cards.values()) this.#dirty.add(card);
    this.#later();
  }

  #fits(card) {
    const { text, style, status } = this.#wanted;
    const words = `${this.#styleName(card.styleId)} ${card.styleId} ${card.userId ?? ""}`.toLocaleLowerCase();
    return (!style || card.styleId === style) && (!status || card.status === status) && words.includes(text);
  }

  #touch(card) {
    if (this.#cards.get(card.transformationId) !== card) return;
    this.#dirty.add(card);
    this.#later();
  }

  #later() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #remove(card) {
    card.element?.remove();
    this.#dirty.delete(card);
    this.#cards.delete(card.transformationId);
  }

  #draw() {
    this.#frame = 0;
    this.#trim();
    const dirty = [...this.#dirty].sort((a, b) => (a.at < b.at ? -1 : 1));
    this.#dirty.clear();
    for (const card of dirty) {
      if (!card.element) this.#place(card);
      this.#update(card);
    }
    const shown = this.#list.querySelector("li:not([hidden])");
    this.#empty.hidden = shown !== null || !this.#settled;
    this.#empty.textContent = this.#cards.size > 0 ? words.nothingFits : words.empty;
  }

  #trim() {
    if (this.#cards.size <= MOST) return;
    const oldest = [...this.#cards.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
    for (const card of oldest.slice(0, oldest.length - MOST)) this.#remove(card);
  }

  /** Newest first; what arrives is nearly always the newest. */
  #place(card) {
    card.element = build(this.#onOpen && (() => this.#open(card)));
    card.element.card = card;
    let before = this.#list.firstElementChild;
    while (before && before.card.at > card.at) before = before.nextElementSibling;
    this.#list.insertBefore(card.element, before);
  }

  #open(chosen) {
    const cards = [...this.#list.querySelectorAll("li:not([hidden])")].map((element) => element.card);
    this.#onOpen(cards, cards.indexOf(chosen));
  }

  #update(card) {
    const { element } = card;
    element.hidden = !this.#fits(card);
    element.dataset.status = card.status;
    const picture = element.querySelector("img");
    show(picture, card);
    const style = this.#styleName(card.styleId);
    picture.alt = [style, card.userId].filter(Boolean).join(", ");
    const [name, right] = element.querySelectorAll(".caption span");
    name.textContent = style;
    right.textContent = card.status === "completed" ? (card.userId ?? "") : words[card.status];
    if (card.status === "processing") right.textContent = card.currentStep ?? words.running;
    this.#ring(card);
    const fresh = card.badgeUntil > Date.now();
    const badge = element.querySelector(".new");
    if (fresh && !badge) element.append(Object.assign(document.createElement("span"), { className: "new", textContent: words.new }));
    if (!fresh) badge?.remove();
  }

  #ring(card) {
    const { element } = card;
    let ring = element.querySelector(".ring");
    if (card.status !== "processing" && card.status !== "queued") {
      ring?.remove();
      return;
    }
    if (!ring) element.append((ring = progressRing()));
    const progress = card.progress ?? 0;
    ring.lastElementChild.textContent = `${Math.round(100 * progress)} %`;
    ring.querySelector("circle:last-of-type").style.strokeDashoffset = ROUND * (1 - progress);
  }
}

function build(onClick) {
  const element = document.createElement("li");
  element.className = "picture";
  const frame = document.createElement(onClick ? "button" : "div");
  frame.className = "frame";
  if (onClick) {
    frame.type = "button";
    frame.addEventListener("click", onClick);
  }
  const picture = document.createElement("img");
  picture.loading = "lazy";
  picture.decoding = "async";
  const caption = document.createElement("span");
  caption.className = "caption";
  caption.append(document.createElement("span"), document.createElement("span"));
  frame.append(picture, caption);
  element.append(frame);
  return element;
}

function progressRing() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ring");
  svg.setAttribute("viewBox", "0 0 84 84");
  svg.setAttribute("aria-hidden", "true");
  for (let i = 0; i < 2; i++) {
    const circle = document.createElementNS(svg.namespaceURI, "circle");
    for (const [name, value] of Object.entries({ cx: 42, cy: 42, r: 34 })) circle.setAttribute(name, value);
    if (i === 1) circle.style.strokeDasharray = ROUND;
    svg.append(circle);
  }
  const text = document.createElementNS(svg.namespaceURI, "text");
  text.setAttribute("x", "42");
  text.setAttribute("y", "42");
  svg.append(text);
  return svg;
}
