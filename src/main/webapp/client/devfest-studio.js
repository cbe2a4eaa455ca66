// The client of DevFest Studio for browsers and Node.js: follows the event stream, resumes after
// each interruption, and delivers each event once. It has no dependencies; its types are in
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
// From elsewhere than the studio, such as the package devfest-studio:
//
//   import { connect } from "devfest-studio";
//   const studio = connect({ studio: "https://studio.example.org", token });
//
// Contract: this module's exports are the public interface. The modules beside it are parts of it
// and may change; see connection.js for how they fit together.

import { apiOf } from "./address.js";
import { valueOf } from "./async.js";
import { checkChannels } from "./channels.js";
import { Connection } from "./connection.js";
import { Refused } from "./transport.js";

export { Parser } from "./parser.js";
export { groupsOf, userOf } from "./tokens.js";

const DEFAULTS = {
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
 * Opens a connection that lasts until close().
 *
 * @type {typeof import("./devfest-studio.js").connect}
 */
export function connect(options = {}) {
  const settings = { ...DEFAULTS, ...addressesOf(options), ...options };
  if (!options.channels) return new Connection(settings);
  checkChannels(options.channels);
  // A channel begins with a snapshot, which a tab that joins later would miss.
  return new Connection({ ...settings, share: false });
}

/**
 * The default addresses; none if the options name what is needed.
 *
 * @param {import("./devfest-studio.js").Options} options
 * @returns {{ url: string, history?: string }}
 */
function addressesOf({ studio, url, history, channels }) {
  if (url !== undefined && (history !== undefined || !channels)) return { url };
  const api = apiOf(studio);
  if (!channels) return { url: `${api}/events/stream` };
  return { url: `${api}/stream`, history: `${api}/events` };
}

/**
 * Returns a function for the option `ticket`: it exchanges a token for a ticket, which opens one
 * stream.
 *
 * @type {typeof import("./devfest-studio.js").tickets}
 */
export function tickets(token, url = `${apiOf()}/events/tickets`) {
  return async (signal) => {
    const headers = { Authorization: `Bearer ${await valueOf(token)}` };
    const response = await fetch(url, { method: "POST", headers, cache: "no-store", signal });
    if (!response.ok) throw new Refused(response);
    return (await response.json()).data.ticket;
  };
}
