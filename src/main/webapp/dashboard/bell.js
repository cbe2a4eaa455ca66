// What others tell one: a count, a list, and, for who wants it, a word from the browser when the page
// is not looked at.

import { call, now } from "./api.js";
import { language, words } from "./words.js";

const element = (id) => document.getElementById(id);
const MOST = 20;
const KEY = "studio.notify";
const LOCK = "devfest-studio:notifies";
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

export class Bell {
  #items = new Map();
  #keeps = false;

  constructor() {
    element("bell").hidden = false;
    element("bell").addEventListener("click", () => this.#toggle(element("notices").hidden));
    element("read-all").addEventListener("click", () => this.#try(() => this.#readAll()));
    element("notices").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#toggle(false);
    });
    this.#offer();
    this.#count(0);
  }

  /** Whether a page that nobody sees has to stay connected, so that its user hears of what happens. */
  get keeps() {
    return this.#keeps && wanted();
  }

  /** Takes a frame of the channel. */
  hear({ event, data }) {
    if (event === "unread") this.#count(data.count);
    if (event !== "notification" || this.#items.has(data.id)) return;
    this.#tell(data);
    if (element("notices").hidden) return; // it is looked up when the list is opened
    this.#items.set(data.id, data);
    element("notice-list").prepend(row({ ...data, read: false, createdAt: new Date(now()).toISOString() }));
    this.#trim();
    this.#try(() => this.#read([data]));
  }

  #count(count) {
    element("unread").textContent = count > 99 ? "99+" : count;
    element("unread").hidden = count === 0;
    element("bell").setAttribute("aria-label", words.noticesUnread(count));
    element("read-all").disabled = count === 0;
  }

  #toggle(opens) {
    element("notices").hidden = !opens;
    element("bell").setAttribute("aria-expanded", String(opens));
    if (opens) this.#try(() => this.#open());
    else element("bell").focus();
  }

  async #open() {
    const { items } = await call(`/notifications?limit=${MOST}`);
    this.#items = new Map(items.map((item) => [item.id, item]));
    element("notice-list").replaceChildren(...items.map(row));
    this.#trim();
    await this.#read(items.filter(({ read }) => !read));
  }

  #trim() {
    const list = element("notice-list");
    while (list.children.length > MOST) list.lastElementChild.remove();
    element("no-notices").hidden = list.children.length > 0;
  }

  /** What stands out on the page as new stays so until it is opened again. */
  async #read(items) {
    await Promise.all(items.map(({ id }) => call(`/notifications/${id}/read`, { method: "POST" })));
  }

  async #readAll() {
    await call("/notifications/read-all", { method: "POST" });
    for (const item of element("notice-list").children) delete item.dataset.unread;
  }

  async #try(action) {
    element("notices-message").textContent = "";
    try {
      await action();
    } catch (failure) {
      element("notices-message").textContent = words.refusal(failure);
    }
  }

  // ---- the browser's own

  #offer() {
    const button = element("notify");
    button.hidden = !("Notification" in globalThis); // needs https, or localhost
    if (button.hidden) return;
    button.addEventListener("click", () => this.#choose());
    this.#show();
    this.#stay();
  }

  /** Nobody is asked before he asks for it himself. */
  async #choose() {
    const on = !wanted();
    if (on && Notification.permission === "default") await Notification.requestPermission();
    if (on && Notification.permission !== "granted") {
      element("notices-message").textContent = words.noNotify;
      return;
    }
    localStorage.setItem(KEY, on ? "on" : "off");
    this.#show();
    this.#stay();
  }

  #show() {
    element("notify").setAttribute("aria-pressed", String(wanted()));
  }

  /** Of all tabs one stays connected when it is hidden: a browser has few connections to a server. */
  #stay() {
    if (!wanted() || this.#keeps || !navigator.locks) return;
    navigator.locks.request(LOCK, () => {
      this.#keeps = true;
      return new Promise(() => {});
    });
  }

  #tell(notice) {
    if (!wanted() || (!document.hidden && document.hasFocus())) return;
    // The tag is the same in every tab, so that it is shown once.
    const shown = new Notification("DevFest Studio", { body: textOf(notice), tag: notice.id });
    shown.onclick = () => globalThis.focus();
  }
}

function wanted() {
  return globalThis.Notification?.permission === "granted" && localStorage.getItem(KEY) === "on";
}

/** The studio's own notices are in the page's language, and what people write in theirs. */
function textOf({ type, text, mentionedBy }) {
  if (Object.hasOwn(words.about, type)) return words.about[type];
  return type === "mention" ? `${words.mentioned(mentionedBy)}: ${text}` : text;
}

function row(notice) {
  const item = document.createElement("li");
  item.dataset.notice = notice.id;
  if (!notice.read) item.dataset.unread = "";
  const text = document.createElement("span");
  text.textContent = textOf(notice);
  const time = document.createElement("time");
  time.dateTime = notice.createdAt;
  time.textContent = clock.format(new Date(notice.createdAt));
  item.append(text, time);
  return item;
}
