// The list of the latest events; it can be filtered and paused.

import { byId, element, timeElement } from "./dom.js";
import { nameOf } from "./session.js";
import { language, words } from "./words.js";

/** @import { StudioEvent } from "../client/devfest-studio.js" */

const MOST = 80;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });

export class Ticker {
  #styleName;
  #list = byId("ticker");
  #pause = byId("ticker-pause");
  /** @type {StudioEvent<string, any>[] | null} events that arrived while the list is paused */
  #waiting = null;

  /** @param {(styleId: string) => string} styleName */
  constructor(styleName) {
    this.#styleName = styleName;
    this.#pause.addEventListener("click", () => this.#toggle());
    byId("ticker-type").addEventListener("change", () => {
      for (const item of this.#items()) item.hidden = !isWanted(item.dataset.type ?? "");
    });
  }

  /** @param {StudioEvent<string, any>} event */
  show(event) {
    if (this.#waiting) {
      this.#waiting.push(event);
      if (this.#waiting.length > MOST) this.#waiting.shift();
      this.#pause.textContent = words.resume(this.#waiting.length);
    } else {
      this.#add(event);
    }
  }

  /**
   * Adds earlier events below the others.
   *
   * @param {StudioEvent<string, any>[]} events oldest first
   */
  recall(events) {
    const known = new Set(this.#items().map((item) => item.dataset.id));
    const older = events.filter(({ id }) => !known.has(String(id))).reverse();
    this.#list.append(...older.map((event) => this.#item(event)));
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children]);
  }

  #toggle() {
    const waiting = this.#waiting;
    this.#waiting = waiting ? null : [];
    waiting?.forEach((event) => this.#add(event));
    this.#pause.textContent = waiting ? words.pause : words.resume(0);
    this.#pause.setAttribute("aria-pressed", String(!waiting));
  }

  /** @param {StudioEvent<string, any>} event */
  #add(event) {
    this.#list.prepend(this.#item(event));
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
  }

  /** @param {StudioEvent<string, any>} event */
  #item({ id, event: type, timestamp = "", userId, data }) {
    const text = [
      words.event(type),
      this.#styleName(data?.styleId),
      nameOf({ userId, displayName: data?.displayName }),
    ]
      .filter(Boolean)
      .join(" · ");
    return element(
      "li",
      { dataset: { id: String(id), type }, hidden: !isWanted(type) },
      timeElement(new Date(timestamp), clock),
      element("b", { title: type, textContent: text }),
    );
  }
}

/** @param {string} type of an event */
function isWanted(type) {
  const kind = byId("ticker-type", HTMLSelectElement).value;
  return kind === "other" ? !/^(photo|transformation)\./.test(type) : type.startsWith(kind);
}
