// The user's own pictures, and photos without one: to download, share and delete.

import { call, here } from "./api.js";
import { byId, element } from "./dom.js";
import { save } from "./download.js";
import { show } from "./picture.js";
import { share } from "./viewer.js";
import { words } from "./words.js";

/** @import { Status } from "./wall.js" */

/**
 * A transformation, or a photo without one.
 *
 * @typedef {object} Item
 * @property {string} photoId
 * @property {string} [transformationId]
 * @property {string} [styleId]
 * @property {Status} [status]
 * @property {string} [resultUrl]
 * @property {string} [createdAt] of a transformation
 * @property {string} [uploadedAt] of a photo
 */

/** @typedef {{ items: Item[], next: string | null }} Page */

/**
 * The photos that are loaded so far. `found` are those not shown yet, `used` the ids of those that
 * have a transformation.
 *
 * @typedef {{ found: Item[], next: string | null, begun: boolean, used: Set<string> }} Photos
 */

const PAGE = 24;

export class Gallery {
  #styleName;
  #list = byId("own");
  #more = byId("own-more", HTMLButtonElement);
  #opening = 0;
  /** @type {string | null} */
  #next = null;
  /** @type {Photos} */
  #photos = noPhotos();

  /** @param {(styleId: string) => string} styleName */
  constructor(styleName) {
    this.#styleName = styleName;
    this.#more.addEventListener("click", () => this.#load());
    byId("save-own").addEventListener("click", () => this.#save());
  }

  open() {
    this.#list.replaceChildren();
    this.#opening++;
    this.#next = null;
    this.#photos = noPhotos();
    this.#say("");
    this.#more.hidden = true;
    byId("gallery", HTMLDialogElement).showModal();
    this.#load();
  }

  async #save() {
    try {
      await save("/photos.zip");
    } catch (failure) {
      this.#say(words.refusal(failure), true);
    }
  }

  async #load() {
    const opening = this.#opening;
    const photos = this.#photos;
    this.#more.disabled = true;
    try {
      const { items, next } = await loadPage("/transformations", this.#next);
      for (const item of items) photos.used.add(item.photoId);
      const last = items.at(-1);
      const unused = await unusedSince(next === null || !last ? "" : timeOf(last), photos);
      if (opening !== this.#opening) return; // it was opened again in the meantime
      this.#next = next;
      const rows = [...items, ...unused].sort((a, b) => (timeOf(a) > timeOf(b) ? -1 : 1));
      this.#list.append(...rows.map((item) => this.#row(item)));
      this.#more.hidden = next === null;
      if (this.#list.children.length === 0) this.#say(words.nothingYet);
    } catch (failure) {
      if (opening === this.#opening) this.#say(words.refusal(failure), true);
    } finally {
      if (opening === this.#opening) this.#more.disabled = false;
    }
  }

  /** @param {Item} item */
  #row(item) {
    const { transformationId, styleId, status, resultUrl } = item;
    const style = styleId ? this.#styleName(styleId) : words.notTransformed;
    const picture = element("img", { loading: "lazy", alt: style });
    show(picture, item);
    const pending = status && status !== "completed";
    const name = element("span", {
      textContent: pending ? `${style}: ${words.statuses[status]}` : style,
    });
    const actions = element("div", { className: "row" });
    if (status === "completed" && resultUrl && transformationId) {
      const download = element("a", {
        className: "quiet",
        href: here(resultUrl),
        download: `${styleId}.jpg`,
        textContent: words.download,
      });
      const onShare = async () => this.#say(await share(transformationId));
      actions.append(download, this.#button(words.share, onShare));
    }
    actions.append(this.#button(words.delete, () => this.#delete(item)));
    return element("li", { dataset: { photo: item.photoId } }, picture, name, actions);
  }

  /**
   * @param {string} textContent
   * @param {() => Promise<void>} action
   */
  #button(textContent, action) {
    const onclick = () => action().catch((failure) => this.#say(words.refusal(failure), true));
    return element("button", { type: "button", className: "quiet", textContent, onclick });
  }

  /**
   * Deletes a photo and all pictures made from it.
   *
   * @param {Item} item
   */
  async #delete({ photoId }) {
    if (!confirm(words.confirmDelete)) return;
    await call(`/photos/${photoId}`, { method: "DELETE" });
    for (const row of [...this.#list.children]) {
      if (/** @type {HTMLElement} */ (row).dataset.photo === photoId) row.remove();
    }
    this.#say(words.deleted);
  }

  /** @param {string} text */
  #say(text, refusal = false) {
    const message = byId("gallery-message");
    message.textContent = text;
    message.classList.toggle("refusal", refusal);
  }
}

/** @returns {Photos} */
function noPhotos() {
  return { found: [], next: null, begun: false, used: new Set() };
}

/** @param {Item} item */
function timeOf({ createdAt, uploadedAt }) {
  return createdAt ?? uploadedAt ?? "";
}

/**
 * @param {string} path
 * @param {string | null} cursor
 * @returns {Promise<Page>}
 */
function loadPage(path, cursor) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (cursor !== null) query.set("cursor", cursor);
  return call(`${path}?${query}`);
}

/**
 * Loads the photos since a time that have no transformation. A transformation is newer than its
 * photo, so all of them are known by then.
 *
 * @param {string} time in ISO 8601; "" for all
 * @param {Photos} photos
 */
async function unusedSince(time, photos) {
  const reached = () => photos.found.some((photo) => timeOf(photo) < time);
  while ((!photos.begun || photos.next !== null) && !reached()) {
    const { items, next } = await loadPage("/photos", photos.next);
    Object.assign(photos, { begun: true, next });
    photos.found.push(...items);
  }
  const since = photos.found.filter((photo) => timeOf(photo) >= time);
  photos.found = photos.found.slice(since.length);
  return since.filter(({ photoId }) => !photos.used.has(photoId));
}
