// One picture large, with what it was before: by the slider, by a click, by the key B.

import { here, root } from "./api.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);

/** Gives a picture's address to others: by the system's own dialog, by the clipboard, or to be copied by hand. */
export async function share(card) {
  const url = here(card.resultUrl);
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    try {
      await navigator.share({ url, title: "DevFest Studio" });
      return "";
    } catch (failure) {
      if (failure.name === "AbortError") return "";
    }
  }
  try {
    await navigator.clipboard.writeText(url); // there is none without https
    return words.copied;
  } catch {
    return words.notCopied(url);
  }
}

export class Viewer {
  #cards = [];
  #index = 0;
  #styleName;

  /** Takes a card of which a post is to be drafted; null when nobody here may. */
  onDraft = null;

  constructor(styleName) {
    this.#styleName = styleName;
    element("viewer-draft").addEventListener("click", () => {
      element("viewer").close();
      this.onDraft(this.#cards[this.#index]);
    });
    element("cut").addEventListener("input", () => this.#cut());
    element("viewer-before").addEventListener("click", () => this.#toggle());
    element("viewer-after").addEventListener("click", () => this.#toggle());
    element("viewer-toggle").addEventListener("click", () => this.#toggle());
    element("viewer-previous").addEventListener("click", () => this.#step(-1));
    element("viewer-next").addEventListener("click", () => this.#step(1));
    element("viewer-share").addEventListener("click", () => this.#share());
    element("viewer").addEventListener("keydown", (event) => {
      if (event.key === "b" || event.key === "B") this.#toggle();
      if (event.key === "PageUp") this.#step(-1);
      if (event.key === "PageDown") this.#step(1);
    });
  }

  open(cards, index) {
    this.#cards = cards;
    this.#index = index;
    this.#show();
    element("viewer").showModal();
  }

  #show() {
    const card = this.#cards[this.#index];
    const done = card.status === "completed" && card.resultUrl;
    const before = root(`uploads/photos/${card.photoId}.jpg`);
    element("viewer-before").src = before;
    element("viewer-after").src = done ? here(card.resultUrl) : before;
    const caption = [this.#styleName(card.styleId), card.userId].filter(Boolean).join(", ");
    element("viewer-after").alt = caption;
    element("viewer-before").alt = words.before;
    element("viewer-caption").textContent = caption;
    element("viewer-message").textContent = "";
    element("viewer-previous").disabled = this.#index === 0;
    element("viewer-next").disabled = this.#index === this.#cards.length - 1;
    element("viewer-draft").hidden = !done || this.onDraft === null;
    for (const id of ["cut", "viewer-toggle", "viewer-share", "viewer-download"]) element(id).hidden = !done;
    if (done) {
      element("viewer-download").href = here(card.resultUrl);
      element("viewer-download").download = `${card.styleId}.jpg`;
    }
    element("cut").value = 0;
    this.#cut();
  }

  #step(by) {
    const next = this.#index + by;
    if (next < 0 || next >= this.#cards.length) return;
    this.#index = next;
    this.#show();
  }

  #toggle() {
    element("cut").value = Number(element("cut").value) > 50 ? 0 : 100;
    this.#cut();
  }

  #cut() {
    element("compare").style.setProperty("--cut", `${element("cut").value}%`);
  }

  async #share() {
    element("viewer-message").textContent = await share(this.#cards[this.#index]);
  }
}
