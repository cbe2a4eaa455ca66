// The organisers' side: what GitHub delivers, a board of posts by state, and one's own quota.

import { call } from "./api.js";
import { ask } from "./assistant.js";
import { language, words } from "./words.js";

const element = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const SHOWN = 50;
const CHANNELS = ["github", "posts", "quota"];
const AN_HOUR = 3_600_000;
const MINUTE = 60_000;

/** The columns in their order: what a feed calls a state, and what a post calls it. */
const STATES = new Map([
  ["drafts", "draft"],
  ["ready", "ready"],
  ["scheduled", "scheduled"],
  ["published", "published"],
  ["failed", "failed"],
]);

export class Organiser {
  #studio;
  #heard = false;
  #editing = null;
  #moving = null;

  /** @param studio gives the page's connection */
  constructor(studio) {
    this.#studio = studio;
    element("open-organiser").hidden = false;
    element("open-organiser").addEventListener("click", () => this.#toggle());
    element("new-post").addEventListener("click", () => this.#edit(null));
    element("post").addEventListener("close", () => this.#edited());
    element("post-delete").addEventListener("click", () => this.#remove());
    element("schedule").addEventListener("close", () => this.#scheduled());
    for (const [column, status] of STATES) element("board").append(this.#column(column, status));
  }

  #toggle() {
    const opens = element("organiser").hidden;
    element("organiser").hidden = !opens;
    document.querySelector("main").hidden = opens;
    element("open-organiser").setAttribute("aria-expanded", String(opens));
    if (opens) this.#follow();
    else this.#studio().leave(...CHANNELS).catch(() => {}); // nobody looks at what still comes
  }

  /** Only while it is looked at. Each channel begins with its whole. */
  async #follow() {
    const studio = this.#studio();
    if (!this.#heard) for (const channel of CHANNELS) studio.onChannel(channel, (frame) => this.#hear(frame));
    this.#heard = true;
    element("board-message").textContent = "";
    try {
      await studio.follow(...CHANNELS);
    } catch (failure) {
      element("board-message").textContent = words.refusal(failure);
    }
  }

  #hear({ event, data }) {
    if (event === "events" || event === "events-update") this.#deliveries(data.events);
    else if (event === "new-event") this.#delivery(data.event);
    else if (event === "count") element("delivered").textContent = data.count;
    else if (event === "posts-by-status" || event === "posts-update") this.#posts(data.postsByStatus);
    else if (event === "stats" || event === "stats-update") this.#stats(data.stats);
    else if (event === "quota" || event === "quota-update") this.#quota(data.quota);
  }

  // ---- GitHub

  #deliveries(events) {
    element("deliveries").replaceChildren(...events.map(row));
  }

  #delivery(event) {
    // It may have been in the whole already, which then knows more of it.
    if (document.querySelector(`#deliveries [data-delivery="${CSS.escape(event.delivery_id)}"]`)) return;
    element("deliveries").prepend(row(event));
    while (element("deliveries").children.length > SHOWN) element("deliveries").lastElementChild.remove();
  }

  // ---- quota

  #quota({ used, remaining, limit, resetsAt }) {
    const meter = element("quota");
    meter.hidden = limit === 0;
    meter.max = limit || 1;
    meter.high = limit * 0.8;
    meter.value = used;
    element("quota-text").textContent =
      limit === 0 ? words.unlimited(used) : words.quotaLeft(remaining, limit, clock.format(new Date(resetsAt)));
  }

  // ---- the board

  #column(column, status) {
    const section = document.createElement("section");
    section.dataset.status = status;
    const head = document.createElement("h3");
    head.textContent = words.postStates[status];
    const count = document.createElement("span");
    count.id = `count-${column}`;
    head.append(" ", count);
    const list = document.createElement("ul");
    list.id = `posts-${column}`;
    list.setAttribute("aria-label", words.postStates[status]);
    section.append(head, list);
    section.addEventListener("dragover", (event) => {
      if (this.#moving) event.preventDefault();
    });
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.#moving) this.#move(this.#moving, status);
    });
    return section;
  }

  #stats(stats) {
    for (const column of STATES.keys()) element(`count-${column}`).textContent = stats[column];
  }

  #posts(lists) {
    const focused = document.activeElement?.dataset?.post;
    for (const column of STATES.keys()) {
      element(`posts-${column}`).replaceChildren(...lists[column].map((post) => this.#card(post)));
    }
    if (focused) document.querySelector(`[data-post="${focused}"]`)?.focus();
  }

  #card(post) {
    const card = document.createElement("li");
    card.draggable = post.status !== "published";
    // No button: Firefox drags nothing by one.
    const open = Object.assign(document.createElement("div"), { className: "post", tabIndex: 0 });
    open.setAttribute("role", "button");
    open.dataset.post = post.postId;
    open.setAttribute("aria-describedby", "board-hint");
    const title = document.createElement("b");
    title.textContent = post.title;
    const about = document.createElement("small");
    const time = post.publishedAt ?? post.scheduledAt;
    about.textContent = post.error ?? (time ? clock.format(new Date(time)) : beginning(post.body, 90));
    open.append(title, about);
    open.addEventListener("click", () => this.#edit(post));
    open.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.#edit(post);
      }
      if (post.status === "published") return;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const states = [...STATES.values()];
      const to = states[states.indexOf(post.status) + step];
      if (step && to) {
        event.preventDefault();
        this.#move(post, post.status === "failed" ? "scheduled" : to);
      }
    });
    card.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", post.title);
      this.#moving = post;
    });
    card.addEventListener("dragend", () => (this.#moving = null));
    card.append(open);
    return card;
  }

  #move(post, status) {
    this.#moving = null;
    if (status === post.status) return;
    if (status === "scheduled") {
      this.#editing = post;
      element("schedule-at").value = local(Date.now() + AN_HOUR);
      element("schedule").showModal();
    } else if (status === "published") {
      this.#send(`/github/posts/${post.postId}/publish`, "POST");
    } else {
      this.#send(`/github/posts/${post.postId}`, "PATCH", { status });
    }
  }

  #scheduled() {
    const { returnValue } = element("schedule");
    if (returnValue === "later" && element("schedule-at").value) {
      const scheduledAt = new Date(element("schedule-at").value).toISOString();
      this.#send(`/github/posts/${this.#editing.postId}`, "PATCH", { status: "scheduled", scheduledAt });
    } else if (returnValue === "now") {
      this.#send(`/github/posts/${this.#editing.postId}/publish`, "POST");
    }
    element("schedule").returnValue = "";
  }

  #edit(post) {
    this.#editing = post;
    const fixed = post?.status === "published";
    element("post-name").value = post?.title ?? "";
    element("post-body").value = post?.body ?? "";
    element("post-note").textContent = "";
    for (const field of ["post-name", "post-body", "post-save"]) element(field).disabled = fixed;
    element("post-delete").hidden = post === null;
    element("post-message").textContent = "";
    element("post").showModal();
  }

  /** Has the assistant draft a post about a picture, which then can be changed, saved or thrown away. */
  async draft(styleName, userId) {
    this.#edit(null);
    element("post-name").value = words.draftTitle(styleName);
    const stop = new AbortController();
    element("post").addEventListener("close", () => stop.abort(), { once: true });
    element("post-save").disabled = true;
    element("post-message").textContent = "";
    const body = element("post-body");
    try {
      const engine = await ask(words.draftPrompt(styleName, userId), stop.signal, (token) => (body.value += token));
      if (engine === "captions") {
        const [caption, ...about] = body.value.split("\n\n");
        body.value = caption;
        element("post-note").textContent = about.join(" ");
      } else element("post-note").textContent = words.writtenBy(engine);
    } catch (failure) {
      if (!stop.signal.aborted) element("post-message").textContent = failure.status ? words.refusal(failure) : failure.message;
    } finally {
      element("post-save").disabled = false;
    }
  }

  #edited() {
    if (element("post").returnValue === "save") {
      const wish = { title: element("post-name").value, body: element("post-body").value };
      if (this.#editing) this.#send(`/github/posts/${this.#editing.postId}`, "PATCH", wish);
      else this.#send("/github/posts", "POST", wish);
    }
    element("post").returnValue = "";
  }

  #remove() {
    if (!confirm(words.removePost)) return;
    this.#send(`/github/posts/${this.#editing.postId}`, "DELETE");
    element("post").close();
  }

  /** What comes of it is told by the feed; a refusal is told here. */
  async #send(path, method, body) {
    element("board-message").textContent = "";
    try {
      await call(path, { method, body });
    } catch (failure) {
      element("board-message").textContent = words.refusal(failure);
    }
  }
}

function row({ delivery_id: id, event, repo_full_name: repo, status, received_at: at }) {
  const item = document.createElement("li");
  item.dataset.delivery = id;
  item.dataset.status = status;
  const time = document.createElement("time");
  time.dateTime = at;
  time.textContent = clock.format(new Date(at));
  const what = document.createElement("b");
  what.textContent = [event, repo].filter(Boolean).join(" · ");
  const state = document.createElement("span");
  state.textContent = words.deliveries[status] ?? status;
  item.append(time, what, state);
  return item;
}

/** A time as a field for local times has it. */
function local(millis) {
  return new Date(millis - new Date(millis).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** So many characters as a reader counts them: no emoji is cut in two. */
function beginning(text, most) {
  const characters = [...new Intl.Segmenter(language).segment(text)];
  return characters.slice(0, most).map(({ segment }) => segment).join("");
}
