// The connection to the server: opens a stream, resumes after the last position, retries after a
// failure, and polls the history where a proxy holds streams back.
//
// Contract:
// - run() keeps the connection open until its signal aborts, or until nothing more can come: the
//   server refused the caller, the stream is finished, or the attempts are used up.
// - Messages and states go to the outlet in the order of the stream. Messages may repeat; the inbox
//   drops duplicates.
// - After a failure the transport waits before it tries again. The wait doubles with each failure up
//   to a maximum, and up to half of it is subtracted at random. It is at least as long as the
//   Retry-After of the response, which is capped at five minutes. Otherwise it ends as soon as the
//   network returns.
// - When the device goes offline, a stream ends at once if the server no longer answers.
// - A stream that does not begin in time is held back if the server answers other requests. The
//   transport then polls, and tries a stream again later, each time after twice as long.
// - Only one run() is active at a time.

import { before, sleep, valueOf } from "./async.js";
import { LOG_CHANNEL, isControl, messageOf } from "./inbox.js";
import { absolute, isOnline, onWindow } from "./page.js";
import { Parser } from "./parser.js";
import { authorization } from "./tokens.js";

/** @import { Settings } from "./connection.js" */
/** @import { Channels, Stream } from "./channels.js" */
/** @import { Inbox, Message } from "./inbox.js" */
/** @import { State } from "./devfest-studio.js" */

/**
 * Where a transport delivers to.
 *
 * @typedef {object} Outlet
 * @property {(message: Message) => void} deliver
 * @property {(state: State) => void} report a new state
 * @property {(state: State) => void} end the last state; nothing follows
 */

/**
 * How a stream, or a period of polling, ended.
 *
 * @typedef {object} End
 * @property {boolean} [wasLive] whether it had begun
 * @property {boolean} [heldBack] whether the server answers, but streams do not come through
 * @property {boolean} [streamAgain] whether the next connection is due at once
 * @property {string} [reason] for the state "waiting"
 * @property {number} [retryAfter] the shortest wait in milliseconds
 * @property {State} [final] the state in which the connection ends
 */

/**
 * A page of the history, oldest first.
 *
 * @typedef {object} Page
 * @property {Message[]} items
 * @property {string | null} next the position to continue after; null on the last page
 * @property {string} position the position that this page leads to
 * @property {object} [reset] set if events before this page are missing
 */

const LONGEST_POLLING = 3_600_000;
const LONGEST_RETRY_AFTER = 300_000;
const POLL = "PT20S";
const POLL_MILLIS = 35_000;
const PAGE = 100;
/** A position after all events. */
const BEYOND = "999999999999999999";

/** A response whose status is not a success. */
export class Refused extends Error {
  /** @param {Response} response */
  constructor({ status, headers }) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

export class Transport {
  #options;
  #inbox;
  #channels;
  #pollUntil = 0;
  #pollFor;
  #everLive = false;

  /**
   * @param {Settings} options
   * @param {Inbox} inbox where the position is kept
   * @param {Channels | null} channels null for a connection without channels
   */
  constructor(options, inbox, channels) {
    this.#options = options;
    this.#inbox = inbox;
    this.#channels = channels;
    this.#pollFor = options.streamAgain;
  }

  /**
   * Connects again and again until the signal aborts.
   *
   * @param {AbortSignal} signal
   * @param {Outlet} outlet
   */
  async run(signal, outlet) {
    for (let failures = 0; !signal.aborted;) {
      const { state } = this.#inbox;
      if (state.state !== "live" || state.transport !== "polling")
        outlet.report({ state: "connecting" });
      const polls = Date.now() < this.#pollUntil;
      const end = polls ? await this.#poll(signal, outlet) : await this.#stream(signal, outlet);
      if (signal.aborted) return;
      if (end.heldBack) {
        this.#pollUntil = Date.now() + this.#pollFor;
        this.#pollFor = Math.min(LONGEST_POLLING, 2 * this.#pollFor);
        continue;
      }
      if (end.streamAgain) continue;
      if (end.final) {
        outlet.end(end.final);
        return;
      }
      failures = end.wasLive ? 1 : failures + 1;
      if (failures > this.#options.attempts) {
        outlet.end({ state: "closed", reason: "gave_up" });
        return;
      }
      await this.#pause(failures, end, signal, outlet);
    }
  }

  /**
   * Returns the wait before the next attempt in milliseconds. A random part keeps clients apart.
   *
   * @param {number} failures in a row
   */
  backoff(failures) {
    const { firstWait, longestWait } = this.#options;
    return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (1 - Math.random() / 2);
  }

  /**
   * Requests a page of the history.
   *
   * @param {Record<string, string | number>} query
   * @param {AbortSignal} signal
   * @returns {Promise<Page>} rejects with {@link Refused} if the server refuses
   */
  async history(query, signal) {
    const { url, history, query: filter, token } = this.#options;
    const target = absolute(history ?? url.replace(/\/stream$/, ""));
    /** @type {Record<string, string | number>} */
    const all = { ...filter, limit: PAGE, ...query };
    if (this.#channels) all.channels = LOG_CHANNEL;
    for (const [name, value] of Object.entries(all)) target.searchParams.set(name, String(value));
    const both = AbortSignal.any([signal, AbortSignal.timeout(POLL_MILLIS)]);
    const headers = await authorization(token, both);
    const response = await fetch(target, { headers, cache: "no-store", signal: both });
    if (!response.ok) throw new Refused(response);
    return (await response.json()).data;
  }

  /**
   * Hands over the messages of a page and advances the position.
   *
   * @param {Page} page
   * @param {(message: Message) => void} take
   */
  takePage({ items, position, reset }, take) {
    if (reset) take({ id: null, event: "stream.reset", data: reset });
    const channels = this.#channels;
    (channels ? items.map((item) => channels.itemOf(item)) : items).forEach((message) =>
      take(message),
    );
    if (!this.#inbox.closed.aborted) this.#inbox.keep(position);
  }

  /**
   * Whether a failure stays the same however often the request is repeated.
   *
   * @param {unknown} failure
   */
  isFinal(failure) {
    return failure instanceof Refused && this.#refusal(failure).final !== undefined;
  }

  /**
   * Waits before the next attempt, and reports the remaining seconds. Ends early when the network
   * returns, unless the server asked for the wait.
   *
   * @param {number} failures
   * @param {End} end
   * @param {AbortSignal} signal
   * @param {Outlet} outlet
   */
  async #pause(failures, { reason = lossOf(), retryAfter = 0 }, signal, outlet) {
    const until = Date.now() + Math.max(this.backoff(failures), retryAfter);
    const abort = new AbortController();
    const both = AbortSignal.any([signal, abort.signal]);
    if (!retryAfter) onWindow("online", () => abort.abort(), { signal: both });
    while (Date.now() < until && !both.aborted) {
      const seconds = Math.ceil((until - Date.now()) / 1_000);
      outlet.report({ state: "waiting", reason, seconds, attempt: failures });
      await sleep(Math.min(1_000, until - Date.now()), both);
    }
    abort.abort();
  }

  /**
   * Reads one stream to its end.
   *
   * @param {AbortSignal} signal
   * @param {Outlet} outlet
   * @returns {Promise<End>}
   */
  async #stream(signal, outlet) {
    const abort = new AbortController();
    const guard = new Watchdog(() => abort.abort(), this.#options.patience);
    const both = AbortSignal.any([signal, abort.signal]);
    const onOffline = async () => {
      // A server on the same machine is there without a network.
      if (!(await this.#reachable(both))) abort.abort();
    };
    onWindow("offline", onOffline, { signal: both });
    /** @type {End} */
    const end = { wasLive: false };
    /** @type {Stream} */
    const stream = {
      abort,
      requested: new Set(this.#channels?.names),
      clientId: null,
      replaced: false,
    };
    try {
      const response = await this.#open(both, stream);
      if (response.status === 204) return { final: { state: "closed", reason: "finished" } };
      if (!response.ok) {
        return this.#channels?.dropRejected(response.status, stream)
          ? { streamAgain: true }
          : this.#refusal(response);
      }
      const parser = new Parser();
      parser.lastId = this.#inbox.position;
      const reader = textOf(response).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return end;
        for (const frame of parser.push(value)) {
          const message = this.#channels ? this.#channels.messageOf(frame) : messageOf(frame);
          if (isControl(message) && message.event === "connected") {
            end.wasLive = true;
            this.#pollFor = this.#options.streamAgain;
            this.#inbox.keep(frame.id);
            this.#channels?.opened(stream, message.data.clientId);
            this.#live("stream", outlet);
          } else if (isControl(message) && message.event === "stream.closed") {
            end.reason = message.data.reason;
          }
          outlet.deliver(message);
          if (signal.aborted) return end;
        }
        this.#inbox.keep(parser.lastId);
        // The server's heartbeat is a comment, so any text proves that the stream is alive.
        if (end.wasLive) guard.expect(this.#options.silence);
      }
    } catch (failure) {
      if (stream.replaced) return { streamAgain: true };
      if (failure instanceof Refused) return this.#refusal(failure);
      if (!signal.aborted && abort.signal.aborted) {
        // A stream that was live is not held back: the network or the server failed.
        if (!end.wasLive && (await this.#reachable(signal))) return { heldBack: true };
        end.reason = isOnline() ? "silent" : "offline";
      }
      return end;
    } finally {
      this.#channels?.ended(stream);
      guard.stop();
      abort.abort();
    }
  }

  /**
   * Requests a stream after the current position.
   *
   * @param {AbortSignal} signal
   * @param {Stream} stream
   */
  async #open(signal, { requested }) {
    const { url, query, token, ticket, cookie } = this.#options;
    const target = absolute(url);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    if (this.#channels) target.searchParams.set("channels", [...requested].join());
    if (ticket) target.searchParams.set("ticket", await before(signal, ticket(signal)));
    const request = async () => {
      const headers = await authorization(token, signal);
      const { position } = this.#inbox;
      if (position !== null) headers["Last-Event-ID"] = position;
      headers.Accept = "text/event-stream";
      const credentials = cookie ? "include" : "same-origin";
      return fetch(target, { headers, credentials, cache: "no-store", signal });
    };
    const first = await before(signal, valueOf(token));
    const response = await request();
    // The token may have expired and been renewed in the meantime.
    const renewable = response.status === 401 && typeof token === "function";
    return renewable && (await before(signal, valueOf(token))) !== first ? request() : response;
  }

  /**
   * Polls the history; each response waits for the next event.
   *
   * @param {AbortSignal} signal
   * @param {Outlet} outlet
   * @returns {Promise<End>}
   */
  async #poll(signal, outlet) {
    /** @type {End} */
    const end = { wasLive: false };
    try {
      if (this.#inbox.position === null) {
        // The response has no items, but the position of the newest event.
        const page = await this.history({ after: BEYOND, wait: "PT0S" }, signal);
        this.#inbox.keep(page.position);
      }
      while (Date.now() < this.#pollUntil) {
        const after = String(this.#inbox.position);
        const page = await this.history({ after, wait: end.wasLive ? POLL : "PT0S" }, signal);
        if (!end.wasLive) {
          end.wasLive = true;
          this.#live("polling", outlet);
          outlet.deliver({ id: this.#inbox.position, event: "connected", data: {} });
        }
        this.takePage(page, (message) => outlet.deliver(message));
        if (signal.aborted) return end;
      }
      return { streamAgain: true };
    } catch (failure) {
      this.#pollUntil = 0;
      return failure instanceof Refused ? { ...end, ...this.#refusal(failure) } : end;
    }
  }

  /**
   * Whether the server answers requests other than streams. Without a token, that needs the session
   * cookie and a page of the studio itself.
   *
   * @param {AbortSignal} signal
   */
  async #reachable(signal) {
    try {
      await this.history(
        { limit: 1 },
        AbortSignal.any([signal, AbortSignal.timeout(this.#options.patience)]),
      );
      return true;
    } catch {
      return false;
    }
  }

  /**
   * @param {{ status: number, headers: Headers }} response
   * @returns {End}
   */
  #refusal({ status, headers }) {
    if (status === 429 || status === 503) {
      return { reason: "full", retryAfter: millisOf(headers.get("Retry-After")) };
    }
    // A server that starts may answer 404 until the studio in it is ready.
    if (status >= 500 || (status === 404 && this.#everLive)) return { reason: "failed" };
    return { final: { state: "refused", status } };
  }

  /**
   * @param {"stream" | "polling"} transport
   * @param {Outlet} outlet
   */
  #live(transport, outlet) {
    this.#everLive = true;
    outlet.report({ state: "live", transport });
  }
}

/** Why the connection is lost, as far as the device knows. */
function lossOf() {
  return isOnline() ? "lost" : "offline";
}

/** Calls back when nothing has arrived for too long. */
class Watchdog {
  #bark;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {() => void} bark
   * @param {number} millis
   */
  constructor(bark, millis) {
    this.#bark = bark;
    this.expect(millis);
  }

  /**
   * Restarts the timer.
   *
   * @param {number} millis
   */
  expect(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bark, millis);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/**
 * The body of a response as text.
 *
 * @param {Response} response
 * @returns {ReadableStream<string>}
 */
export function textOf(response) {
  const bytes = /** @type {ReadableStream<BufferSource>} */ (response.body);
  return bytes.pipeThrough(new TextDecoderStream());
}

/**
 * Converts a Retry-After, seconds or a date, to milliseconds; 0 if there is none.
 *
 * @param {string | null} retryAfter
 */
function millisOf(retryAfter) {
  const text = retryAfter ?? "";
  const millis = /^\s*\d+\s*$/.test(text) ? 1_000 * Number(text) : Date.parse(text) - Date.now();
  return Math.min(LONGEST_RETRY_AFTER, Math.max(0, millis || 0));
}
