// The list of what happened last.

const MOST = 60;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export class Ticker {
  #list;

  constructor(list) {
    this.#list = list;
  }

  show(name, { timestamp, userId, data }) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = timestamp;
    time.textContent = clock.format(new Date(timestamp));
    const what = document.createElement("b");
    what.textContent = [name, data?.styleId, userId].filter(Boolean).join(" · ");
    item.append(time, what);
    this.#list.prepend(item);
    while (this.#list.children.length > MOST) this.#list.lastElementChild.remove();
  }
}
