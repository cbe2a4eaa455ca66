// The client of DevFest Studio for browsers: follows the event stream, resumes after each
// interruption, and delivers each event once. It has no dependencies; its types are in
// devfest-studio.d.ts.
//
//   import { connect } from "/client/devfest-studio.js";
//   const studio = connect({ token: () => localStorage.getItem("token") });
//   studio.on("transformation.completed", (event) => show(event.data.resultUrl));
//   studio.onState((state) => showState(state));
//
// Several feeds over one connection:
//
//   const studio = connect({ token, channels: ["events", "timer"] });
//   studio.onChannel("timer", ({ data }) => show(data.remaining));
//   await studio.follow("games/7");
//
// Contract: this module's exports are the public interface. The modules beside it are parts of it
// and may change; see connection.js for how they fit together.

import { STUDIO } from "./address.js";
import { valueOf } from "./async.js";
import { checkChannels } from "./channels.js";
import { Connection } from "./connection.js";
import { Refused } from "./transport.js";

export { Parser } from "./parser.js";
export { groupsOf, userOf } from "./tokens.js";

const API = `${STUDIO}api/v1`;

const DEFAULTS = {
  url: `${API}/events/stream`,
  query: {},
  resume: true,
  share: true,
  pauseWhenHidden: true,
  attempts: Infinity,
  firstWait: 1_000,
  longestWait: 30_000,
  patience: 6_000,
  silence: 35_000,
  streamAgain: 120_000,
};

/**
 * A channel begins with a snapshot, which a tab that joins later would miss, so tabs do not share.
 */
const CHANNELLED = { url: `${API}/stream`, history: `${API}/events` };

/**
 * Opens a connection that lasts until close().
 *
 * @type {typeof import("./devfest-studio.js").connect}
 */
export function connect(options = {}) {
  if (!options.channels) return new Connection({ ...DEFAULTS, ...options });
  checkChannels(options.channels);
  return new Connection({ ...DEFAULTS, ...CHANNELLED, ...options, share: false });
}

/**
 * Returns a function for the option `ticket`: it exchanges a token for a ticket, which opens one
 * stream.
 *
 * @type {typeof import("./devfest-studio.js").tickets}
 */
export function tickets(token, url = `${API}/events/tickets`) {
  return async (signal) => {
    const headers = { Authorization: `Bearer ${await valueOf(token)}` };
    const response = await fetch(url, { method: "POST", headers, cache: "no-store", signal });
    if (!response.ok) throw new Refused(response);
    return (await response.json()).data.ticket;
  };
}
