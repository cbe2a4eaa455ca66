// The page on which organisers describe the event, let people in, and announce something.

import { connect } from "../client/devfest-studio.js";
import { call, here } from "./api.js";
import { byId, element, setText } from "./dom.js";
import { EVENT_TYPES, followEvent, pictureOf } from "./occasion.js";
import { isAdmin, isPublisher, prepare, showState } from "./page.js";
import { access } from "./session.js";
import { language, words } from "./words.js";

/** @import { Occasion } from "./occasion.js" */

/**
 * A pass, as `GET /passes` returns it.
 *
 * @typedef {object} Pass
 * @property {string} passId
 * @property {string | null} name
 * @property {string} url
 * @property {string} qr an SVG document
 * @property {string} expiresAt
 * @property {number | null} maxUses
 * @property {number} uses
 */

const SECONDS = 60;
const DEFAULT_ACCENT = "#ff7a59";
const times = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** @param {string} id */
const input = (id) => byId(id, HTMLInputElement);

/** A time of the server in a field of local time. @param {string | null} time */
function local(time) {
  if (!time) return "";
  const at = new Date(time);
  at.setMinutes(at.getMinutes() - at.getTimezoneOffset());
  return at.toISOString().slice(0, "2026-11-21T10:42".length);
}

/** The instant of a field of local time; null if it is empty. @param {string} id */
function instant(id) {
  const { value } = input(id);
  return value ? new Date(value).toISOString() : null;
}

/**
 * Runs an action and shows how it went.
 *
 * @param {string} message
 * @param {() => Promise<string>} action returns what to show
 */
async function attempt(message, action) {
  try {
    setText(message, await action());
    byId(message).classList.remove("refusal");
  } catch (failure) {
    byId(message).classList.add("refusal");
    setText(message, words.refusal(failure));
  }
}

/**
 * @param {string} form
 * @param {string} message
 * @param {() => Promise<string>} action returns what to show
 */
function onSubmit(form, message, action) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(message, action);
  });
}

async function announce() {
  const ttlSeconds = Math.round(input("announce-minutes").valueAsNumber * SECONDS);
  const text = input("announce-text").value;
  await call("/announcements", { method: "POST", body: { text, ttlSeconds } });
  input("announce-text").value = "";
  return words.announced;
}

/** @typedef {Pick<Occasion, "name" | "tagline" | "accent" | "startsAt" | "endsAt" | "joinUrl" | "moderation" | "reveal">} Wish */

/** The members of the event that the form has, with their fields. @type {Record<keyof Wish, string>} */
const FIELDS = {
  name: "profile-name",
  tagline: "profile-tagline",
  accent: "profile-accent",
  startsAt: "profile-start",
  endsAt: "profile-end",
  joinUrl: "profile-join",
  moderation: "profile-moderation",
  reveal: "profile-reveal",
};
const MEMBERS = /** @type {(keyof Wish)[]} */ (Object.keys(FIELDS));

/** The values with which the page has filled the fields. @type {Map<keyof Wish, string>} */
const filled = new Map();

/** @type {string | null | undefined} */
let joinUrl;

/** @param {keyof Wish} member */
const field = (member) =>
  /** @type {HTMLInputElement | HTMLSelectElement} */ (byId(FIELDS[member]));

/** @param {keyof Wish} member */
const isChanged = (member) => filled.has(member) && field(member).value !== filled.get(member);

/**
 * The value of a field that shows a member of the event.
 *
 * @param {keyof Wish} member
 * @param {Occasion} occasion
 */
function textOf(member, occasion) {
  if (member === "startsAt" || member === "endsAt") return local(occasion[member]);
  if (member === "accent") return occasion.accent ?? DEFAULT_ACCENT;
  return String(occasion[member] ?? "");
}

/** The member of the event that a field describes. @param {keyof Wish} member */
function valueOf(member) {
  const { value } = field(member);
  if (member === "startsAt" || member === "endsAt") return instant(FIELDS[member]);
  if (member === "reveal") return value === "true";
  return member === "name" ? value : value || null;
}

/** Fills in the form, except for the fields that the user has changed. @param {Occasion} occasion */
function showProfile(occasion) {
  for (const member of MEMBERS) {
    if (isChanged(member)) continue;
    field(member).value = textOf(member, occasion);
    filled.set(member, field(member).value);
  }
  showArtwork("logo", occasion.logoUrl);
  showArtwork("frame", occasion.frameUrl);
  if (joinUrl === occasion.joinUrl) return;
  joinUrl = occasion.joinUrl;
  listPasses().catch((failure) => setText("passes-message", words.refusal(failure)));
}

/**
 * Changes some members of the event, and nothing that somebody else has changed in the meantime.
 *
 * @param {Partial<Wish>} changes
 * @returns {Promise<Occasion | null>} the event afterwards; null if the user has second thoughts
 */
async function change(changes) {
  /** @type {Occasion} */
  const present = await call("/event");
  if (changes.reveal && !present.reveal && !confirm(words.revealSure)) return null;
  const body = { ...Object.fromEntries(MEMBERS.map((each) => [each, present[each]])), ...changes };
  return call("/event", { method: "PUT", body });
}

/** @typedef {"logo" | "frame"} Artwork */

/**
 * @param {Artwork} kind
 * @param {string | null} url
 */
function showArtwork(kind, url) {
  const image = byId(`${kind}-image`, HTMLImageElement);
  image.hidden = !url;
  if (url) image.src = here(url);
  else image.removeAttribute("src");
  byId(`${kind}-remove`).hidden = !url;
}

/**
 * Changes the logo or the frame and shows how it went.
 *
 * @param {Artwork} kind
 * @param {Blob | null} file null to remove it
 */
async function changeArtwork(kind, file) {
  byId("artwork-message").classList.remove("refusal");
  try {
    const request = file ? { method: "PUT", body: file } : { method: "DELETE" };
    const set = await call(`/event/${kind}`, request);
    showArtwork(kind, set?.url ?? null);
    setText("artwork-message", file ? words.saved : words.removed);
  } catch (failure) {
    byId("artwork-message").classList.add("refusal");
    setText("artwork-message", words.refusal(failure));
  }
}

/** @param {Artwork} kind */
function offerArtwork(kind) {
  const chosen = input(`${kind}-file`);
  chosen.addEventListener("change", () => {
    const file = chosen.files?.[0];
    chosen.value = ""; // so that the same file can be chosen again
    if (file) changeArtwork(kind, file);
  });
  byId(`${kind}-remove`).addEventListener("click", () => changeArtwork(kind, null));
}

async function saveProfile() {
  const changed = MEMBERS.filter(isChanged).map(
    (each) => /** @type {const} */ ([each, valueOf(each)]),
  );
  const saved = await change(Object.fromEntries(changed));
  if (!saved) return "";
  for (const [member, value] of changed) {
    // A field that the user has changed again during the call stays.
    if (valueOf(member) === value) filled.set(member, field(member).value);
  }
  showProfile(saved);
  return words.saved;
}

async function createPass() {
  const body = { name: input("pass-name").value || null, expiresAt: instant("pass-end") };
  await call("/passes", { method: "POST", body });
  input("pass-name").value = "";
  await listPasses();
  return "";
}

async function listPasses() {
  /** @type {{ items: Pass[] }} */
  const { items } = await call("/passes");
  byId("pass-list").replaceChildren(...items.map(passView));
}

/** @param {Pass} pass */
function passView(pass) {
  const { passId, name, url, qr, expiresAt, uses, maxUses } = pass;
  const invites = url === joinUrl;
  return element(
    "li",
    { className: "pass", dataset: { id: passId } },
    element("img", { src: pictureOf(qr), alt: url, width: 160, height: 160 }),
    element(
      "div",
      {},
      element("h3", { textContent: name ?? words.passUnnamed }),
      element("p", { className: "soft", textContent: words.passUses(uses, maxUses) }),
      element("p", {
        className: "soft",
        textContent: words.passUntil(times.format(new Date(expiresAt))),
      }),
      element("a", { href: url, textContent: url }),
      element(
        "div",
        { className: "row" },
        element("button", {
          className: "quiet",
          type: "button",
          textContent: invites ? words.passInvites : words.passInvite,
          disabled: invites,
          onclick: () => attempt("profile-message", () => invite(url)),
        }),
        element("button", {
          className: "quiet",
          type: "button",
          textContent: words.passDelete,
          onclick: () => remove(passId),
        }),
      ),
    ),
  );
}

/** Shows a pass on the wall. @param {string} url */
async function invite(url) {
  const saved = await change({ joinUrl: url });
  if (!saved) return "";
  filled.set("joinUrl", field("joinUrl").value);
  showProfile(saved);
  return words.saved;
}

/** @param {string} passId */
async function remove(passId) {
  if (!confirm(words.passDeleteSure)) return;
  try {
    await call(`/passes/${passId}`, { method: "DELETE" });
    await listPasses();
  } catch (failure) {
    setText("passes-message", words.refusal(failure));
  }
}

await prepare();
const studio = connect({ ...access(), channels: ["events"], query: { types: EVENT_TYPES } });
studio.onState(showState);
followEvent(studio, (occasion) => isAdmin() && showProfile(occasion));
byId("announce").hidden = !isPublisher();
byId("not-allowed").hidden = isPublisher();
onSubmit("announce", "announce-message", announce);
if (isAdmin()) {
  byId("profile").hidden = false;
  byId("passes").hidden = false;
  byId("artwork").hidden = false;
  offerArtwork("logo");
  offerArtwork("frame");
  onSubmit("profile", "profile-message", saveProfile);
  onSubmit("new-pass", "passes-message", createPass);
  try {
    showProfile(await call("/event"));
  } catch (failure) {
    setText("passes-message", words.refusal(failure));
  }
}
