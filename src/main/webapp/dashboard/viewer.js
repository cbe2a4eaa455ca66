// One picture in full size, compared with its photo by a slider, a click, or the key B.

import { call, here, root } from "./api.js";
import { byId } from "./dom.js";
import { isAdmin } from "./page.js";
import { LONGEST_RATIO, load } from "./picture.js";
import { me, nameOf } from "./session.js";
import { words } from "./words.js";

/** @import { Transformation } from "./wall.js" */

const LONGEST_REASON = 280;
/** The longer side of the picture, in CSS pixels: see .compare in style.css. */
const side = () => Math.min(0.94 * innerWidth, 0.7 * LONGEST_RATIO * innerHeight);

/**
 * Shares the address of a picture's page: by the system's dialog, by the clipboard, or as text to copy.
 *
 * @param {string} transformationId
 * @returns {Promise<string>} a message for the user
 */
export async function share(transformationId) {
  const url = root(`p/${transformationId}`);
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

/** Whether the picture belongs to the user. @param {Transformation} picture */
function isOwn({ userId }) {
  const user = me();
  return user !== null && userId !== undefined && [user.user, user.publicId].includes(userId);
}

export class Viewer {
  #styleName;
  #dialog = byId("viewer", HTMLDialogElement);
  #before = byId("viewer-before", HTMLImageElement);
  #after = byId("viewer-after", HTMLImageElement);
  #cut = byId("cut", HTMLInputElement);
  /** @type {Transformation[]} */
  #cards = [];
  #index = 0;

  /**
   * Drafts a post about a card; null if the user may not.
   *
   * @type {((card: Transformation) => void) | null}
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
    byId("viewer-hide").addEventListener("click", () => this.#hide());
    byId("viewer-report").addEventListener("click", () => this.#report());
    byId("viewer-delete").addEventListener("click", () => this.#delete());
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key === "b" || event.key === "B") this.#toggle();
      if (event.key === "PageUp") this.#step(-1);
      if (event.key === "PageDown") this.#step(1);
    });
  }

  /**
   * Opens one of several cards.
   *
   * @param {Transformation[]} cards
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
    load(this.#before, photo, side());
    load(this.#after, result ?? photo, side());
    const caption = [this.#styleName(card.styleId), nameOf(card)].filter(Boolean).join(", ");
    this.#after.alt = caption;
    this.#before.alt = words.before;
    byId("viewer-caption").textContent = caption;
    byId("viewer-message").textContent = "";
    byId("viewer-previous", HTMLButtonElement).disabled = this.#index === 0;
    byId("viewer-next", HTMLButtonElement).disabled = this.#index === this.#cards.length - 1;
    byId("viewer-hide").hidden = !isAdmin();
    byId("viewer-report").hidden = !me() || isAdmin();
    byId("viewer-delete").hidden = !isAdmin() && !isOwn(card);
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

  /** For organisers; the wall removes the card when the event comes. */
  async #hide() {
    const { transformationId } = this.#cards[this.#index];
    await this.#act(() => call(`/transformations/${transformationId}/hide`, { method: "POST" }));
    byId("viewer-message").textContent ||= words.hidden;
  }

  /** Deletes the photo with all its pictures; the walls remove the cards when the event comes. */
  async #delete() {
    const { photoId } = this.#cards[this.#index];
    if (!confirm(words.confirmDelete)) return;
    await this.#act(async () => {
      await call(`/photos/${photoId}`, { method: "DELETE" });
      this.#dialog.close();
    });
  }

  async #report() {
    const reason = prompt(words.reportWhy);
    if (reason === null) return;
    const { transformationId } = this.#cards[this.#index];
    const body = { reason: reason.slice(0, LONGEST_REASON) };
    await this.#act(() =>
      call(`/transformations/${transformationId}/report`, { method: "POST", body }),
    );
    byId("viewer-message").textContent ||= words.reportSent;
  }

  /** Runs a call, and shows why it was refused. @param {() => Promise<unknown>} action */
  async #act(action) {
    byId("viewer-message").textContent = "";
    try {
      await action();
    } catch (failure) {
      byId("viewer-message").textContent = words.refusal(failure);
    }
  }

  async #share() {
    const message = await share(this.#cards[this.#index].transformationId);
    byId("viewer-message").textContent = message;
  }
}
