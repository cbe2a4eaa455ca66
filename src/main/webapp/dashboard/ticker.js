// The list of what happened last; it can be narrowed, and held while one reads.

import { words } from "./words.js";

const MOST = 80;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const element = (id) => document.getElementById(id);

export class Ticker {
  #waiting = null;

  constructor() {
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

  #toggle() {
    const waiting = this.#waiting;
    this.#waiting = waiting ? null : [];
    waiting?.forEach((event) => this.#add(event));
    element("ticker-pause").textContent = waiting ? words.pause : words.goOn(0);
    element("ticker-pause").setAttribute("aria-pressed", String(!waiting));
  }

  #add({ event: type, timestamp, userId, data }) {
    const item = document.createElement("li");
    item.dataset.type = type;
    item.hidden = !wanted(type);
    const time = document.createElement("time");
    time.dateTime = timestamp;
    time.textContent = clock.format(new Date(timestamp));
    const what = document.createElement("b");
    what.textContent = [type, data?.styleId, userId].filter(Boolean).join(" · ");
    item.append(time, what);
    const list = element("ticker");
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild.remove();
  }
}

function wanted(type) {
  const kind = element("ticker-type").value;
  return kind === "other" ? !/^(photo|transformation)\./.test(type) : type.startsWith(kind);
}
