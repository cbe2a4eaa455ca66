// One picture in full size, compared with its photo by a slider, a click, or the key B.

import { here, root } from "./api.js";
import { byId } from "./dom.js";
import { words } from "./words.js";

/** @import { Card } from "./wall.js" */

/**
 * Shares the address of a picture: by the system's dialog, by the clipboard, or as text to copy.
 *
 * @param {{ resultUrl?: string }} picture
 * @returns {Promise<string>} a message for the user
 */
export async function share({ resultUrl = "" }) {
  const url = here(resultUrl);
  if (typeof navigator.share === "function" && matchMedia("(pointer: coarse)").matches) {
    try {
      await navigator.share({ url, title: "DevFest Studio" });
      return "";
    } catch (failure) {
      if (/** @type {Error} */ (failure).name === "AbortError") return "";
    }
  }
  try {
    await navigator.clipboard.writeText(url); // an insecure context has no clipboard
    return words.copied;
  } catch {
    return words.notCopied(url);
  }
}

export class Viewer {
  #styleName;
  #dialog = byId("viewer", HTMLDialogElement);
  #before = byId("viewer-before", HTMLImageElement);
  #after = byId("viewer-after", HTMLImageElement);
  #cut = byId("cut", HTMLInputElement);
  /** @type {Card[]} */
  #cards = [];
  #index = 0;

  /**
   * Drafts a post about a card; null if the user may not.
   *
   * @type {((card: Card) => void) | null}
   */
  onDraft = null;

  /** @param {(styleId: string) => string} styleName */
  constructor(styleName) {
    this.#styleName = styleName;
    byId("viewer-draft").addEventListener("click", () => {
      this.#dialog.close();
      this.onDraft?.(this.#cards[this.#index]);
    });
    this.#cut.addEventListener("input", () => this.#showCut());
    this.#before.addEventListener("click", () => this.#toggle());
    this.#after.addEventListener("click", () => this.#toggle());
    byId("viewer-toggle").addEventListener("click", () => this.#toggle());
    byId("viewer-previous").addEventListener("click", () => this.#step(-1));
    byId("viewer-next").addEventListener("click", () => this.#step(1));
    byId("viewer-share").addEventListener("click", () => this.#share());
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "b" || event.key === "B") this.#toggle();
      if (event.key === "PageUp") this.#step(-1);
      if (event.key === "PageDown") this.#step(1);
    });
  }

  /**
   * Opens one of several cards.
   *
   * @param {Card[]} cards
   * @param {number} index
   */
  open(cards, index) {
    this.#cards = cards;
    this.#index = index;
    this.#show();
    this.#dialog.showModal();
  }

  #show() {
    const card = this.#cards[this.#index];
    const result = card.status === "completed" ? card.resultUrl : undefined;
    const photo = root(`uploads/photos/${card.photoId}.jpg`);
    this.#before.src = photo;
    this.#after.src = result ? here(result) : photo;
    const caption = [this.#styleName(card.styleId), card.userId].filter(Boolean).join(", ");
    this.#after.alt = caption;
    this.#before.alt = words.before;
    byId("viewer-caption").textContent = caption;
    byId("viewer-message").textContent = "";
    byId("viewer-previous", HTMLButtonElement).disabled = this.#index === 0;
    byId("viewer-next", HTMLButtonElement).disabled = this.#index === this.#cards.length - 1;
    byId("viewer-draft").hidden = !result || this.onDraft === null;
    for (const id of ["cut", "viewer-toggle", "viewer-share", "viewer-download"])
      byId(id).hidden = !result;
    if (result) {
      const download = byId("viewer-download", HTMLAnchorElement);
      download.href = here(result);
      download.download = `${card.styleId}.jpg`;
    }
    this.#cut.value = "0";
    this.#showCut();
  }

  /** @param {number} by */
  #step(by) {
    const next = this.#index + by;
    if (next < 0 || next >= this.#cards.length) return;
    this.#index = next;
    this.#show();
  }

  #toggle() {
    this.#cut.value = this.#cut.valueAsNumber > 50 ? "0" : "100";
    this.#showCut();
  }

  #showCut() {
    byId("compare").style.setProperty("--cut", `${this.#cut.value}%`);
  }

  async #share() {
    const message = await share(this.#cards[this.#index]);
    byId("viewer-message").textContent = message;
  }
}
