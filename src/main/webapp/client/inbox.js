// The end of an event's path through the client: duplicates are dropped here, the position
// advances, and the page's listeners are called.
//
// Contract:
// - Each event with an id is delivered once, whichever way and however often it arrives.
// - With the option `resume` the position outlives a page load, in sessionStorage.
// - After close() no event is delivered; the final state still is.
// - A listener that throws does not affect the others.

import { attempt } from "./async.js";
import { store, stored } from "./page.js";

/** @import { ChannelFrame, State, StudioEvent } from "./devfest-studio.js" */
/** @import { Channels } from "./channels.js" */
/** @import { Frame } from "./parser.js" */

/**
 * An event of the log, a frame of a channel, or an event about the stream itself.
 *
 * @typedef {StudioEvent<string, any> & { channel?: string }} Message
 */

/** @typedef {(value: any) => void} Listener */

/** The channel of the studio's event log. */
export const LOG_CHANNEL = "events";

/** Events about the stream itself; the studio lets nobody publish events of these names. */
const CONTROL = new Set(["connected", "stream.reset", "stream.closed"]);

/** The number of ids that are remembered to detect duplicates. */
const REMEMBERED = 4_096;

/**
 * Whether a message is about the stream itself and therefore has no place in the log.
 *
 * @param {Message} message
 */
export function isControl({ channel, event }) {
  return channel === undefined && CONTROL.has(event);
}

/**
 * Converts a frame into a message. Data without an envelope gets one.
 *
 * @param {Frame} frame
 * @returns {Message}
 */
export function messageOf(frame) {
  const body = JSON.parse(frame.data);
  if (body && typeof body === "object" && "event" in body && "data" in body) {
    return { ...body, id: body.id ?? (CONTROL.has(body.event) ? null : frame.id) };
  }
  return { id: frame.id, event: frame.name, data: body };
}

export class Inbox {
  #key;
  #resume;
  #channels;
  /** @type {string | null} */
  #position;
  /** @type {State} */
  #state = { state: "connecting" };
  #seen = new Seen();
  #closing = new AbortController();
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();
  /** @type {Map<string, Set<Listener>>} */
  #channelListeners = new Map();
  /** @type {Set<Listener>} */
  #stateListeners = new Set();

  /**
   * @param {import("./connection.js").Settings} options
   * @param {string} key the name under which the position is stored
   * @param {Channels | null} channels null for a connection without channels
   */
  constructor({ position, resume }, key, channels) {
    this.#key = key;
    this.#resume = resume;
    this.#channels = channels;
    this.#position = position ?? (resume ? stored(key) : null);
  }

  /**
   * The position of the newest event that was delivered, or where the stream began; null before.
   */
  get position() {
    return this.#position;
  }

  get state() {
    return this.#state;
  }

  /** Aborts when the connection is closed. */
  get closed() {
    return this.#closing.signal;
  }

  /**
   * @param {string} type an event's name, or "*" for all events
   * @param {Listener} listener
   * @returns {() => void} removes the listener
   */
  on(type, listener) {
    return add(this.#listeners, type, listener);
  }

  /**
   * @param {string} channel
   * @param {(frame: ChannelFrame<any>) => void} listener
   * @returns {() => void} removes the listener
   */
  onChannel(channel, listener) {
    return add(this.#channelListeners, channel, listener);
  }

  /**
   * Calls the listener with the current state and with each change.
   *
   * @param {(state: State) => void} listener
   * @returns {() => void} removes the listener
   */
  onState(listener) {
    this.#stateListeners.add(listener);
    attempt(listener, this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  /**
   * Delivers a message, unless it is a duplicate or the connection is closed.
   *
   * @param {Message} message
   */
  take(message) {
    if (this.closed.aborted) return; // a listener of the previous message closed the connection
    if (message.id !== null && !isControl(message)) {
      if (!this.#seen.add(message.id)) return;
      this.keep(message.id);
    }
    this.emit(message);
  }

  /**
   * Calls the listeners of a message.
   *
   * @param {Message} message
   */
  emit(message) {
    const { channel } = message;
    if (channel !== undefined) {
      if (!this.#channels?.has(channel)) return; // sent before the channel was left
      for (const listener of this.#channelListeners.get(channel) ?? []) attempt(listener, message);
      // Names of a feed's frames and names of published events are independent of each other.
      if (channel !== LOG_CHANNEL || CONTROL.has(message.event)) return;
    }
    for (const type of [message.event, "*"]) {
      for (const listener of this.#listeners.get(type) ?? []) attempt(listener, message);
    }
  }

  /**
   * Advances the position; null leaves it as it is.
   *
   * @param {string | null} position
   */
  keep(position) {
    if (position === null || position === this.#position) return;
    this.#position = position;
    if (this.#resume) store(this.#key, position);
  }

  /** @param {State} state */
  setState(state) {
    this.#state = state;
    for (const listener of this.#stateListeners) attempt(listener, state);
  }

  close() {
    this.#closing.abort();
  }
}

/** The newest ids. */
class Seen {
  /** @type {Set<string>} */
  #ids = new Set();

  /**
   * Returns whether the id is new.
   *
   * @param {string} id
   */
  add(id) {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > REMEMBERED) {
      const [oldest] = this.#ids;
      this.#ids.delete(oldest);
    }
    return true;
  }
}

/**
 * @param {Map<string, Set<Listener>>} listeners
 * @param {string} key
 * @param {Listener} listener
 */
function add(listeners, key, listener) {
  const known = listeners.get(key) ?? new Set();
  listeners.set(key, known);
  known.add(listener);
  return () => {
    known.delete(listener);
  };
}
