// Who is here, for organisers: the open pages of all servers, and the users. A page can be ended, a user
// signed out everywhere or erased.

import { connect } from "../client/devfest-studio.js";
import { call } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { EVENT_TYPES, followEvent } from "./occasion.js";
import { isAdmin, prepare, showState } from "./page.js";
import { access } from "./session.js";
import { language, words } from "./words.js";

/**
 * An open page, as `GET /streams` returns it.
 *
 * @typedef {object} OpenPage
 * @property {string} clientId
 * @property {string} node
 * @property {string | null} user
 * @property {string} address
 * @property {"sse" | "websocket"} transport
 * @property {string} since
 * @property {number} behind
 */

/**
 * A user, as `GET /users` returns it.
 *
 * @typedef {{ user: string, displayName: string, counts: Record<string, number> }} User
 */

/** @typedef {{ items: any[], next: string | null, missingNodes?: number }} Page */

const REFRESH_STREAMS = 5_000;
const REFRESH_USERS = 30_000;
const PAGE = 100;
const TYPING = 300;
const times = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });

/** The names of guests; null for users who are none. @type {Map<string, string | null>} */
const names = new Map();

const search = byId("search", HTMLInputElement);
const erasure = byId("erase", HTMLDialogElement);
const typed = byId("erase-name", HTMLInputElement);
/** @type {User | null} the user in the open dialog */
let erasing = null;
const wanted = { streams: PAGE, users: PAGE };
/** The number of the newest call of each list, whose answer counts. */
const calls = { streams: 0, users: 0 };

/**
 * Loads so many items of a list, page by page.
 *
 * @param {string} path
 * @param {number} most
 * @returns {Promise<Page>}
 */
async function load(path, most) {
  const items = [];
  let missingNodes = 0;
  /** @type {string | null} */
  let next = "";
  while (next !== null && items.length < most) {
    const query = new URLSearchParams({ limit: String(PAGE), cursor: next });
    /** @type {Page} */
    const page = await call(`${path}${path.includes("?") ? "&" : "?"}${query}`);
    items.push(...page.items);
    missingNodes = page.missingNodes ?? 0;
    ({ next } = page);
  }
  return { items, next, missingNodes };
}

/** Guests have ids that tell nothing; names of other users need not be unique. @param {string} user */
const isGuest = (user) => user.startsWith("guest-");

/** @param {string | null} user */
const nameOf = (user) => (user === null ? words.anonymous : (names.get(user) ?? user));

/** Loads the names of guests that are not known yet. @param {OpenPage[]} pages */
async function loadNames(pages) {
  const users = new Set(pages.map(({ user }) => user ?? ""));
  const unknown = [...users].filter((user) => isGuest(user) && !names.has(user));
  for (let i = 0; i < unknown.length; i += PAGE) {
    const asked = unknown.slice(i, i + PAGE);
    /** @type {{ items: User[] }} */
    const { items } = await call(`/users?${new URLSearchParams(asked.map((id) => ["user", id]))}`);
    for (const id of asked) names.set(id, null);
    for (const { user, displayName } of items) names.set(user, displayName);
  }
}

/**
 * Shows a list, and keeps the elements of items that were there before, so that nothing flickers and
 * the focus stays.
 *
 * @template Item
 * @param {string} id of the list
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 * @param {(item: Item) => HTMLElement} build
 * @param {(item: Item, row: HTMLElement) => void} update
 */
function reconcile(id, items, key, build, update) {
  const list = byId(id);
  const before = new Map(
    [...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.key, row]),
  );
  const keys = new Set(items.map(key));
  for (const [known, row] of before) if (!keys.has(known ?? "")) row.remove();
  items.forEach((item, i) => {
    const row = /** @type {HTMLElement} */ (before.get(key(item)) ?? build(item));
    row.dataset.key = key(item);
    update(item, row);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
}

/** A row with a name, a line of details, and buttons. @param {...HTMLElement} buttons */
function rowOf(...buttons) {
  return element(
    "li",
    {},
    element("div", {}, element("b"), element("p", { className: "soft" })),
    element("div", { className: "row" }, ...buttons),
  );
}

/**
 * @param {HTMLElement} shown
 * @param {string} name
 * @param {string} details
 */
function describe(shown, name, details) {
  for (const [selector, text] of Object.entries({ b: name, p: details })) {
    const place = /** @type {Element} */ (shown.querySelector(selector));
    if (place.textContent !== text) place.textContent = text;
  }
}

/**
 * @param {string} textContent
 * @param {() => unknown} onclick
 * @param {string} [className]
 */
function button(textContent, onclick, className = "quiet") {
  return element("button", { type: "button", className, textContent, onclick });
}

async function showStreams() {
  calls.streams++;
  const mine = calls.streams;
  const { items, next, missingNodes = 0 } = await load("/streams", wanted.streams);
  await loadNames(items);
  if (mine !== calls.streams) return;
  reconcile(
    "stream-list",
    /** @type {OpenPage[]} */ (items),
    ({ clientId }) => clientId,
    (page) => rowOf(button(words.endPage, () => endPage(page))),
    (page, shown) => {
      const name = nameOf(page.user);
      describe(shown, name, detailsOf(page));
      shown.querySelector("button")?.setAttribute("aria-label", words.endPageOf(name));
    },
  );
  setText("stream-count", String(items.length) + (next === null ? "" : "+"));
  setText("missing-nodes", missingNodes > 0 ? words.missingNodes(missingNodes) : "");
  byId("no-streams").hidden = items.length > 0;
  byId("more-streams").hidden = next === null;
}

/** @param {OpenPage} page */
function detailsOf({ node, address, transport, since, behind }) {
  const how = words.transports[transport === "sse" ? "stream" : "websocket"];
  const text = words.openSince(how, times.format(new Date(since)), node, address);
  return behind > 0 ? `${text}, ${words.behind(behind)}` : text;
}

async function showUsers() {
  calls.users++;
  const mine = calls.users;
  const text = search.value.trim();
  const path = text ? `/users?${new URLSearchParams({ search: text })}` : "/users";
  const { items, next } = await load(path, wanted.users);
  if (mine !== calls.users) return;
  for (const { user, displayName } of items) {
    if (isGuest(user)) names.set(user, displayName);
  }
  reconcile(
    "user-list",
    /** @type {User[]} */ (items),
    ({ user }) => user,
    (user) =>
      rowOf(
        button(words.endSessions, () => endSessions(user)),
        button(words.erase, () => askToErase(user), "quiet danger"),
      ),
    ({ user, displayName, counts }, shown) => {
      const { photos = 0, transformations = 0 } = counts;
      const things = words.holds(photos, transformations);
      describe(shown, displayName, displayName === user ? things : `${user}, ${things}`);
    },
  );
  byId("no-users").hidden = items.length > 0;
  byId("more-users").hidden = next === null;
}

/**
 * Runs an action, and shows how it went.
 *
 * @param {() => Promise<string>} action returns what to show
 */
async function act(action) {
  try {
    say(await action(), false);
  } catch (failure) {
    say(words.refusal(failure), true);
  }
}

/**
 * @param {string} text
 * @param {boolean} refused
 */
function say(text, refused) {
  setText("message", text);
  byId("message").classList.toggle("refusal", refused);
}

/** @param {OpenPage} page */
function endPage({ clientId, user }) {
  return act(async () => {
    await call(`/streams/${clientId}`, { method: "DELETE" });
    await showStreams();
    return words.pageEnded(nameOf(user));
  });
}

/** @param {User} user */
function endSessions({ user }) {
  const name = nameOf(user);
  if (!confirm(words.endSessionsSure(name))) return undefined;
  return act(async () => {
    await call(`/users/${encodeURIComponent(user)}/sessions`, { method: "DELETE" });
    await showStreams();
    return words.sessionsEnded(name);
  });
}

/** @param {User} user */
function askToErase(user) {
  erasing = user;
  const name = nameOf(user.user);
  setText("erase-hint", words.eraseHint(name));
  setText("erase-label", words.eraseType(name));
  typed.value = "";
  byId("erase-confirm", HTMLButtonElement).disabled = true;
  erasure.returnValue = "";
  erasure.showModal();
}

function erase() {
  const person = erasing;
  erasing = null;
  if (!person || erasure.returnValue !== "erase") return;
  const name = nameOf(person.user);
  act(async () => {
    say(words.erasing(name), false);
    const reply = await call(`/users/${encodeURIComponent(person.user)}`, { method: "DELETE" });
    names.delete(person.user);
    await Promise.all([showUsers(), showStreams()]);
    return reply ? words.erasing(name) : words.erased(name);
  });
}

/** Refreshes a list from time to time. @param {() => Promise<void>} show @param {number} wait */
async function refresh(show, wait) {
  try {
    if (!document.hidden) await show();
    if (byId("message").dataset.refresh) say("", false);
    delete byId("message").dataset.refresh;
  } catch (failure) {
    say(words.refusal(failure), true);
    byId("message").dataset.refresh = "true";
  }
  setTimeout(() => refresh(show, wait), wait);
}

/** @type {number | undefined} */
let typing;

function connectControls() {
  byId("find").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", () => {
    clearTimeout(typing);
    wanted.users = PAGE;
    typing = setTimeout(
      () => showUsers().catch((failure) => say(words.refusal(failure), true)),
      TYPING,
    );
  });
  for (const [list, show] of Object.entries({ streams: showStreams, users: showUsers }))
    byId(`more-${list}`).addEventListener("click", () => {
      wanted[/** @type {"streams" | "users"} */ (list)] += PAGE;
      show().catch((failure) => say(words.refusal(failure), true));
    });
  typed.addEventListener("input", () => {
    const name = nameOf(erasing?.user ?? "");
    byId("erase-confirm", HTMLButtonElement).disabled = typed.value.trim() !== name.trim();
  });
  erasure.addEventListener("close", erase);
}

await prepare();
if (isAdmin()) {
  const studio = connect({ ...access(), channels: ["events"], query: { types: EVENT_TYPES } });
  studio.onState(showState);
  followEvent(studio);
  connectControls();
  byId("streams").hidden = false;
  byId("users").hidden = false;
  refresh(showStreams, REFRESH_STREAMS);
  refresh(showUsers, REFRESH_USERS);
} else {
  byId("not-allowed").hidden = false;
}
