// The list of what happened last; it can be narrowed, and held while one reads.

import { language, words } from "./words.js";

const MOST = 80;
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const element = (id) => document.getElementById(id);

export class Ticker {
  #styleName;
  #waiting = null;

  constructor(styleName) {
    this.#styleName = styleName;
    element("ticker-pause").addEventListener("click", () => this.#toggle());
    element("ticker-type").addEventListener("change", () => {
      for (const item of element("ticker").children) item.hidden = !wanted(item.dataset.type);
    });
  }

  show(event) {
    if (this.#waiting) {
      this.#waiting.push(event);
      if (this.#waiting.length > MOST) this.#waiting.shift();
      element("ticker-pause").textContent = words.goOn(this.#waiting.length);
    } else {
      this.#add(event);
    }
  }

  /** What happened before all that is shown, oldest first. */
  recall(events) {
    const known = new Set([...element("ticker").children].map((item) => item.dataset.id));
    const older = events.filter(({ id }) => !known.has(id)).reverse();
    element("ticker").append(...older.map((event) => this.#item(event)));
  }

  #toggle() {
    const waiting = this.#waiting;
    this.#waiting = waiting ? null : [];
    waiting?.forEach((event) => this.#add(event));
    element("ticker-pause").textContent = waiting ? words.pause : words.goOn(0);
    element("ticker-pause").setAttribute("aria-pressed", String(!waiting));
  }

  #add(event) {
    const list = element("ticker");
    list.prepend(this.#item(event));
    while (list.children.length > MOST) list.lastElementChild.remove();
  }

  #item({ id, event: type, timestamp, userId, data }) {
    const item = document.createElement("li");
    item.dataset.id = id;
    item.dataset.type = type;
    item.hidden = !wanted(type);
    const time = document.createElement("time");
    time.dateTime = timestamp;
    time.textContent = clock.format(new Date(timestamp));
    const what = document.createElement("b");
    what.title = type;
    what.textContent = [words.event(type), this.#styleName(data?.styleId), userId].filter(Boolean).join(" · ");
    item.append(time, what);
    return item;
  }
}

function wanted(type) {
  const kind = element("ticker-type").value;
  return kind === "other" ? !/^(photo|transformation)\./.test(type) : type.startsWith(kind);
}
