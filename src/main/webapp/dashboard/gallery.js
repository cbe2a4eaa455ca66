// One's own pictures: to download, to share, to delete.

import { call, here } from "./api.js";
import { share } from "./viewer.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);

export class Gallery {
  #styleName;
  #next = null;

  constructor(styleName) {
    this.#styleName = styleName;
    element("own-more").addEventListener("click", () => this.#load());
  }

  open() {
    element("own").replaceChildren();
    this.#next = null;
    this.#say("");
    element("gallery").showModal();
    this.#load();
  }

  async #load() {
    try {
      const cursor = this.#next ? `&cursor=${encodeURIComponent(this.#next)}` : "";
      const { items, next } = await call(`/transformations?limit=24${cursor}`);
      this.#next = next;
      element("own").append(...items.map((item) => this.#row(item)));
      element("own-more").hidden = next === null;
      if (element("own").children.length === 0) this.#say(words.nothingYet);
    } catch (failure) {
      this.#say(failure.message, true);
    }
  }

  #row(item) {
    const row = document.createElement("li");
    row.dataset.photo = item.photoId;
    const done = item.status === "completed";
    const style = this.#styleName(item.styleId);
    const picture = document.createElement("img");
    picture.loading = "lazy";
    picture.alt = style;
    picture.src = done ? here(item.resultUrl) : `/uploads/photos/thumbnails/${item.photoId}.jpg`;
    const name = document.createElement("span");
    name.textContent = done ? style : `${style}: ${words[item.status === "processing" ? "running" : item.status]}`;
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
        if (failure.name !== "AbortError") this.#say(failure.message, true);
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
