// Tabs that share one connection, and hidden pages that release theirs.
//
// Contract:
// - Tabs share a connection if they request the same stream for the same user, in a secure context
//   and without `share: false`. Tabs whose user is unknown do not share.
// - The tab that holds a Web Lock runs the transport and passes messages and states to the other
//   tabs by BroadcastChannel. When it closes or is hidden, another tab takes the lock and resumes.
// - A tab that joins first reads from the history what it alone missed, and holds back what arrives
//   in the meantime. If it cannot read that, its listeners get `stream.reset`.
// - With `pauseWhenHidden` a page releases its connection a few seconds after it was hidden.
// - A page that the user leaves releases its connection at once, and resumes if the browser shows it
//   again. Otherwise browsers that keep such pages would keep their connections too, and with six of
//   them over HTTP/1.1 the next page could not load.

import { before, sleep, valueOf } from "./async.js";
import { IN_PAGE, isHidden, isOwnOrigin, onWindow } from "./page.js";
import { userOf } from "./tokens.js";

/** @import { Settings } from "./connection.js" */
/** @import { Inbox, Message } from "./inbox.js" */
/** @import { Transport } from "./transport.js" */
/** @import { State } from "./devfest-studio.js" */

/**
 * What a tab broadcasts: a question for the present state, a state with the position that belongs
 * to it, or a message of the stream.
 *
 * @typedef {object} Broadcast
 * @property {true} [ask]
 * @property {State} [state]
 * @property {string | null} [position]
 * @property {Message} [event]
 */

const CATCH_UPS = 5;
const HIDDEN_GRACE = 3_000;

/** The outlet of the transport; between it and the inbox of each tab. */
export class Sharing {
  #options;
  #key;
  #inbox;
  #transport;
  /** @type {BroadcastChannel | null} */
  #tabs = null;
  #leads = false;
  #catching = new AbortController();
  /** @type {Message[] | null} */
  #held = null;
  /** Whether the user has left the page, which the browser may show again. */
  #left = false;

  /**
   * @param {Settings} options
   * @param {string} key the same for tabs that request the same stream
   * @param {Inbox} inbox
   * @param {Transport} transport
   */
  constructor(options, key, inbox, transport) {
    this.#options = options;
    this.#key = key;
    this.#inbox = inbox;
    this.#transport = transport;
    const signal = inbox.closed;
    onWindow("pagehide", () => (this.#left = true), { signal });
    onWindow("pageshow", () => (this.#left = false), { signal });
  }

  /** Runs the transport whenever it is this tab's turn, until the connection is closed. */
  async run() {
    const { share } = this.#options;
    const possible = share && IN_PAGE && navigator.locks && globalThis.BroadcastChannel;
    const user = possible ? await this.#user() : null;
    await (user === null ? this.#runAlone() : this.#runInTurn(`${this.#key}#${user}`));
  }

  /**
   * Delivers a message to the listeners of all tabs.
   *
   * @param {Message} message
   */
  deliver(message) {
    if (this.#inbox.closed.aborted) return;
    if (message.event !== "connected") this.#broadcast({ event: message });
    this.#inbox.take(message);
  }

  /**
   * Sets the state in all tabs.
   *
   * @param {State} state
   */
  report(state) {
    if (this.#leads && !this.#inbox.closed.aborted) {
      this.#broadcast({ state, position: this.#inbox.position });
    }
    this.#inbox.setState(state);
  }

  /**
   * Closes this tab's connection.
   *
   * @param {State} state
   */
  end(state) {
    this.#inbox.close();
    this.#tabs?.close();
    this.#inbox.setState(state);
  }

  /** @param {Broadcast} message */
  #broadcast(message) {
    this.#tabs?.postMessage(message);
  }

  /**
   * The user whose tabs share a connection; "" without credentials, null if the user is unknown.
   *
   * @returns {Promise<string | null>}
   */
  async #user() {
    const { url, user, token, ticket, cookie, patience } = this.#options;
    if (user !== undefined) return user;
    try {
      const value = await before(AbortSignal.timeout(patience), valueOf(token));
      if (value) return userOf(value);
      // To its own origin, a browser sends a cookie that the page may know nothing about.
      return ticket || cookie || isOwnOrigin(url) ? null : "";
    } catch {
      return null;
    }
  }

  async #runAlone() {
    while (!this.#inbox.closed.aborted) {
      await this.#visible();
      await this.#transport.run(this.#whileVisible(), this);
    }
  }

  /** @param {string} name of the lock and of the broadcast channel */
  async #runInTurn(name) {
    if (this.#inbox.closed.aborted) return;
    this.#tabs = new BroadcastChannel(name);
    this.#tabs.onmessage = ({ data }) => this.#onBroadcast(data);
    this.#broadcast({ ask: true });
    while (!this.#inbox.closed.aborted) {
      await this.#visible();
      const signal = this.#whileVisible();
      try {
        await navigator.locks.request(name, { signal }, async () => {
          this.#leads = true;
          // The stream delivers what this tab has not read yet.
          this.#catching.abort();
          this.#held = null;
          await this.#transport.run(signal, this);
        });
      } catch (failure) {
        if (/** @type {Error} */ (failure).name !== "AbortError") throw failure;
      } finally {
        this.#leads = false;
      }
    }
  }

  /**
   * Resolves when the page is visible, or is there and need not be visible, or the connection is
   * closed.
   *
   * @returns {Promise<void>}
   */
  #visible() {
    const isAway = () => this.#left || (isHidden() && this.#pauses());
    if (!isAway()) return Promise.resolve();
    if (!this.#tabs) this.report({ state: "paused" });
    return new Promise((resolve) => {
      const { closed } = this.#inbox;
      const look = () => {
        if (isAway() && !closed.aborted) return;
        document.removeEventListener("visibilitychange", look);
        removeEventListener("pageshow", look);
        closed.removeEventListener("abort", look);
        resolve();
      };
      document.addEventListener("visibilitychange", look);
      addEventListener("pageshow", look);
      closed.addEventListener("abort", look);
    });
  }

  /**
   * A signal that aborts when the user leaves the page, some time after the page was hidden, or when
   * the connection is closed.
   */
  #whileVisible() {
    const { closed } = this.#inbox;
    const abort = new AbortController();
    const end = () => abort.abort();
    if (closed.aborted) end();
    closed.addEventListener("abort", end, { once: true, signal: abort.signal });
    onWindow("pagehide", end, { signal: abort.signal });
    if (IN_PAGE && this.#options.pauseWhenHidden) {
      /** @type {number | undefined} */
      let timer;
      const change = () => {
        clearTimeout(timer);
        if (!document.hidden) return;
        timer = setTimeout(() => {
          if (!this.#pauses()) return;
          if (this.#leads || !this.#tabs) this.report({ state: "paused" });
          end();
        }, HIDDEN_GRACE);
      };
      document.addEventListener("visibilitychange", change, { signal: abort.signal });
      change();
    }
    return abort.signal;
  }

  #pauses() {
    const { pauseWhenHidden } = this.#options;
    return typeof pauseWhenHidden === "function" ? pauseWhenHidden() : pauseWhenHidden;
  }

  /** @param {Broadcast} broadcast from another tab */
  #onBroadcast({ ask, state, event, position = null }) {
    if (ask) {
      if (this.#leads)
        this.#broadcast({ state: this.#inbox.state, position: this.#inbox.position });
      return;
    }
    if (this.#leads) return;
    if (event) {
      if (this.#held) this.#held.push(event);
      else this.#inbox.take(event);
    }
    if (state) {
      const began = state.state === "live" && this.#inbox.state.state !== "live";
      this.#inbox.setState(state.state === "live" ? throughTab(state) : state);
      if (began) this.#join(position);
    }
  }

  /**
   * Catches up with the tab that has the connection. A later call replaces an earlier one.
   *
   * @param {string | null} position of the other tab
   */
  async #join(position) {
    this.#held ??= [];
    this.#catching.abort();
    this.#catching = new AbortController();
    const signal = AbortSignal.any([this.#inbox.closed, this.#catching.signal]);
    if (this.#inbox.position === null) this.#inbox.keep(position);
    else if (position !== this.#inbox.position) await this.#catchUp(position, signal);
    if (signal.aborted) return;
    const held = this.#held ?? [];
    this.#held = null;
    held.forEach((message) => this.#inbox.take(message));
    this.#inbox.emit({ id: this.#inbox.position, event: "connected", data: {} });
  }

  /**
   * Reads the history up to now, or reports that events are missing.
   *
   * @param {string | null} position of the other tab
   * @param {AbortSignal} signal
   */
  async #catchUp(position, signal) {
    const inbox = this.#inbox;
    const transport = this.#transport;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        for (let next = inbox.position; next !== null;) {
          const page = await transport.history(
            { after: String(inbox.position), wait: "PT0S" },
            signal,
          );
          if (signal.aborted) return;
          transport.takePage(page, (message) => inbox.take(message));
          next = page.next;
        }
        return;
      } catch (failure) {
        // Without a token there is no history.
        if (failures === CATCH_UPS || transport.isFinal(failure)) break;
        await sleep(transport.backoff(failures), signal);
      }
    }
    if (signal.aborted) return;
    inbox.keep(position);
    inbox.emit({
      id: null,
      event: "stream.reset",
      data: { reason: "unknown", oldest: null, latest: position },
    });
  }
}

/**
 * @param {State & { state: "live" }} state of the tab that has the connection
 * @returns {State}
 */
function throughTab({ transport, ...rest }) {
  const through = /** @type {"stream" | "polling"} */ (transport);
  return { ...rest, transport: "shared", through };
}
