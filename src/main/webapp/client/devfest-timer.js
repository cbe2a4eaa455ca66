// The client of the countdown: follows it over the best transport that works, a WebSocket, else a
// stream, else polling every second. Types are in devfest-timer.d.ts.
//
//   import { connectTimer } from "/client/devfest-timer.js";
//   const timer = connectTimer({ token: () => localStorage.getItem("token") });
//   timer.on((update) => show(update.running));
//   setInterval(() => show(timer.now()), 100);
//
// Contract:
// - A transport that does not start, falls silent, or breaks twice in a row is replaced by the next
//   one. The better ones are tried again from time to time, while the present one continues.
// - Updates reach the listeners in the order of their timestamps, whichever transport they used.
// - The numbers of each transport are reported to the studio; the timer does not depend on that.

import { STUDIO, apiOf } from "./address.js";
import { attempt, sleep, valueOf } from "./async.js";
import { Countdown } from "./countdown.js";
import { Parser, tickets } from "./devfest-studio.js";
import { absolute, isOwnOrigin, onWindow } from "./page.js";
import { textOf } from "./transport.js";

export { Countdown } from "./countdown.js";

/** @import { TimerConnection, TimerOptions, TimerState, TimerUpdate, Transport } from "./devfest-timer.js" */

/**
 * The options with all defaults filled in.
 *
 * @typedef {TimerOptions & Required<Omit<TimerOptions, Optional>>} Settings
 */

/** @typedef {"studio" | "token" | "ticket" | "tickets"} Optional */

/**
 * How a link ended.
 *
 * @typedef {object} End
 * @property {"broken" | "silent"} reason
 * @property {number} [status] of the response that refused it
 * @property {number} [retryAfter] the shortest wait in milliseconds
 */

/**
 * What a link reports to its timer.
 *
 * @typedef {object} LinkListener
 * @property {() => void} live after the first update
 * @property {(update: TimerUpdate) => void} take each update
 * @property {() => boolean} running whether the countdown runs
 */

/**
 * The numbers of one transport since the last report.
 *
 * @typedef {Record<Outcome, number> & { latencies: number[] }} Numbers
 */

/** @typedef {"connected" | "failed" | "reconnections" | "errors"} Outcome */

/** @type {Omit<Settings, "url" | "reports">} */
const DEFAULTS = {
  transports: ["websocket", "stream", "polling"],
  probe: 30_000,
  patience: 5_000,
  every: 1_000,
  reportEvery: 15_000,
};

/**
 * Milliseconds without data after which a transport is silent: while the countdown runs, and
 * otherwise.
 *
 * @type {Record<Transport, [number, number]>}
 */
const SILENCE = { websocket: [5_000, 12_000], stream: [5_000, 35_000], polling: [12_000, 12_000] };
const SYNC_EVERY = 5_000;
const CHECK_EVERY = 500;
/** A connection of this age starts a new row of breaks. */
const STEADY = 10_000;
const BREAKS = 2;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const LONGEST_RETRY_AFTER = 300_000;
const MOST_COUNTED = 1_000;
const MOST_LATENCIES = 100;
const LONGEST_LATENCY = 600_000;
/** @type {Outcome[]} */
const OUTCOMES = ["connected", "failed", "reconnections", "errors"];

/**
 * Follows the countdown until close().
 *
 * @type {typeof import("./devfest-timer.js").connectTimer}
 */
export function connectTimer(options = {}) {
  return new Timer({ ...DEFAULTS, ...addressesOf(options), ...options });
}

/**
 * The default addresses. Without an address of the studio, the timer's own is enough.
 *
 * @param {TimerOptions} options
 */
function addressesOf({ studio, url }) {
  if (url !== undefined && studio === undefined && !STUDIO) return { url, reports: "" };
  const api = apiOf(studio);
  return {
    url: `${api}/timer`,
    reports: `${api}/metrics/clients`,
    tickets: `${api}/events/tickets`,
  };
}

/** @implements {TimerConnection} */
class Timer {
  #options;
  #countdown = new Countdown();
  /** @type {Set<(update: TimerUpdate) => void>} */
  #listeners = new Set();
  /** @type {Set<(state: TimerState) => void>} */
  #stateListeners = new Set();
  /** @type {TimerState} */
  #state = { state: "connecting" };
  #closing = new AbortController();
  #statistics;
  /** The index of the present transport; 0 is the best. */
  #rung = 0;
  /** @type {Link | null} */
  #present = null;
  /** @type {Link | null} a better link that has just replaced the present one */
  #climbed = null;
  #lost = false;
  #probing = 0;

  /** @param {Settings} options */
  constructor(options) {
    this.#options = options;
    this.#statistics = new Statistics(options);
    if (
      options.transports.length === 0 ||
      !options.transports.every((name) => name in TRANSPORTS)
    ) {
      throw new TypeError("transports: at least one");
    }
    const { signal } = this.#closing;
    const reporting = setInterval(() => this.#statistics.report(), options.reportEvery);
    const leave = () => this.#statistics.report(true);
    onWindow("pagehide", leave, { signal });
    signal.addEventListener("abort", () => {
      clearInterval(reporting);
      clearTimeout(this.#probing);
      leave();
    });
    this.#run();
    this.#climbIn(options.probe);
  }

  get update() {
    return this.#countdown.update;
  }

  get state() {
    return this.#state;
  }

  now() {
    return this.#countdown.now();
  }

  /** @param {(update: TimerUpdate) => void} listener */
  on(listener) {
    this.#listeners.add(listener);
    if (this.update) attempt(listener, this.update);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** @param {(state: TimerState) => void} listener */
  onState(listener) {
    this.#stateListeners.add(listener);
    attempt(listener, this.#state);
    return () => {
      this.#stateListeners.delete(listener);
    };
  }

  close() {
    this.#end({ state: "closed" });
  }

  /** @param {TimerState} state */
  #end(state) {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#setState(state);
  }

  // ---- the ladder of transports

  /** Runs one link after the other, starting with the best transport. */
  async #run() {
    const { url, transports, token, ticket } = this.#options;
    // From another origin, a cookie or a ticket opens the transports before polling only.
    const isComplete = token || (!ticket && isOwnOrigin(url));
    const last = transports.length - 1;
    for (let breaks = 0, failures = 0; !this.#closing.signal.aborted;) {
      const link = this.#climbed ?? this.#link(this.#rung);
      this.#climbed = null;
      if (!link.live && !this.#lost)
        this.#setState({ state: "connecting", transport: link.transport });
      const end = await link.run();
      if (this.#closing.signal.aborted) return;
      if (this.#climbed) {
        breaks = 0;
        continue;
      }
      if (link.live && end.reason === "broken") breaks = link.age > STEADY ? 1 : breaks + 1;
      const falls = !link.live || end.reason === "silent" || breaks >= BREAKS;
      if (falls && this.#rung < last) {
        this.#rung++;
        breaks = 0;
        continue;
      }
      if (falls && (end.status === 401 || end.status === 403) && isComplete) {
        this.#end({ state: "refused", status: end.status });
        return;
      }
      failures = link.live ? 1 : failures + 1;
      this.#lost = falls;
      if (falls) this.#setState({ state: "waiting", transport: link.transport });
      const wait =
        Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1)) * (1 - Math.random() / 2);
      await sleep(Math.max(wait, end.retryAfter ?? 0), this.#closing.signal);
      if (falls && !isComplete && !this.#climbed) this.#rung = 0;
    }
  }

  /**
   * Tries the better transports after a while, and again from time to time.
   *
   * @param {number} millis
   */
  #climbIn(millis) {
    clearTimeout(this.#probing);
    this.#probing = setTimeout(async () => {
      await this.#climb();
      if (!this.#closing.signal.aborted)
        this.#climbIn(this.#options.probe * (1.2 - 0.4 * Math.random()));
    }, millis);
  }

  async #climb() {
    for (let rung = 0; rung < this.#rung && !this.#closing.signal.aborted; rung++) {
      const link = this.#link(rung);
      link.run();
      if (!(await link.started)) continue;
      if (rung >= this.#rung || this.#closing.signal.aborted) {
        link.stop();
        return;
      }
      this.#rung = rung;
      this.#climbed = link;
      this.#present?.stop();
      this.#present = link;
      this.#live(link);
      return;
    }
  }

  /** @param {number} rung */
  #link(rung) {
    const transport = this.#options.transports[rung];
    /** @type {Link} */
    const link = new Link(transport, this.#options, this.#closing.signal, this.#statistics, {
      live: () => {
        if (rung === this.#rung) this.#live(link);
      },
      take: (update) => this.#take(update, transport),
      running: () => this.#countdown.update?.running ?? false,
    });
    if (rung === this.#rung) this.#present = link;
    return link;
  }

  /** @param {Link} link */
  #live({ transport }) {
    const back = this.#lost;
    this.#lost = false;
    this.#setState({ state: "live", transport });
    // The server is back, so a better transport may work as well.
    if (back && this.#rung > 0) this.#climbIn(FIRST_WAIT + 1_500 * Math.random());
  }

  /**
   * @param {TimerUpdate} update
   * @param {Transport} transport
   */
  #take(update, transport) {
    const at = performance.now();
    const fresh = this.#countdown.take(update, at);
    this.#statistics.latency(transport, this.#countdown.delay(update, at));
    if (!fresh || this.#closing.signal.aborted) return;
    for (const listener of this.#listeners) attempt(listener, update);
  }

  /** @param {TimerState} state */
  #setState(state) {
    if (state.state === this.#state.state && transportOf(state) === transportOf(this.#state))
      return;
    this.#state = state;
    for (const listener of this.#stateListeners) attempt(listener, state);
  }
}

/** @param {TimerState} state */
function transportOf(state) {
  return "transport" in state ? state.transport : undefined;
}

/** One attempt with one transport, from its start to its end. */
class Link {
  /** Whether an update has arrived. */
  live = false;
  #began = performance.now();
  #heardAt = performance.now();
  #abort = new AbortController();
  #signal;
  #options;
  #statistics;
  #listener;
  /** @type {(live: boolean) => void} */
  #resolveStarted = () => {};
  /** @type {Promise<End> | null} */
  #running = null;
  #silent = false;

  /**
   * Whether an update arrives at all.
   *
   * @type {Promise<boolean>}
   */
  started = new Promise((resolve) => {
    this.#resolveStarted = resolve;
  });

  /**
   * @param {Transport} transport
   * @param {Settings} options
   * @param {AbortSignal} signal
   * @param {Statistics} statistics
   * @param {LinkListener} listener
   */
  constructor(transport, options, signal, statistics, listener) {
    this.transport = transport;
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#abort.signal]);
    this.#statistics = statistics;
    this.#listener = listener;
  }

  get age() {
    return performance.now() - this.#began;
  }

  stop() {
    this.#abort.abort();
  }

  /** Resolves when the link has ended; never rejects. */
  run() {
    return (this.#running ??= this.#follow());
  }

  /** @returns {Promise<End>} */
  async #follow() {
    const check = setInterval(() => this.#check(), CHECK_EVERY);
    /** @type {End} */
    const end = { reason: "broken" };
    try {
      await TRANSPORTS[this.transport](this.#options, this.#signal, this);
    } catch (failure) {
      const { status, retryAfter } = /** @type {Partial<End>} */ (failure);
      Object.assign(end, { status, retryAfter });
    }
    const stopped = this.#signal.aborted && !this.#silent;
    clearInterval(check);
    this.#abort.abort();
    if (this.#silent) end.reason = "silent";
    if (!stopped) this.#statistics.add(this.transport, this.live ? "errors" : "failed");
    if (!stopped && this.live) this.#statistics.broke();
    this.#resolveStarted(false);
    return end;
  }

  /** Ends the link if it is silent. */
  #check() {
    const [whileRunning, otherwise] = SILENCE[this.transport];
    const allowed = this.#listener.running() ? whileRunning : otherwise;
    if (performance.now() - this.#heardAt < (this.live ? allowed : this.#options.patience)) return;
    this.#silent = true;
    this.#abort.abort();
  }

  /** Takes a heartbeat. It proves nothing before the first update, or while updates are due. */
  alive() {
    if (this.live && !this.#listener.running()) this.#heardAt = performance.now();
  }

  /**
   * Takes a message: an update, or text that is counted as an error.
   *
   * @param {string} text
   */
  take(text) {
    const update = readUpdate(text);
    if (update === null) {
      this.#statistics.add(this.transport, "errors");
      return;
    }
    this.#heardAt = performance.now();
    const first = !this.live;
    this.live = true;
    if (first) {
      this.#statistics.connected(this.transport);
      this.#resolveStarted(true);
    }
    this.#listener.take(update);
    if (first) this.#listener.live();
  }
}

/**
 * Each transport feeds a link until it ends, fails, or the signal aborts.
 *
 * @type {Record<Transport, (options: Settings, signal: AbortSignal, link: Link) => Promise<void>>}
 */
const TRANSPORTS = {
  async websocket({ url, token, ticket, tickets: source }, signal, link) {
    const target = absolute(`${url}/ws`);
    target.protocol = target.protocol.replace("http", "ws");
    const fetchTicket = ticket ?? (token ? tickets(/** @type {any} */ (token), source) : null);
    if (fetchTicket) target.searchParams.set("ticket", await fetchTicket(signal));
    signal.throwIfAborted();
    const socket = new WebSocket(target);
    const syncing = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"sync"}');
    }, SYNC_EVERY);
    try {
      await new Promise((resolve) => {
        socket.onmessage = ({ data }) => link.take(data);
        socket.onclose = resolve;
        signal.addEventListener("abort", resolve, { once: true });
      });
    } finally {
      clearInterval(syncing);
      socket.onmessage = null;
      socket.close();
    }
  },

  async stream(options, signal, link) {
    const target = absolute(`${options.url}/stream`);
    if (options.ticket) target.searchParams.set("ticket", await options.ticket(signal));
    const response = await request(target, options, signal, "text/event-stream");
    const parser = new Parser();
    const reader = textOf(response).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      link.alive();
      for (const { name, data } of parser.push(value)) {
        if (name === "message") link.take(data);
      }
    }
  },

  async polling(options, signal, link) {
    const target = absolute(options.url);
    for (;;) {
      const began = performance.now();
      const response = await request(target, options, signal, "application/json");
      link.take(JSON.stringify((await response.json()).data));
      await sleep(Math.max(0, options.every - (performance.now() - began)), signal);
      signal.throwIfAborted();
    }
  },
};

/**
 * @param {URL} target
 * @param {Settings} options
 * @param {AbortSignal} signal
 * @param {string} accept
 * @returns {Promise<Response>} rejects with `status` and `retryAfter` if the server refuses
 */
async function request(target, { token }, signal, accept) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  const value = await valueOf(token);
  if (value) headers.Authorization = `Bearer ${value}`;
  const response = await fetch(target, { headers, cache: "no-store", signal });
  if (response.ok) return response;
  const retryAfter = Math.min(
    LONGEST_RETRY_AFTER,
    1_000 * Number(response.headers.get("Retry-After")) || 0,
  );
  throw Object.assign(new Error(`status ${response.status}`), {
    status: response.status,
    retryAfter,
  });
}

/** The numbers of each transport since the last report. */
class Statistics {
  #options;
  /** @type {Map<Transport, Numbers>} */
  #numbers = new Map();
  #broken = false;
  /** @type {string | null | undefined} */
  #token;

  /** @param {Settings} options */
  constructor(options) {
    this.#options = options;
    valueOf(options.token).then(
      (token) => {
        this.#token = token;
      },
      () => {},
    );
  }

  /**
   * @param {Transport} transport
   * @param {Outcome} outcome
   */
  add(transport, outcome) {
    const numbers = this.#of(transport);
    numbers[outcome] = Math.min(MOST_COUNTED, numbers[outcome] + 1);
  }

  /** @param {Transport} transport */
  connected(transport) {
    this.add(transport, "connected");
    if (this.#broken) this.add(transport, "reconnections");
    this.#broken = false;
  }

  broke() {
    this.#broken = true;
  }

  /**
   * @param {Transport} transport
   * @param {number} millis
   */
  latency(transport, millis) {
    const { latencies } = this.#of(transport);
    latencies.push(Math.round(Math.min(LONGEST_LATENCY, millis)));
    if (latencies.length > MOST_LATENCIES) latencies.shift();
  }

  /** @param {Transport} transport */
  #of(transport) {
    let numbers = this.#numbers.get(transport);
    if (!numbers) {
      numbers = { connected: 0, failed: 0, reconnections: 0, errors: 0, latencies: [] };
      this.#numbers.set(transport, numbers);
    }
    return numbers;
  }

  /** @param {boolean} [leaving] whether the page may be unloaded at any moment */
  async report(leaving = false) {
    if (!this.#options.reports) return;
    const all = [...this.#numbers];
    this.#numbers.clear();
    await Promise.all(
      all.map(async ([transport, numbers]) => {
        const settled = await this.#send({ transport, ...numbers }, leaving);
        if (!settled && !leaving) this.#putBack(transport, numbers);
      }),
    );
  }

  /**
   * Returns whether the report is settled: accepted, or rejected for good.
   *
   * @param {object} report
   * @param {boolean} leaving
   */
  async #send(report, leaving) {
    try {
      /** @type {Record<string, string>} */
      const headers = { "Content-Type": "application/json" };
      // A page that is unloaded cannot wait for a token.
      const token = leaving ? this.#token : await valueOf(this.#options.token);
      this.#token = token;
      if (token) headers.Authorization = `Bearer ${token}`;
      const body = JSON.stringify(report);
      const { status } = await fetch(this.#options.reports, {
        method: "POST",
        headers,
        body,
        keepalive: leaving,
      });
      return status < 500 && status !== 429;
    } catch {
      return false;
    }
  }

  /**
   * @param {Transport} transport
   * @param {Numbers} old
   */
  #putBack(transport, old) {
    const numbers = this.#of(transport);
    for (const outcome of OUTCOMES)
      numbers[outcome] = Math.min(MOST_COUNTED, numbers[outcome] + old[outcome]);
    numbers.latencies = [...old.latencies, ...numbers.latencies].slice(-MOST_LATENCIES);
  }
}

/**
 * The update in a message; null if it has none.
 *
 * @param {string} text
 * @returns {TimerUpdate | null}
 */
function readUpdate(text) {
  try {
    const update = JSON.parse(text);
    const numbers = [update.remaining, update.elapsed, update.timestamp];
    return update.type === "timer_update" && numbers.every(Number.isFinite) ? update : null;
  } catch {
    return null;
  }
}
