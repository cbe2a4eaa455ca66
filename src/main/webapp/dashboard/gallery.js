// One's own pictures, and the photos of which none was made: to download, to share, to delete.

import { call, here } from "./api.js";
import { show } from "./picture.js";
import { share } from "./viewer.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);

const PAGE = 24;

export class Gallery {
  #styleName;
  #opening = 0;
  #next = null;
  #photos = null;

  constructor(styleName) {
    this.#styleName = styleName;
    element("own-more").addEventListener("click", () => this.#load());
  }

  open() {
    element("own").replaceChildren();
    this.#opening++;
    this.#next = null;
    this.#photos = { found: [], next: null, begun: false, used: new Set() };
    this.#say("");
    element("own-more").hidden = true;
    element("gallery").showModal();
    this.#load();
  }

  async #load() {
    const opening = this.#opening;
    const photos = this.#photos;
    element("own-more").disabled = true;
    try {
      const { items, next } = await page("/transformations", this.#next);
      for (const item of items) photos.used.add(item.photoId);
      const bare = await bareSince(next === null ? "" : items.at(-1).createdAt, photos);
      if (opening !== this.#opening) return; // it was opened again meanwhile
      this.#next = next;
      const rows = [...items, ...bare].sort((a, b) => (at(a) > at(b) ? -1 : 1));
      element("own").append(...rows.map((item) => this.#row(item)));
      element("own-more").hidden = next === null;
      if (element("own").children.length === 0) this.#say(words.nothingYet);
    } catch (failure) {
      if (opening === this.#opening) this.#say(words.refusal(failure), true);
    } finally {
      if (opening === this.#opening) element("own-more").disabled = false;
    }
  }

  #row(item) {
    const row = document.createElement("li");
    row.dataset.photo = item.photoId;
    const done = item.status === "completed";
    const style = item.styleId ? this.#styleName(item.styleId) : words.photoAlone;
    const open = item.styleId && !done;
    const picture = document.createElement("img");
    picture.loading = "lazy";
    picture.alt = style;
    show(picture, item);
    const name = document.createElement("span");
    name.textContent = open ? `${style}: ${words[item.status]}` : style;
    const actions = document.createElement("div");
    actions.className = "row";
    if (done) {
      const download = Object.assign(document.createElement("a"), {
        className: "quiet",
        href: here(item.resultUrl),
        download: `${item.styleId}.jpg`,
        textContent: words.download,
      });
      actions.append(download, this.#button(words.share, async () => this.#say(await share(item))));
    }
    actions.append(this.#button(words.remove, () => this.#remove(item)));
    row.append(picture, name, actions);
    return row;
  }

  #button(text, action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: text });
    button.addEventListener("click", async () => {
      try {
        await action();
      } catch (failure) {
        this.#say(words.refusal(failure), true);
      }
    });
    return button;
  }

  /** The photo goes, and every picture that was made of it. */
  async #remove(item) {
    if (!confirm(words.removeAll)) return;
    await call(`/photos/${item.photoId}`, { method: "DELETE" });
    for (const row of [...element("own").children]) {
      if (row.dataset.photo === item.photoId) row.remove();
    }
    this.#say(words.removed);
  }

  #say(text, refusal = false) {
    element("gallery-message").textContent = text;
    element("gallery-message").classList.toggle("refusal", refusal);
  }
}

/** When a transformation was asked for, or a photo came. */
const at = ({ createdAt, uploadedAt }) => createdAt ?? uploadedAt;

function page(path, cursor) {
  const query = new URLSearchParams({ limit: PAGE });
  if (cursor !== null) query.set("cursor", cursor);
  return call(`${path}?${query}`);
}

/**
 * The photos since a time that are not used. Those that were made of a photo are newer than itself,
 * so by then all of them are known.
 */
async function bareSince(time, photos) {
  while ((!photos.begun || photos.next !== null) && !(photos.found.length > 0 && at(photos.found.at(-1)) < time)) {
    const { items, next } = await page("/photos", photos.next);
    photos.begun = true;
    photos.next = next;
    photos.found.push(...items);
  }
  const since = photos.found.filter((photo) => at(photo) >= time);
  photos.found = photos.found.slice(since.length);
  return since.filter(({ photoId }) => !photos.used.has(photoId));
}
