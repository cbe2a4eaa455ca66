// The channels of a connection, and their changes while a stream is open.
//
// Contract:
// - The set of names is what the caller wants, and it changes immediately. The server is notified
//   afterwards: a PATCH changes the open stream, and the next stream is requested with the set as it
//   is then.
// - Changes reach the server one after the other, in the order of the calls.
// - A channel that the server rejects leaves the set, so that the other channels continue without
//   it.
// - A stream that the server no longer knows is abandoned; the next one begins with all channels.

import { LOG_CHANNEL, messageOf } from "./inbox.js";
import { absolute, report } from "./page.js";
import { authorization } from "./tokens.js";

/** @import { Settings } from "./connection.js" */
/** @import { Message } from "./inbox.js" */
/** @import { Frame } from "./parser.js" */

/**
 * A stream from its request to its end.
 *
 * @typedef {object} Stream
 * @property {AbortController} abort ends the stream
 * @property {Set<string>} requested the channels that the server was asked for
 * @property {string | null} clientId the server's name of the stream; null until it is open
 * @property {boolean} replaced whether the stream was abandoned in favour of a new one
 */

/** The server's limit. */
const MOST_CHANNELS = 50;

/** @param {unknown} names */
export function checkChannels(names) {
  const valid =
    Array.isArray(names) &&
    names.length > 0 &&
    names.every((name) => name && typeof name === "string");
  if (!valid) throw new TypeError("channels: at least one name");
}

export class Channels {
  #options;
  /** @type {Set<string>} */
  #wanted;
  /** @type {Set<string>} the channels that the server has accepted before */
  #accepted;
  /** @type {Stream | null} */
  #stream = null;
  /** @type {Promise<void>} */
  #changes = Promise.resolve();

  /**
   * @param {Settings} options
   * @param {string[]} names
   */
  constructor(options, names) {
    this.#options = options;
    this.#wanted = new Set(names);
    this.#accepted = new Set(names);
  }

  /** The wanted channels. */
  get names() {
    return [...this.#wanted];
  }

  /** @param {string} name */
  has(name) {
    return this.#wanted.has(name);
  }

  /**
   * Adds channels.
   *
   * @param {string[]} names
   * @returns {Promise<void>} rejects with `status` and `channels` if the server rejects them
   */
  async follow(names) {
    checkChannels(names);
    const all = new Set([...this.#wanted, ...names]);
    if (all.size > MOST_CHANNELS) throw new RangeError(`at most ${MOST_CHANNELS} channels`);
    this.#wanted = all;
    await this.#change(names, []);
  }

  /**
   * Removes channels.
   *
   * @param {string[]} names
   */
  async leave(names) {
    const rest = new Set(this.#wanted);
    for (const name of names) rest.delete(name);
    // The server takes an empty list for all channels.
    if (rest.size === 0) throw new RangeError("at least one channel must remain");
    this.#wanted = rest;
    await this.#change([], names);
  }

  /**
   * Converts a frame into a message. Frames of a channel carry its name; events about the stream do
   * not.
   *
   * @param {Frame} frame
   * @returns {Message}
   */
  messageOf(frame) {
    if (frame.name === "message") {
      const body = JSON.parse(frame.data);
      if (typeof body?.channel === "string") return { ...body, id: body.id ?? frame.id };
    }
    return messageOf(frame);
  }

  /**
   * Converts an item of the history into a message of its channel.
   *
   * @param {Message} item
   * @returns {Message}
   */
  itemOf(item) {
    return { ...item, channel: LOG_CHANNEL };
  }

  /**
   * Reports that a stream is open and accepts changes.
   *
   * @param {Stream} stream
   * @param {string | undefined} clientId
   */
  opened(stream, clientId) {
    stream.clientId = clientId ?? null;
    this.#stream = stream;
    for (const name of stream.requested) this.#accepted.add(name);
    // Changes that were made while the stream was opened.
    this.#change([...this.#wanted], [...stream.requested]).catch(report);
  }

  /**
   * Reports that a stream has ended.
   *
   * @param {Stream} stream
   */
  ended(stream) {
    if (this.#stream === stream) this.#stream = null;
  }

  /**
   * Drops the channels that may have caused the server to reject a stream.
   *
   * @param {number} status of the response
   * @param {Stream} stream
   * @returns {boolean} whether there is something else to request now
   */
  dropRejected(status, { requested }) {
    if (status !== 400 && status !== 403) return false;
    /** @param {Set<string>} known */
    const beyond = (known) => [...requested].filter((name) => !known.has(name));
    let rejected = beyond(this.#accepted);
    // Channels that were accepted before may have ended, such as a game that has finished.
    if (rejected.length === 0) rejected = beyond(new Set(this.#options.channels));
    for (const name of rejected) this.#wanted.delete(name);
    return rejected.length > 0;
  }

  /**
   * Queues a change behind the earlier ones.
   *
   * @param {string[]} add
   * @param {string[]} remove
   */
  #change(add, remove) {
    const change = this.#changes.then(() => this.#send(add, remove));
    this.#changes = change.catch(() => {});
    return change;
  }

  /**
   * Sends what the open stream does not have yet. Does nothing without a stream: the next request
   * names all wanted channels.
   *
   * @param {string[]} add
   * @param {string[]} remove
   */
  async #send(add, remove) {
    const stream = this.#stream;
    if (!stream) return;
    const body = {
      add: add.filter((name) => this.#wanted.has(name) && !stream.requested.has(name)),
      remove: remove.filter((name) => !this.#wanted.has(name) && stream.requested.has(name)),
    };
    if (body.add.length + body.remove.length === 0) return;
    const status = await this.#patch(stream, body);
    if (this.#stream !== stream) return; // the next stream was requested with the current names
    if (status === 200) {
      for (const name of body.add) {
        stream.requested.add(name);
        this.#accepted.add(name);
      }
      for (const name of body.remove) stream.requested.delete(name);
    } else if (status === 400 || status === 403) {
      for (const name of body.add) this.#wanted.delete(name);
      throw Object.assign(new Error(`status ${status}`), { status, channels: body.add });
    } else {
      // The stream belongs to another node, or its server has stopped.
      stream.replaced = true;
      stream.abort.abort();
    }
  }

  /**
   * Returns the status of the response; 0 without a response.
   *
   * @param {Stream} stream
   * @param {{ add: string[], remove: string[] }} body
   */
  async #patch({ abort, clientId }, body) {
    const { url, token, cookie, patience } = this.#options;
    const target = absolute(`${url}s/${encodeURIComponent(String(clientId))}`);
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(patience)]);
    try {
      const headers = {
        ...(await authorization(token, signal)),
        "Content-Type": "application/json",
      };
      const credentials = cookie ? "include" : "same-origin";
      const response = await fetch(target, {
        method: "PATCH",
        headers,
        credentials,
        body: JSON.stringify(body),
        signal,
      });
      return response.status;
    } catch {
      return 0;
    }
  }
}
