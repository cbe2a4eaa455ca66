// The user's notifications: their count, a list, and, if the user wants it, notifications by the
// browser while the page is in the background, or, where the browser has a push service, closed.

import { call, now } from "./api.js";
import { byId, element, timeElement } from "./dom.js";
import * as push from "./push.js";
import { language, words } from "./words.js";

/**
 * @typedef {object} Notice
 * @property {string} id
 * @property {string} type
 * @property {string} text
 * @property {string} mentionedBy
 * @property {boolean} read
 * @property {string} createdAt in ISO 8601
 */

const MOST = 20;
const LOCK = "devfest-studio:notifies";
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

export class Bell {
  #button = byId("bell");
  #panel = byId("notices");
  #list = byId("notice-list");
  /** @type {Set<string>} the ids of the notifications in the list */
  #known = new Set();
  #holdsLock = false;
  /** Whether the studio sends notifications to the browser itself. */
  #pushes = false;

  constructor() {
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => this.#toggle(this.#panel.hidden === true));
    byId("read-all").addEventListener("click", () => this.#try(() => this.#readAll()));
    for (const part of [this.#button, this.#panel])
      part.addEventListener("keydown", ({ key }) => {
        if (key === "Escape" && !this.#panel.hidden) this.#toggle(false);
      });
    this.#offerBrowser();
    this.#showCount(0);
  }

  /** Whether the page stays connected while it is hidden, to show notifications of the browser. */
  get staysConnected() {
    return this.#holdsLock && isWanted() && !this.#pushes;
  }

  /**
   * Takes a frame of the channel `notifications`.
   *
   * @param {import("../client/devfest-studio.js").ChannelFrame<any>} frame
   */
  take({ event, data }) {
    if (event === "unread") this.#showCount(data.count);
    if (event !== "notification" || this.#known.has(data.id)) return;
    if (!this.#pushes) notify(data);
    if (this.#panel.hidden) return; // the list is loaded when it is opened
    this.#known.add(data.id);
    this.#list.prepend(rowOf({ ...data, read: false, createdAt: new Date(now()).toISOString() }));
    this.#trim();
    this.#try(() => markRead([data]));
  }

  /** @param {number} count */
  #showCount(count) {
    const unread = byId("unread");
    unread.textContent = count > 99 ? "99+" : String(count);
    unread.hidden = count === 0;
    this.#button.setAttribute("aria-label", words.unreadNotices(count));
    byId("read-all", HTMLButtonElement).disabled = count === 0;
  }

  /** @param {boolean} opens */
  #toggle(opens) {
    this.#panel.hidden = !opens;
    this.#button.setAttribute("aria-expanded", String(opens));
    if (opens) this.#try(() => this.#open());
    else this.#button.focus();
  }

  async #open() {
    /** @type {{ items: Notice[] }} */
    const { items } = await call(`/notifications?limit=${MOST}`);
    this.#known = new Set(items.map(({ id }) => id));
    this.#list.replaceChildren(...items.map(rowOf));
    this.#trim();
    await markRead(items.filter(({ read }) => !read));
  }

  #trim() {
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
    byId("no-notices").hidden = this.#list.children.length > 0;
  }

  async #readAll() {
    await call("/notifications/read-all", { method: "POST" });
    for (const row of this.#list.querySelectorAll("li")) delete row.dataset.unread;
  }

  /** @param {() => Promise<void>} action */
  async #try(action) {
    const message = byId("notices-message");
    message.textContent = "";
    try {
      await action();
    } catch (failure) {
      message.textContent = words.refusal(failure);
    }
  }

  // ---- notifications of the browser

  #offerBrowser() {
    const button = byId("notify");
    button.hidden = !("Notification" in globalThis); // an insecure context has none
    if (button.hidden) return;
    if (push.isSupported()) button.textContent = words.notifyAlways;
    button.addEventListener("click", () => this.#switch());
    this.#apply();
  }

  /** The page asks for the permission only when the user switches notifications on. */
  async #switch() {
    const on = !isWanted();
    if (on && Notification.permission === "default") await Notification.requestPermission();
    if (on && Notification.permission !== "granted") {
      byId("notices-message").textContent = words.notifyDenied;
      return;
    }
    if (on) localStorage.setItem(push.WISH, "on");
    else await push.unsubscribe();
    this.#apply();
  }

  async #apply() {
    byId("notify").setAttribute("aria-pressed", String(isWanted()));
    this.#takeLock();
    this.#pushes = isWanted() && (await push.subscribe());
  }

  /**
   * Only one of the user's tabs stays connected while hidden: a browser has few connections to a
   * server.
   */
  #takeLock() {
    if (!isWanted() || this.#holdsLock || !navigator.locks) return;
    navigator.locks.request(LOCK, () => {
      this.#holdsLock = true;
      return new Promise(() => {});
    });
  }
}

function isWanted() {
  return (
    globalThis.Notification?.permission === "granted" && localStorage.getItem(push.WISH) === "on"
  );
}

/** @param {Notice} notice */
function notify(notice) {
  if (!isWanted() || (!document.hidden && document.hasFocus())) return;
  // The tag is the same in every tab, so that the browser shows it once.
  const shown = new Notification("DevFest Studio", { body: textOf(notice), tag: notice.id });
  shown.onclick = () => globalThis.focus();
}

/**
 * Marks notifications as read. The list shows them as new until it is opened again.
 *
 * @param {Notice[]} notices
 */
async function markRead(notices) {
  await Promise.all(notices.map(({ id }) => call(`/notifications/${id}/read`, { method: "POST" })));
}

/**
 * The studio's own notifications are in the language of the page, users' texts in their own.
 *
 * @param {Notice} notice
 */
function textOf({ type, text, mentionedBy }) {
  if (Object.hasOwn(words.about, type)) return words.about[type];
  return type === "mention" ? `${words.mentioned(mentionedBy)}: ${text}` : text;
}

/** @param {Notice} notice */
function rowOf(notice) {
  /** @type {Record<string, string>} */
  const dataset = { notice: notice.id };
  if (!notice.read) dataset.unread = "";
  const text = element("span", { textContent: textOf(notice) });
  return element("li", { dataset }, text, timeElement(new Date(notice.createdAt), clock));
}
