// A connection as the page sees it. It joins the parts:
//
//   server -> transport -> sharing -> inbox -> listeners
//                 ^
//              channels
//
// Contract: the interface Connection in devfest-studio.d.ts. The connection opens itself and lasts
// until close(), or until the server ends it for good.

import { Channels } from "./channels.js";
import { Inbox } from "./inbox.js";
import { Sharing } from "./sharing.js";
import { Transport } from "./transport.js";

/** @import * as api from "./devfest-studio.js" */

/**
 * The options with all defaults filled in.
 *
 * @typedef {api.Options & Required<Pick<api.Options, Defaulted>>} Settings
 */

/**
 * @typedef {"url" | "query" | "resume" | "share" | "pauseWhenHidden" | "attempts" | "firstWait"
 *   | "longestWait" | "patience" | "silence" | "streamAgain"} Defaulted
 */

/** @implements {api.Connection} */
export class Connection {
  #inbox;
  #channels;
  #sharing;

  /** @param {Settings} options */
  constructor(options) {
    const { channels } = options;
    const key = keyOf(options);
    this.#channels = channels ? new Channels(options, channels) : null;
    this.#inbox = new Inbox(options, key, this.#channels);
    const transport = new Transport(options, this.#inbox, this.#channels);
    this.#sharing = new Sharing(options, key, this.#inbox, transport);
    this.#sharing.run().catch((failure) => {
      if (!this.#inbox.closed.aborted) throw failure;
    });
  }

  get position() {
    return this.#inbox.position;
  }

  get state() {
    return this.#inbox.state;
  }

  get channels() {
    return this.#channels && this.#channels.names;
  }

  /**
   * @param {string} type
   * @param {(event: any) => void} listener
   */
  on(type, listener) {
    return this.#inbox.on(type, listener);
  }

  /**
   * @param {string} channel
   * @param {(frame: api.ChannelFrame<any>) => void} listener
   */
  onChannel(channel, listener) {
    return this.#inbox.onChannel(channel, listener);
  }

  /** @param {(state: api.State) => void} listener */
  onState(listener) {
    return this.#inbox.onState(listener);
  }

  /** @param {string[]} channels */
  async follow(...channels) {
    await this.#needChannels().follow(channels);
  }

  /** @param {string[]} channels */
  async leave(...channels) {
    await this.#needChannels().leave(channels);
  }

  close() {
    if (!this.#inbox.closed.aborted) this.#sharing.end({ state: "closed", reason: "closed" });
  }

  #needChannels() {
    if (!this.#channels) throw new TypeError("connect() needs the option channels");
    return this.#channels;
  }
}

/**
 * The name under which this stream's position is stored and its tabs find each other.
 *
 * @param {Settings} options
 */
function keyOf({ url, query, channels }) {
  const names = channels ? `#${[...new Set(channels)].sort()}` : "";
  return `devfest-studio:${url}?${new URLSearchParams(query)}${names}`;
}
