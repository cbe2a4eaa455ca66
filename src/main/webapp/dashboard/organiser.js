// The organisers' view: deliveries from GitHub, and a board of posts by state.

import { call } from "./api.js";
import { ask } from "./assistant.js";
import { byId, element, timeElement } from "./dom.js";
import { language, words } from "./words.js";

/** @import { ChannelFrame, Connection } from "../client/devfest-studio.js" */

/** @typedef {"draft" | "ready" | "scheduled" | "published" | "failed"} PostStatus */

/**
 * @typedef {object} Post
 * @property {string} postId
 * @property {string} title
 * @property {string} body
 * @property {PostStatus} status
 * @property {string | null} scheduledAt
 * @property {string | null} publishedAt
 * @property {string | null} [error]
 */

/**
 * @typedef {object} Delivery
 * @property {string} delivery_id
 * @property {string} event
 * @property {string | null} repo_full_name
 * @property {string} status
 * @property {string} received_at
 */

const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const MOST_DELIVERIES = 50;
const SUMMARY = 90;
const CHANNELS = ["github", "posts"];
const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * The columns in their order: the feed's name of a state, and a post's own.
 *
 * @type {Map<string, PostStatus>}
 */
const COLUMNS = new Map([
  ["drafts", "draft"],
  ["ready", "ready"],
  ["scheduled", "scheduled"],
  ["published", "published"],
  ["failed", "failed"],
]);

export class Organiser {
  #studio;
  #button = byId("open-organiser");
  #panel = byId("organiser");
  #dialog = byId("post", HTMLDialogElement);
  #title = byId("post-name", HTMLInputElement);
  #body = byId("post-body", HTMLTextAreaElement);
  #save = byId("post-save", HTMLButtonElement);
  #scheduleDialog = byId("schedule", HTMLDialogElement);
  #scheduleAt = byId("schedule-at", HTMLInputElement);
  #listens = false;
  /** @type {Post | null} the post in the open dialog; null for a new one */
  #editing = null;
  /** @type {Post | null} the post that is dragged */
  #moving = null;

  /** @param {() => Connection} studio returns the page's connection */
  constructor(studio) {
    this.#studio = studio;
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => this.#toggle());
    byId("new-post").addEventListener("click", () => this.#edit(null));
    this.#dialog.addEventListener("close", () => this.#onEdited());
    byId("post-delete").addEventListener("click", () => this.#delete());
    this.#scheduleDialog.addEventListener("close", () => this.#onScheduled());
    for (const [column, status] of COLUMNS) byId("board").append(this.#column(column, status));
  }

  #toggle() {
    const opens = this.#panel.hidden;
    this.#panel.hidden = !opens;
    /** @type {HTMLElement} */ (document.querySelector("main")).hidden = opens;
    this.#button.setAttribute("aria-expanded", String(opens));
    if (opens) this.#follow();
    else
      this.#studio()
        .leave(...CHANNELS)
        .catch(() => {}); // later frames change a view that nobody sees
  }

  /** Follows the channels while the view is open. Each begins with a snapshot. */
  async #follow() {
    const studio = this.#studio();
    if (!this.#listens)
      for (const channel of CHANNELS) studio.onChannel(channel, (frame) => this.#take(frame));
    this.#listens = true;
    byId("board-message").textContent = "";
    try {
      await studio.follow(...CHANNELS);
    } catch (failure) {
      byId("board-message").textContent = words.refusal(failure);
    }
  }

  /** @param {ChannelFrame<any>} frame */
  #take({ event, data }) {
    if (event === "events" || event === "events-update") showDeliveries(data.events);
    else if (event === "new-event") addDelivery(data.event);
    else if (event === "count") byId("delivered").textContent = data.count;
    else if (event === "posts-by-status" || event === "posts-update")
      this.#showPosts(data.postsByStatus);
    else if (event === "stats" || event === "stats-update") showCounts(data.stats);
  }

  // ---- the board

  /**
   * @param {string} column
   * @param {PostStatus} status
   */
  #column(column, status) {
    const name = words.postStates[status];
    const count = element("span", { id: `count-${column}` });
    const section = element(
      "section",
      { dataset: { status } },
      element("h3", {}, `${name} `, count),
      element("ul", { id: `posts-${column}`, "aria-label": name }),
    );
    section.addEventListener("dragover", (event) => {
      if (this.#moving) event.preventDefault();
    });
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.#moving) this.#move(this.#moving, status);
    });
    return section;
  }

  /** @param {Record<string, Post[]>} lists */
  #showPosts(lists) {
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement ? activeElement.dataset.post : undefined;
    for (const column of COLUMNS.keys()) {
      byId(`posts-${column}`).replaceChildren(...lists[column].map((post) => this.#card(post)));
    }
    if (focused)
      /** @type {HTMLElement | null} */ (
        document.querySelector(`[data-post="${focused}"]`)
      )?.focus();
  }

  /** @param {Post} post */
  #card(post) {
    // Not a button: Firefox does not drag by one.
    const open = element(
      "div",
      {
        className: "post",
        tabIndex: 0,
        role: "button",
        "aria-describedby": "board-hint",
        dataset: { post: post.postId },
      },
      element("b", { textContent: post.title }),
      element("small", { textContent: summaryOf(post) }),
    );
    open.addEventListener("click", () => this.#edit(post));
    open.addEventListener("keydown", (event) => this.#onKey(event, post));
    const card = element("li", { draggable: post.status !== "published" }, open);
    card.addEventListener("dragstart", ({ dataTransfer }) => {
      dataTransfer?.setData("text/plain", post.title);
      this.#moving = post;
    });
    card.addEventListener("dragend", () => {
      this.#moving = null;
    });
    return card;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Post} post
   */
  #onKey(event, post) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#edit(post);
    }
    if (post.status === "published") return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const states = [...COLUMNS.values()];
    const to = states[states.indexOf(post.status) + step];
    if (!to) return;
    event.preventDefault();
    this.#move(post, post.status === "failed" ? "scheduled" : to);
  }

  /**
   * @param {Post} post
   * @param {PostStatus} status
   */
  #move(post, status) {
    this.#moving = null;
    if (status === post.status) return;
    if (status === "scheduled") {
      this.#editing = post;
      this.#scheduleAt.value = localTime(Date.now() + HOUR);
      this.#scheduleDialog.showModal();
    } else if (status === "published") {
      send(`/github/posts/${post.postId}/publish`, "POST");
    } else {
      send(`/github/posts/${post.postId}`, "PATCH", { status });
    }
  }

  #onScheduled() {
    const { returnValue } = this.#scheduleDialog;
    const path = `/github/posts/${this.#editing?.postId}`;
    if (returnValue === "later" && this.#scheduleAt.value) {
      const scheduledAt = new Date(this.#scheduleAt.value).toISOString();
      send(path, "PATCH", { status: "scheduled", scheduledAt });
    } else if (returnValue === "now") {
      send(`${path}/publish`, "POST");
    }
    this.#scheduleDialog.returnValue = "";
  }

  /** @param {Post | null} post null for a new one */
  #edit(post) {
    this.#editing = post;
    const fixed = post?.status === "published";
    this.#title.value = post?.title ?? "";
    this.#body.value = post?.body ?? "";
    byId("post-note").textContent = "";
    for (const field of [this.#title, this.#body, this.#save]) field.disabled = fixed;
    byId("post-delete").hidden = post === null;
    byId("post-message").textContent = "";
    this.#dialog.showModal();
  }

  /**
   * Opens a new post whose text the assistant drafts. The user may change, save or discard it.
   *
   * @param {string} styleName
   * @param {string} user "" to name nobody
   */
  async draft(styleName, user) {
    this.#edit(null);
    this.#title.value = words.draftTitle(styleName);
    const stop = new AbortController();
    this.#dialog.addEventListener("close", () => stop.abort(), { once: true });
    this.#save.disabled = true;
    try {
      const engine = await ask(words.draftPrompt(styleName, user), stop.signal, (piece) => {
        this.#body.value += piece;
      });
      this.#showEngine(engine);
    } catch (failure) {
      const { status, message } = /** @type {import("./api.js").Refusal} */ (failure);
      if (!stop.signal.aborted)
        byId("post-message").textContent = status ? words.refusal(failure) : message;
    } finally {
      this.#save.disabled = false;
    }
  }

  /**
   * Shows who wrote the draft. The caption writer says so itself, below the caption.
   *
   * @param {string} engine
   */
  #showEngine(engine) {
    if (engine === "captions") {
      const [caption, ...about] = this.#body.value.split("\n\n");
      this.#body.value = caption;
      byId("post-note").textContent = about.join(" ");
    } else {
      byId("post-note").textContent = words.writtenBy(engine);
    }
  }

  #onEdited() {
    if (this.#dialog.returnValue === "save") {
      const changes = { title: this.#title.value, body: this.#body.value };
      if (this.#editing) send(`/github/posts/${this.#editing.postId}`, "PATCH", changes);
      else send("/github/posts", "POST", changes);
    }
    this.#dialog.returnValue = "";
  }

  #delete() {
    if (!confirm(words.confirmDeletePost)) return;
    send(`/github/posts/${this.#editing?.postId}`, "DELETE");
    this.#dialog.close();
  }
}

/**
 * Sends a change. The feed delivers its effect; a refusal is shown here.
 *
 * @param {string} path
 * @param {string} method
 * @param {object} [body]
 */
async function send(path, method, body) {
  const message = byId("board-message");
  message.textContent = "";
  try {
    await call(path, { method, body });
  } catch (failure) {
    message.textContent = words.refusal(failure);
  }
}

/** @param {Delivery[]} deliveries the newest first */
function showDeliveries(deliveries) {
  byId("deliveries").replaceChildren(...deliveries.map(rowOf));
}

/** @param {Delivery} delivery */
function addDelivery(delivery) {
  // The snapshot may include it already, with a later status.
  if (document.querySelector(`#deliveries [data-delivery="${CSS.escape(delivery.delivery_id)}"]`))
    return;
  const list = byId("deliveries");
  list.prepend(rowOf(delivery));
  while (list.children.length > MOST_DELIVERIES) list.lastElementChild?.remove();
}

/** @param {Delivery} delivery */
function rowOf({ delivery_id: delivery, event, repo_full_name: repo, status, received_at: at }) {
  return element(
    "li",
    { dataset: { delivery, status } },
    timeElement(new Date(at), clock),
    element("b", { textContent: [event, repo].filter(Boolean).join(" · ") }),
    element("span", { textContent: words.deliveries[status] ?? status }),
  );
}

/** @param {Record<string, number>} counts by column */
function showCounts(counts) {
  for (const column of COLUMNS.keys()) byId(`count-${column}`).textContent = String(counts[column]);
}

/**
 * The second line of a card: an error, a time, or the beginning of the text.
 *
 * @param {Post} post
 */
function summaryOf({ error, publishedAt, scheduledAt, body }) {
  const time = publishedAt ?? scheduledAt;
  return error ?? (time ? clock.format(new Date(time)) : beginning(body, SUMMARY));
}

/**
 * A time in the format of a field for local times.
 *
 * @param {number} millis
 */
function localTime(millis) {
  return new Date(millis - new Date(millis).getTimezoneOffset() * MINUTE)
    .toISOString()
    .slice(0, 16);
}

/**
 * The beginning of a text. Counts what a reader sees as one character, so that no emoji is cut.
 *
 * @param {string} text
 * @param {number} most
 */
function beginning(text, most) {
  const characters = [...new Intl.Segmenter(language).segment(text)];
  return characters
    .slice(0, most)
    .map(({ segment }) => segment)
    .join("");
}
