// A wall screen: a slideshow before and after which it invites and thanks. It runs for days without
// anybody who looks after it.

import { call, now } from "./api.js";
import { byId, setText } from "./dom.js";
import { Slideshow } from "./slideshow.js";
import { language, words } from "./words.js";

/** @import { Occasion } from "./occasion.js" */
/** @import { Transformation } from "./wall.js" */

/**
 * What the screen shows: the invitation before the event, or while pictures are not revealed or
 * there are none; the slideshow; or the end.
 *
 * @typedef {"before" | "secret" | "empty" | "live" | "closing"} Scene
 */

const IDLE_AFTER = 3_000;
const TICK = 1_000;
const PAGE = 100;
const MOST_DELETED = 1_000;
/** Events that are searched for earlier pictures; each picture has about four. */
const SEARCHED = 20_000;
const KINDS =
  "transformation.completed,picture.approved,picture.shown,picture.hidden,photo.deleted";
const startTime = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

/**
 * @param {Partial<Occasion>} occasion
 * @param {number} time in milliseconds
 * @param {number} pictures how many take turns
 * @returns {Scene}
 */
export function sceneOf({ startsAt, endsAt, reveal }, time, pictures) {
  if (endsAt && Date.parse(endsAt) <= time) return "closing";
  if (startsAt && Date.parse(startsAt) > time) return "before";
  if (reveal === false) return "secret";
  return pictures === 0 ? "empty" : "live";
}

export class Kiosk {
  #show;
  #reload;
  /** @type {Partial<Occasion>} */
  #occasion = {};
  /** @type {Scene | undefined} */
  #scene;
  /** The photos that were deleted last. @type {Set<string>} */
  #deleted = new Set();
  #recalled = false;

  /**
   * @param {(styleId: string) => string} styleName
   * @param {() => void} reload loads the pictures when they are revealed
   */
  constructor(styleName, reload) {
    const stage = byId("stage");
    stage.hidden = false;
    this.#show = new Slideshow(stage, styleName);
    this.#reload = reload;
    document.body.classList.add("kiosk");
    setInterval(() => this.#tick(), TICK);
    hideIdleCursor();
    stayAwake();
    this.#tick();
  }

  /** Takes the event, or what has changed in it. @param {Partial<Occasion>} occasion */
  describe(occasion) {
    const wasSecret = this.#occasion.reveal === false;
    this.#occasion = { ...this.#occasion, ...occasion };
    if (this.#occasion.reveal === false) this.clear();
    else if (wasSecret) this.#reload();
    this.#tick();
  }

  /**
   * Adds a picture if it is finished.
   *
   * @param {Transformation & { timestamp?: string }} picture
   * @param {boolean} arrives whether it is new
   */
  add(picture, arrives) {
    const { status, resultUrl, photoId, timestamp = new Date(now()).toISOString() } = picture;
    if (status !== "completed" || !resultUrl || this.#deleted.has(photoId)) return;
    if (this.#occasion.reveal === false) return;
    this.#show.add({ ...picture, at: timestamp }, arrives);
    this.#tick();
  }

  /** @param {string} id */
  remove(id) {
    this.#show.remove(id);
    this.#tick();
  }

  /** @param {string} photoId */
  removePhoto(photoId) {
    this.#deleted.add(photoId);
    const [oldest] = this.#deleted;
    if (this.#deleted.size > MOST_DELETED) this.#deleted.delete(oldest);
    this.#show.removePhoto(photoId);
    this.#tick();
  }

  /** Removes all pictures. */
  clear() {
    this.#recalled = false;
    for (const id of this.#show.ids) this.#show.remove(id);
    this.#tick();
  }

  /**
   * Adds the earlier pictures of the event from the log, once: it has more than the studio lists.
   *
   * @param {string} position of the connection
   */
  async recall(position) {
    if (this.#recalled) return;
    this.#recalled = true;
    try {
      let after = String(BigInt(position) - BigInt(SEARCHED));
      const query = { types: KINDS, visibility: "public", limit: String(PAGE) };
      while (after) {
        const { items, next } = await call(`/events?${new URLSearchParams({ ...query, after })}`);
        for (const { id, event, timestamp, data } of items) {
          if (BigInt(id) > BigInt(position)) return; // the stream has delivered it
          if (event === "photo.deleted") this.removePhoto(data.photoId);
          else if (event === "picture.hidden") this.remove(data.transformationId);
          else this.add({ ...data, status: "completed", timestamp }, false);
        }
        after = next ?? "";
      }
    } catch (failure) {
      this.#recalled = false;
      throw failure;
    }
  }

  #tick() {
    const scene = sceneOf(this.#occasion, now(), this.#show.size);
    const { name = "", startsAt } = this.#occasion;
    setText("poster-title", scene === "closing" ? words.thanks : name);
    const texts = {
      before: startsAt ? words.begins(startTime.format(new Date(startsAt))) : "",
      secret: words.revealedLater,
      empty: words.empty,
      live: "",
      closing: name,
    };
    setText("poster-text", texts[scene]);
    if (scene === this.#scene) return;
    this.#scene = scene;
    document.body.dataset.scene = scene;
    this.#show.run(scene === "live");
  }
}

function hideIdleCursor() {
  /** @type {number | undefined} */
  let timer;
  const moved = () => {
    document.body.classList.remove("idle");
    clearTimeout(timer);
    timer = setTimeout(() => document.body.classList.add("idle"), IDLE_AFTER);
  };
  document.addEventListener("pointermove", moved);
  moved();
}

/** Keeps the screen on, where the browser can: it forgets that whenever the page is hidden. */
function stayAwake() {
  const request = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", request);
  request();
}
