// The slideshow of a wall screen. A new picture is shown at once and first. Then each picture is shown
// before any is shown again. It uses two layers, whatever the number of pictures, and stores only
// addresses of the newest pictures.

import { now } from "./api.js";
import { LONGEST_RATIO, load } from "./picture.js";
import { nameOf } from "./session.js";

/** @import { Transformation } from "./wall.js" */

/** A finished picture; `at` is its time in ISO 8601. @typedef {Transformation & { at: string }} Slide */

/** @typedef {{ frame: HTMLElement, picture: HTMLImageElement, backdrop: HTMLImageElement }} Layer */

/** Pictures that take turns: at 8 seconds each, more than a day of an event. */
const MOST = 5_000;
const SHOWN_FOR = 8_000;
/** The shortest time of a new picture while others wait. */
const NEW_FOR = 4_000;
/** The shortest time of an older picture when a new one arrives. */
const BRIEFLY = 1_000;
const LONGEST_LOAD = 15_000;

export class Slideshow {
  #styleName;
  #layers;
  /** @type {Map<string, Slide>} */
  #known = new Map();
  /** @type {string[]} new pictures that were not shown yet, the oldest first */
  #fresh = [];
  /** @type {Set<string>} the others that were not shown in this round */
  #round = new Set();
  /** The picture on the screen. @type {{ id: string, fresh: boolean, since: number } | null} */
  #current = null;
  /** The picture that is being loaded. @type {{ id: string, fresh: boolean } | null} */
  #loading = null;
  #front = 0;
  #running = false;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {HTMLElement} stage contains two figures
   * @param {(styleId: string) => string} styleName
   */
  constructor(stage, styleName) {
    this.#styleName = styleName;
    this.#layers = [...stage.querySelectorAll("figure")].map((frame) => {
      const [backdrop, picture] = frame.querySelectorAll("img");
      return { frame, picture, backdrop };
    });
  }

  /** The number of pictures that take turns. */
  get size() {
    return this.#known.size;
  }

  /** The ids of the pictures that take turns. */
  get ids() {
    return [...this.#known.keys()];
  }

  /**
   * Adds a finished picture.
   *
   * @param {Slide} slide
   * @param {boolean} arrives whether it is new
   */
  add(slide, arrives) {
    const { transformationId: id } = slide;
    const isKnown = this.#known.has(id);
    this.#known.set(id, slide);
    if (isKnown) return;
    if (arrives) this.#fresh.push(id);
    else this.#round.add(id);
    if (this.#known.size > MOST) this.#forgetOldest();
    if (!this.#loading) this.#schedule();
  }

  /** Removes a picture, at once if it is on the screen. @param {string} id */
  remove(id) {
    if (!this.#known.delete(id)) return;
    this.#round.delete(id);
    this.#fresh = this.#fresh.filter((each) => each !== id);
    const isCurrent = this.#current?.id === id;
    const isLoading = this.#loading?.id === id;
    if (isCurrent) {
      this.#current = null;
      clear(this.#layers[this.#front]);
    }
    if (isLoading) {
      this.#loading = null;
      clear(this.#layers[1 - this.#front]);
    }
    if ((isCurrent || isLoading) && !this.#loading) this.#schedule();
  }

  /** Removes all pictures of a photo. @param {string} photoId */
  removePhoto(photoId) {
    for (const slide of [...this.#known.values()]) {
      if (slide.photoId === photoId) this.remove(slide.transformationId);
    }
  }

  /** Starts the show, or stops it and clears the screen. @param {boolean} runs */
  run(runs) {
    if (runs === this.#running) return;
    this.#running = runs;
    if (!runs) {
      clearTimeout(this.#timer);
      this.#loading = null;
      this.#current = null;
      this.#layers.forEach(clear);
    }
    this.#schedule();
  }

  /** Plans the next picture. */
  #schedule() {
    clearTimeout(this.#timer);
    if (!this.#running || this.#known.size === 0) return;
    const current = this.#current;
    const longest = this.#fresh.length === 0 ? SHOWN_FOR : current?.fresh ? NEW_FOR : BRIEFLY;
    const left = current ? current.since + longest - now() : 0;
    this.#timer = setTimeout(() => this.#next(), Math.max(0, left));
  }

  #next() {
    const next = this.#take();
    const slide = next && this.#known.get(next.id);
    if (!next || !slide) return; // the only picture stays
    const layer = this.#layers[1 - this.#front];
    this.#loading = next;
    const isWanted = () => this.#loading === next;
    caption(layer, this.#styleName(slide.styleId), nameOf(slide));
    const { clientWidth, clientHeight } = layer.frame;
    const longest = Math.round(
      Math.min(Math.max(clientWidth, clientHeight), LONGEST_RATIO * clientHeight),
    );
    load(
      layer.picture,
      slide.resultUrl ?? "",
      longest,
      () => isWanted() && this.#reveal(next),
      () => isWanted() && this.#skip(),
    );
    this.#timer = setTimeout(() => isWanted() && this.#skip(), LONGEST_LOAD);
  }

  /** Takes the next picture out of its queue. */
  #take() {
    const id = this.#fresh.shift();
    if (id) return { id, fresh: true };
    const current = this.#current?.id ?? "";
    if (this.#round.size === 0) {
      this.#round = new Set(this.#known.keys());
      if (this.#round.delete(current)) this.#round.add(current); // its turn is the last
    }
    const [first] = this.#round;
    if (!first || first === current) return null;
    this.#round.delete(first);
    return { id: first, fresh: false };
  }

  /** @param {{ id: string, fresh: boolean }} loaded */
  #reveal(loaded) {
    const before = this.#layers[this.#front];
    this.#front = 1 - this.#front;
    const { frame, picture, backdrop } = this.#layers[this.#front];
    backdrop.src = picture.currentSrc;
    frame.classList.add("shown");
    before.frame.classList.remove("shown");
    this.#loading = null;
    this.#current = { ...loaded, since: now() };
    this.#schedule();
  }

  /** Goes on without a picture that cannot be loaded now. It gets its turn in the next round. */
  #skip() {
    clearTimeout(this.#timer);
    this.#loading = null;
    this.#timer = setTimeout(() => this.#next(), BRIEFLY);
  }

  #forgetOldest() {
    /** @type {Slide | null} */
    let oldest = null;
    for (const slide of this.#known.values()) {
      if (slide.transformationId !== this.#current?.id && (!oldest || slide.at < oldest.at))
        oldest = slide;
    }
    if (oldest) this.remove(oldest.transformationId);
  }
}

/** @param {Layer} layer */
function clear(layer) {
  const { frame, picture, backdrop } = layer;
  frame.classList.remove("shown");
  caption(layer, "", "");
  picture.onload = picture.onerror = null;
  for (const image of [picture, backdrop]) image.removeAttribute("src");
}

/**
 * @param {Layer} layer
 * @param {string} style
 * @param {string} user
 */
function caption({ frame, picture }, style, user) {
  picture.alt = [style, user].filter(Boolean).join(", ");
  const [name, right] = frame.querySelectorAll("figcaption *");
  name.textContent = style;
  right.textContent = user;
}
