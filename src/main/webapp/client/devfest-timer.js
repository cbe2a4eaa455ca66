// DevFest Studio's countdown, followed by the best way that comes through: a WebSocket, else a
// stream, else by asking each second. One module beside devfest-studio.js; types in devfest-timer.d.ts.
//
//   import { connectTimer } from "/client/devfest-timer.js";
//   const timer = connectTimer({ token: () => localStorage.getItem("token") });
//   timer.on((update) => show(update.running));
//   setInterval(() => show(timer.now()), 100);

import { Parser, tickets } from "./devfest-studio.js";

/** The studio's calls, whatever its context path: this module lies one below it. */
const API = new URL("../api/v1", import.meta.url).href;

const DEFAULTS = {
  url: `${API}/timer`,
  reports: `${API}/metrics/clients`,
  transports: ["websocket", "stream", "polling"],
  probe: 30_000,
  patience: 5_000,
  every: 1_000,
  reportEvery: 15_000,
};

/** Milliseconds without anything after which a way is silent, while the countdown runs and at all. */
const SILENCE = { websocket: [5_000, 12_000], stream: [5_000, 35_000], polling: [12_000, 12_000] };
const SYNC = 5_000;
const LOOK = 500;
/** A connection that has lasted so long has not broken "again". */
const STEADY = 10_000;
const BREAKS = 2;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const LONGEST_ASKED = 300_000;
const ESTIMATE = 60_000;
const SET_BACK = 5_000;
const MOST_COUNTED = 1_000;
const MOST_LATENCIES = 100;
const LONGEST_LATENCY = 600_000;
const COUNTS = ["connected", "failed", "reconnections", "errors"];

/** Follows the countdown until close(). */
export function connectTimer(options = {}) {
  return new Timer({ ...DEFAULTS, ...options });
}

/**
 * The countdown as the newest update tells it, and what has gone by since. What is older than what is
 * known is passed over, whichever way it came.
 */
export class Countdown {
  #update = null;
  #takenAt = 0;
  #least = [Infinity, Infinity];
  #turnedAt = 0;

  /** Takes an update that has just come; returns whether it is new. */
  take(update, at = performance.now()) {
    this.#measure(at - 1_000 * update.timestamp, at);
    const older = this.#update !== null && update.timestamp < this.#update.timestamp;
    // A clock that was set back would otherwise stop everything.
    if (older && at - this.#takenAt < SET_BACK) return false;
    if (older) this.#least = [at - 1_000 * update.timestamp, Infinity];
    this.#update = update;
    this.#takenAt = at;
    return true;
  }

  /** The newest update; null before the first. */
  get update() {
    return this.#update;
  }

  /** What is left at this moment, in seconds; null before the first update. */
  now(at = performance.now()) {
    if (this.#update === null) return null;
    const { remaining, running, timestamp } = this.#update;
    if (!running) return remaining;
    const since = (at - this.#offset) / 1_000 - timestamp;
    return Math.max(0, remaining - Math.max(0, since));
  }

  /** Milliseconds that an update took beyond the quickest. */
  delay({ timestamp }, at = performance.now()) {
    return Math.max(0, at - 1_000 * timestamp - this.#offset);
  }

  /** What this clock is ahead of the server's: the quickest update says it best. */
  get #offset() {
    return Math.min(...this.#least);
  }

  /** The least of the last minute or two, as clocks drift and are set. */
  #measure(ahead, at) {
    if (at - this.#turnedAt > ESTIMATE) {
      this.#least = [Infinity, this.#least[0]];
      this.#turnedAt = at;
    }
    this.#least[0] = Math.min(this.#least[0], ahead);
  }
}

class Timer {
  #options;
  #countdown = new Countdown();
  #listeners = new Set();
  #stateListeners = new Set();
  #state = { state: "connecting" };
  #closing = new AbortController();
  #counts;
  #rung = 0;
  #present = null;
  #climbed = null;
  #lost = false;
  #probing = 0;

  constructor(options) {
    this.#options = options;
    this.#counts = new Counts(options);
    if (options.transports.length === 0 || !options.transports.every((name) => name in WAYS)) {
      throw new TypeError("transports: at least one");
    }
    const { signal } = this.#closing;
    const reporting = setInterval(() => this.#counts.report(), options.reportEvery);
    const leave = () => this.#counts.report(true);
    addEventListener("pagehide", leave, { signal });
    signal.addEventListener("abort", () => {
      clearInterval(reporting);
      clearTimeout(this.#probing);
      leave();
    });
    this.#run();
    this.#climbIn(options.probe);
  }

  /** The newest update; null before the first. */
  get update() {
    return this.#countdown.update;
  }

  get state() {
    return this.#state;
  }

  /** What is left at this moment, in seconds; null before the first update. */
  now() {
    return this.#countdown.now();
  }

  /** Calls the listener with the newest update, when there is one, and with each; returns how to stop it. */
  on(listener) {
    this.#listeners.add(listener);
    if (this.update) attempt(listener, this.update);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listener with the present state and with each change; returns how to stop it. */
  onState(listener) {
    this.#stateListeners.add(listener);
    attempt(listener, this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  close() {
    this.#end({ state: "closed" });
  }

  #end(state) {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#tell(state);
  }

  // ---- the ladder

  /** Follows one way after the other, from the best one down. */
  async #run() {
    const { transports } = this.#options;
    const last = transports.length - 1;
    for (let breaks = 0, failures = 0; !this.#closing.signal.aborted; ) {
      const link = this.#climbed ?? this.#link(this.#rung);
      this.#climbed = null;
      if (!link.came && !this.#lost) this.#tell({ state: "connecting", transport: link.transport });
      const end = await link.run();
      if (this.#closing.signal.aborted) return;
      if (this.#climbed) {
        breaks = 0;
        continue;
      }
      if (link.came && end.reason === "broken") breaks = link.age > STEADY ? 1 : breaks + 1;
      const falls = !link.came || end.reason === "silent" || breaks >= BREAKS;
      if (falls && this.#rung < last) {
        this.#rung++;
        breaks = 0;
        continue;
      }
      if (falls && (end.status === 401 || end.status === 403) && this.#options.token) {
        this.#end({ state: "refused", status: end.status });
        return;
      }
      failures = link.came ? 1 : failures + 1;
      this.#lost = falls;
      if (falls) this.#tell({ state: "waiting", transport: link.transport });
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1)) * (1 - Math.random() / 2);
      await sleep(Math.max(wait, end.retryAfter ?? 0), this.#closing.signal);
      // To ask may need a token, where a cookie or a ticket opened the others.
      if (falls && !this.#options.token && !this.#climbed) this.#rung = 0;
    }
  }

  /** From time to time whatever is above is tried, while the present way goes on. */
  #climbIn(millis) {
    clearTimeout(this.#probing);
    this.#probing = setTimeout(async () => {
      await this.#climb();
      if (!this.#closing.signal.aborted) this.#climbIn(this.#options.probe * (1.2 - 0.4 * Math.random()));
    }, millis);
  }

  async #climb() {
    for (let rung = 0; rung < this.#rung && !this.#closing.signal.aborted; rung++) {
      const link = this.#link(rung);
      link.run();
      if (!(await link.coming)) continue;
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

  #link(rung) {
    const transport = this.#options.transports[rung];
    const link = new Link(transport, this.#options, this.#closing.signal, this.#counts, {
      came: () => rung === this.#rung && this.#live(link),
      take: (update) => this.#take(update, transport),
      running: () => this.#countdown.update?.running ?? false,
    });
    if (rung === this.#rung) this.#present = link;
    return link;
  }

  #live({ transport }) {
    const back = this.#lost;
    this.#lost = false;
    this.#tell({ state: "live", transport });
    // The server is there again, and so perhaps a better way to it.
    if (back && this.#rung > 0) this.#climbIn(FIRST_WAIT + 1_500 * Math.random());
  }

  #take(update, transport) {
    const at = performance.now();
    const fresh = this.#countdown.take(update, at);
    this.#counts.latency(transport, this.#countdown.delay(update, at));
    if (!fresh || this.#closing.signal.aborted) return;
    for (const listener of this.#listeners) attempt(listener, update);
  }

  #tell(state) {
    if (state.state === this.#state.state && state.transport === this.#state.transport) return;
    this.#state = state;
    for (const listener of this.#stateListeners) attempt(listener, state);
  }
}

/** One try of one way, from its beginning to its end. */
class Link {
  came = false;
  #began = performance.now();
  #heardAt = performance.now();
  #abort = new AbortController();
  #signal;
  #options;
  #counts;
  #on;
  #arrive;
  #running = null;
  #silent = false;

  /** Whether an update comes at all. */
  coming = new Promise((resolve) => (this.#arrive = resolve));

  constructor(transport, options, signal, counts, on) {
    this.transport = transport;
    this.#options = options;
    this.#signal = AbortSignal.any([signal, this.#abort.signal]);
    this.#counts = counts;
    this.#on = on;
  }

  get age() {
    return performance.now() - this.#began;
  }

  stop() {
    this.#abort.abort();
  }

  /** Resolves at the end with {reason: "broken" or "silent", status?, retryAfter?}; never fails. */
  run() {
    return (this.#running ??= this.#follow());
  }

  async #follow() {
    const look = setInterval(() => this.#look(), LOOK);
    const end = { reason: "broken" };
    let stopped = false;
    try {
      await WAYS[this.transport](this.#options, this.#signal, this);
    } catch (failure) {
      end.status = failure.status;
      end.retryAfter = failure.retryAfter;
    } finally {
      stopped = this.#signal.aborted && !this.#silent;
      clearInterval(look);
      this.#abort.abort();
    }
    if (this.#silent) end.reason = "silent";
    if (!stopped) this.#counts.add(this.transport, this.came ? "errors" : "failed");
    if (!stopped && this.came) this.#counts.broke();
    this.#arrive(false);
    return end;
  }

  #look() {
    const [running, ever] = SILENCE[this.transport];
    const longest = !this.came ? this.#options.patience : this.#on.running() ? running : ever;
    if (performance.now() - this.#heardAt < longest) return;
    this.#silent = true;
    this.#abort.abort();
  }

  /** A heartbeat came. It counts for nothing before the first update, or while updates are due. */
  alive() {
    if (this.came && !this.#on.running()) this.#heardAt = performance.now();
  }

  /** Takes a message: an update, or something that can't be read. */
  hear(text) {
    const update = readUpdate(text);
    if (update === null) {
      this.#counts.add(this.transport, "errors");
      return;
    }
    this.#heardAt = performance.now();
    const first = !this.came;
    this.came = true;
    if (first) {
      this.#counts.cameAbout(this.transport);
      this.#arrive(true);
    }
    this.#on.take(update);
    if (first) this.#on.came();
  }
}

const WAYS = {
  async websocket(options, signal, link) {
    const target = new URL(`${options.url}/ws`, document.baseURI);
    target.protocol = target.protocol.replace("http", "ws");
    const ticket = options.ticket ?? (options.token ? tickets(options.token, options.tickets) : null);
    if (ticket) target.searchParams.set("ticket", await ticket(signal));
    signal.throwIfAborted();
    const socket = new WebSocket(target);
    const asking = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"sync"}');
    }, SYNC);
    try {
      await new Promise((resolve) => {
        socket.onmessage = ({ data }) => link.hear(data);
        socket.onclose = resolve;
        signal.addEventListener("abort", resolve, { once: true });
      });
    } finally {
      clearInterval(asking);
      socket.onmessage = null;
      socket.close();
    }
  },

  async stream(options, signal, link) {
    const target = new URL(`${options.url}/stream`, document.baseURI);
    if (options.ticket) target.searchParams.set("ticket", await options.ticket(signal));
    const response = await ask(target, options, signal, "text/event-stream");
    const parser = new Parser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      link.alive();
      for (const { name, data } of parser.push(value)) {
        if (name === "message") link.hear(data);
      }
    }
  },

  async polling(options, signal, link) {
    const target = new URL(options.url, document.baseURI);
    for (;;) {
      const began = performance.now();
      const response = await ask(target, options, signal, "application/json");
      link.hear(JSON.stringify((await response.json()).data));
      await sleep(Math.max(0, options.every - (performance.now() - began)), signal);
      signal.throwIfAborted();
    }
  },
};

async function ask(target, { token }, signal, accept) {
  const headers = { Accept: accept };
  const value = await valueOf(token);
  if (value) headers.Authorization = `Bearer ${value}`;
  const response = await fetch(target, { headers, cache: "no-store", signal });
  if (response.ok) return response;
  const retryAfter = Math.min(LONGEST_ASKED, 1_000 * Number(response.headers.get("Retry-After")) || 0);
  throw Object.assign(new Error(`status ${response.status}`), { status: response.status, retryAfter });
}

/** How each way got on since that was reported last. */
class Counts {
  #options;
  #ways = new Map();
  #broken = false;
  #token;

  constructor(options) {
    this.#options = options;
    valueOf(options.token).then((token) => (this.#token = token), () => {});
  }

  add(transport, count) {
    const way = this.#way(transport);
    way[count] = Math.min(MOST_COUNTED, way[count] + 1);
  }

  cameAbout(transport) {
    this.add(transport, "connected");
    if (this.#broken) this.add(transport, "reconnections");
    this.#broken = false;
  }

  broke() {
    this.#broken = true;
  }

  latency(transport, millis) {
    const { latencies } = this.#way(transport);
    latencies.push(Math.round(Math.min(LONGEST_LATENCY, millis)));
    if (latencies.length > MOST_LATENCIES) latencies.shift();
  }

  #way(transport) {
    if (!this.#ways.has(transport)) {
      this.#ways.set(transport, { connected: 0, failed: 0, reconnections: 0, errors: 0, latencies: [] });
    }
    return this.#ways.get(transport);
  }

  /** @param leaving the page may go at any moment */
  async report(leaving = false) {
    if (!this.#options.reports) return;
    const ways = [...this.#ways];
    this.#ways.clear();
    const send = async ([transport, way]) => {
      if (!(await this.#send({ transport, ...way }, leaving)) && !leaving) this.#putBack(transport, way);
    };
    await Promise.all(ways.map(send));
  }

  /** Whether it need not be sent again: it has come, or never will be taken. */
  async #send(report, leaving) {
    try {
      const headers = { "Content-Type": "application/json" };
      // A page that goes does not wait for a token.
      if (!leaving) this.#token = await valueOf(this.#options.token);
      if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
      const body = JSON.stringify(report);
      const { status } = await fetch(this.#options.reports, { method: "POST", headers, body, keepalive: leaving });
      return status < 500 && status !== 429;
    } catch {
      return false;
    }
  }

  #putBack(transport, old) {
    const way = this.#way(transport);
    for (const count of COUNTS) way[count] = Math.min(MOST_COUNTED, way[count] + old[count]);
    way.latencies = [...old.latencies, ...way.latencies].slice(-MOST_LATENCIES);
  }
}

/** The update in a message; null when it is none. */
function readUpdate(text) {
  try {
    const update = JSON.parse(text);
    const numbers = [update.remaining, update.elapsed, update.timestamp];
    return update.type === "timer_update" && numbers.every(Number.isFinite) ? update : null;
  } catch {
    return null;
  }
}

async function valueOf(option) {
  return typeof option === "function" ? option() : option;
}

/** A listener that fails keeps nothing from the others. */
function attempt(listener, value) {
  try {
    listener(value);
  } catch (failure) {
    reportError(failure);
  }
}

function sleep(millis, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : millis);
    signal.addEventListener("abort", end);
  });
}
