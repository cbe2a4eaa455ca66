// What the organisers say about the event: its name, colour, how to take part, and announcements.

import { beside, call, here, now, setClock } from "./api.js";
import { byId, element } from "./dom.js";

/** @import { Connection } from "../client/devfest-studio.js" */

/**
 * A text that every page shows.
 *
 * @typedef {{ text: string, until: string }} Announcement
 */

/**
 * The event, as `GET /event` returns it.
 *
 * @typedef {object} Occasion
 * @property {string} name
 * @property {string | null} tagline
 * @property {string | null} accent
 * @property {string | null} startsAt
 * @property {string | null} endsAt
 * @property {string | null} joinUrl
 * @property {string | null} qr an SVG document
 * @property {"before" | "after"} moderation
 * @property {boolean} reveal
 * @property {string | null} logoUrl
 * @property {string | null} frameUrl
 * @property {string | null} announcement
 * @property {string | null} announcedUntil
 */

/** The events that {@link followEvent} needs, for the option `query` of a connection. */
export const EVENT_TYPES = "announcement,event.changed";

const POLL_EVERY = 10_000;

/** The address of an SVG document as a picture. @param {string} svg */
export const pictureOf = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** @type {number | undefined} */
let hiding;

/**
 * Shows an announcement until its time is over; null hides it.
 *
 * @param {Announcement | null} announcement
 */
function announce(announcement) {
  const banner = document.getElementById("announcement");
  if (!banner) return;
  clearTimeout(hiding);
  const left = announcement ? Date.parse(announcement.until) - now() : 0;
  banner.textContent = left > 0 && announcement ? announcement.text : "";
  banner.hidden = left <= 0;
  if (left > 0) hiding = setTimeout(() => announce(null), left);
}

/** @type {string | null | undefined} */
let joinUrl;

/** The number of announcements and changes that a stream has delivered. */
let delivered = 0;

/**
 * Shows the event and its announcements as long as the connection of the page is open.
 *
 * @param {Connection} studio has the channel `events`
 * @param {(occasion: Occasion) => void} [onChange] gets the event after each start of the stream
 *     and after each change
 */
export function followEvent(studio, onChange = () => {}) {
  // A failure shows in the state of the connection.
  const load = () => dress().then(onChange, () => {});
  studio.on("connected", ({ timestamp }) => {
    setClock(timestamp);
    load();
  });
  studio.on("stream.reset", load);
  studio.on("announcement", ({ data }) => {
    delivered++;
    announce(/** @type {Announcement} */ (data));
  });
  studio.on("event.changed", ({ data }) => {
    delivered++;
    redress(/** @type {Occasion} */ (data)).then(onChange, () => {});
  });
}

/** Loads the event from time to time, for a page whose connection does not deliver events. */
export async function pollEvent() {
  if (!document.hidden) await dress().catch(() => {});
  setTimeout(pollEvent, POLL_EVERY);
}

/**
 * Loads the event and gives the page its name, colour and invitation, as far as the page has a place
 * for them.
 *
 * @returns {Promise<Occasion>}
 */
export async function dress() {
  /** @type {Occasion} */
  let occasion;
  let before;
  do {
    before = delivered;
    occasion = await call("/event");
  } while (before !== delivered); // the response may be older than the change
  show(occasion);
  invite(occasion.joinUrl, occasion.qr);
  const { announcement: text, announcedUntil: until } = occasion;
  announce(text && until ? { text, until } : null);
  return occasion;
}

/**
 * Shows a change that a stream has reported. Only a new address needs a call, for its QR code.
 *
 * @param {Occasion} change
 * @returns {Promise<Occasion>}
 */
async function redress(change) {
  if (change.joinUrl !== joinUrl) return dress();
  show(change);
  return change;
}

/** @param {Occasion} occasion */
function show({ name, tagline, accent, logoUrl }) {
  const logo = document.getElementById("event-logo");
  if (logo instanceof HTMLImageElement && logoUrl !== undefined) {
    const address = logoUrl ? here(logoUrl) : beside("icon.svg");
    if (logo.src !== address) logo.src = address;
  }
  for (const [id, text] of Object.entries({ "event-name": name, "event-tagline": tagline })) {
    const place = document.getElementById(id);
    if (place) place.textContent = text;
  }
  if (accent) document.documentElement.style.setProperty("--event", accent);
  else document.documentElement.style.removeProperty("--event");
}

/**
 * @param {string | null} url
 * @param {string | null} qr
 */
function invite(url, qr) {
  joinUrl = url;
  if (!document.getElementById("invitation")) return;
  byId("invitation").hidden = !url;
  if (!url || !qr) return;
  const code = element("img", { src: pictureOf(qr), alt: url, width: 240, height: 240 });
  byId("invitation-code").replaceChildren(element("a", { href: url }, code));
}
