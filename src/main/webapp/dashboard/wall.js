// The picture wall: one card a transformation, newest first, found by its id.

import { words } from "./words.js";

const MOST = 120;
const NEW_FOR = 5_000;
const ROUND = 2 * Math.PI * 34;

export class Wall {
  #list;
  #empty;
  #cards = new Map();
  #styleName;
  #onOpen;

  constructor(list, empty, styleName, onOpen) {
    this.#list = list;
    this.#empty = empty;
    this.#styleName = styleName;
    this.#onOpen = onOpen;
    this.#tell();
  }

  get running() {
    return [...this.#cards.values()].filter((card) => card.status === "processing").length;
  }

  /** Shows a transformation, or what is new about it. A final state stays. */
  show(changes, { arrives = false } = {}) {
    let card = this.#cards.get(changes.transformationId);
    if (!card) {
      card = { ...changes, element: document.createElement("li") };
      card.element.className = "picture";
      this.#cards.set(card.transformationId, card);
      if (arrives) this.#list.prepend(card.element);
      else this.#list.append(card.element);
    }
    const done = card.status === "completed" && card.element.dataset.status === "completed";
    if (done && changes.status !== "processing" && changes.status !== "completed") return;
    Object.assign(card, changes);
    this.#draw(card);
    if (arrives && card.status === "completed" && !done) this.#badge(card);
    this.#trim();
    this.#tell();
  }

  removePhoto(photoId) {
    for (const card of [...this.#cards.values()]) {
      if (card.photoId === photoId) this.#remove(card);
    }
    this.#tell();
  }

  #remove(card) {
    card.element.remove();
    this.#cards.delete(card.transformationId);
  }

  #draw(card) {
    const { element } = card;
    if (!element.firstChild) this.#build(card);
    element.dataset.status = card.status;
    const source =
      card.status === "completed" && card.resultUrl
        ? small(card.resultUrl)
        : `/uploads/photos/thumbnails/${card.photoId}.jpg`;
    if (card.picture.getAttribute("src") !== source) card.picture.src = source;
    const style = this.#styleName(card.styleId);
    card.picture.alt = `${style}, ${card.userId ?? ""}`;
    card.caption.firstChild.textContent = style;
    card.caption.lastChild.textContent =
      card.status === "completed" || card.status === "processing" ? (card.userId ?? "") : words[card.status];
    const busy = card.status === "queued" || card.status === "processing";
    card.ring.toggleAttribute("hidden", !busy);
    card.ring.style.display = busy ? "" : "none";
    const progress = Math.round(100 * (card.progress ?? 0));
    card.ring.setAttribute("aria-valuenow", progress);
    card.ring.querySelector("text").textContent = `${progress}%`;
    card.ring.querySelectorAll("circle")[1].style.strokeDashoffset = ROUND * (1 - progress / 100);
  }

  #build(card) {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => this.#onOpen(card));
    card.picture = document.createElement("img");
    card.picture.loading = "lazy";
    card.picture.decoding = "async";
    button.append(card.picture);
    card.caption = document.createElement("div");
    card.caption.className = "caption";
    card.caption.append(document.createElement("span"), document.createElement("span"));
    card.ring = ring();
    card.element.append(button, card.caption, card.ring);
  }

  #badge(card) {
    const badge = document.createElement("span");
    badge.className = "new";
    badge.textContent = words.new;
    card.element.append(badge);
    setTimeout(() => badge.remove(), NEW_FOR);
  }

  #trim() {
    while (this.#cards.size > MOST) {
      const oldest = this.#list.lastElementChild;
      this.#remove([...this.#cards.values()].find((card) => card.element === oldest));
    }
  }

  #tell() {
    this.#empty.hidden = this.#cards.size > 0;
  }
}

/** The studio keeps a small copy of each result beside it. */
function small(resultUrl) {
  return new URL(resultUrl).pathname.replace("/transformations/", "/transformations/thumbnails/");
}

function ring() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 84 84");
  svg.setAttribute("class", "ring");
  svg.setAttribute("role", "progressbar");
  svg.setAttribute("aria-valuemin", "0");
  svg.setAttribute("aria-valuemax", "100");
  svg.setAttribute("aria-label", words.running);
  for (let i = 0; i < 2; i++) {
    const circle = document.createElementNS(svg.namespaceURI, "circle");
    circle.setAttribute("cx", "42");
    circle.setAttribute("cy", "42");
    circle.setAttribute("r", "34");
    if (i === 1) circle.style.strokeDasharray = ROUND;
    svg.append(circle);
  }
  const text = document.createElementNS(svg.namespaceURI, "text");
  text.setAttribute("x", "42");
  text.setAttribute("y", "42");
  svg.append(text);
  return svg;
}
