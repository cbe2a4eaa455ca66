// DevFest Studio's client: follows the event stream and misses nothing, in any current browser.
// One module without dependencies; its types are in devfest-studio.d.ts.
//
//   import { connect } from "/client/devfest-studio.js";
//   const studio = connect({ token: () => localStorage.getItem("token") });
//   studio.on("transformation.completed", (event) => show(event.data.resultUrl));
//   studio.onState((state) => tell(state));
//
// Several feeds over one connection:
//
//   const studio = connect({ token, channels: ["events", "timer"] });
//   studio.onChannel("timer", ({ data }) => show(data.remaining));
//   await studio.follow("games/7");

/** The studio's calls, whatever its context path: this module lies one below it. */
const API = new URL("../api/v1", import.meta.url).href;

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

/** Each channel begins with what there is, so no tab can join another's connection in the middle. */
const CHANNELLED = { url: `${API}/stream`, history: `${API}/events`, share: false };
const STUDIO = "events";
const MOST_CHANNELS = 50;
/** What a stream says about itself; nobody can publish it. */
const CONTROL = new Set(["connected", "stream.reset", "stream.closed"]);

const LONGEST_POLLING = 3_600_000;
const LONGEST_ASKED = 300_000;
const CATCH_UPS = 5;
const REMEMBERED = 4_096;
const HIDDEN_GRACE = 3_000;
const POLL = "PT20S";
const POLL_MILLIS = 35_000;
const PAGE = 100;
const BEYOND = "999999999999999999";

/** Opens a connection that lasts until close(). */
export function connect(options = {}) {
  if (!options.channels) return new Connection({ ...DEFAULTS, ...options });
  checkChannels(options.channels);
  return new Connection({ ...DEFAULTS, ...CHANNELLED, ...options, share: false });
}

/** A function for the option `ticket`: fetches a ticket, which opens one stream, with a token. */
export function tickets(token, url = `${API}/events/tickets`) {
  return async (signal) => {
    const headers = { Authorization: `Bearer ${await valueOf(token)}` };
    const response = await fetch(url, { method: "POST", headers, cache: "no-store", signal });
    if (!response.ok) throw new Refused(response);
    return (await response.json()).data.ticket;
  };
}

/** Cuts a text/event-stream into frames {id, name, data}; a field may be split anywhere. */
export class Parser {
  #rest = "";
  #id = null;
  #name = "";
  #data = [];
  lastId = null;

  /** Takes some text and returns the frames that it completes. */
  push(text) {
    const frames = [];
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line.endsWith("\r") ? line.slice(0, -1) : line, frames);
    return frames;
  }

  #line(line, frames) {
    if (line === "") {
      if (this.#data.length > 0) {
        frames.push({ id: this.#id, name: this.#name || "message", data: this.#data.join("\n") });
      }
      this.#id = null;
      this.#name = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = this.lastId = value;
  }
}

class Refused extends Error {
  constructor({ status, headers }) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

class Connection {
  #options;
  #listeners = new Map();
  #channelListeners = new Map();
  #stateListeners = new Set();
  #state = { state: "connecting" };
  #seen = new Seen();
  #position;
  #key;
  #closing = new AbortController();
  #channel = null;
  #leads = false;
  #catching = new AbortController();
  #held = null;
  #pollUntil = 0;
  #pollFor;
  #everLive = false;
  #channels = null;
  #granted = null;
  #line = null;
  #changes = Promise.resolve();

  constructor(options) {
    this.#options = options;
    this.#pollFor = options.streamAgain;
    const query = new URLSearchParams(options.query).toString();
    const { channels } = options;
    if (channels) {
      this.#channels = new Set(channels);
      this.#granted = new Set(channels);
    }
    this.#key = `devfest-studio:${options.url}?${query}${channels ? `#${[...this.#channels].sort()}` : ""}`;
    this.#position = options.position ?? (options.resume ? sessionStorage.getItem(this.#key) : null);
    this.#begin().catch((failure) => {
      if (!this.#closing.signal.aborted) throw failure;
    });
  }

  /** The position of the newest event that was handed over, or where the stream began; null before. */
  get position() {
    return this.#position;
  }

  get state() {
    return this.#state;
  }

  /** Calls the listener with each event of the type, or with all for "*"; returns how to stop it. */
  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    this.#listeners.get(type).add(listener);
    return () => this.#listeners.get(type).delete(listener);
  }

  /** The channels that are followed, or will be once there is a connection; null without the option. */
  get channels() {
    return this.#channels && [...this.#channels];
  }

  /** Calls the listener with each frame of the channel; returns how to stop it. */
  onChannel(channel, listener) {
    if (!this.#channelListeners.has(channel)) this.#channelListeners.set(channel, new Set());
    this.#channelListeners.get(channel).add(listener);
    return () => this.#channelListeners.get(channel).delete(listener);
  }

  /** Follows these channels too. */
  async follow(...channels) {
    this.#needChannels();
    checkChannels(channels);
    const all = new Set([...this.#channels, ...channels]);
    if (all.size > MOST_CHANNELS) throw new RangeError(`at most ${MOST_CHANNELS} channels`);
    this.#channels = all;
    await this.#change(channels, []);
  }

  /** Follows these channels no longer. */
  async leave(...channels) {
    this.#needChannels();
    const rest = new Set(this.#channels);
    for (const channel of channels) rest.delete(channel);
    // None named would be all of them.
    if (rest.size === 0) throw new RangeError("one channel has to be left");
    this.#channels = rest;
    await this.#change([], channels);
  }

  #needChannels() {
    if (!this.#channels) throw new TypeError("connect() needs the option channels");
  }

  /** Calls the listener with the present state and with each change; returns how to stop it. */
  onState(listener) {
    this.#stateListeners.add(listener);
    attempt(listener, this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  close() {
    if (!this.#closing.signal.aborted) this.#end({ state: "closed", reason: "closed" });
  }

  #end(state) {
    this.#closing.abort();
    this.#channel?.close();
    this.#tell(state);
  }

  // ---- whose turn it is ----

  async #begin() {
    const possible = this.#options.share && navigator.locks && globalThis.BroadcastChannel;
    const sharers = possible ? await this.#sharers() : null;
    await (sharers === null ? this.#serveAlone() : this.#serveInTurn(`${this.#key}#${sharers}`));
  }

  /** Whose tabs may share, as tabs of different people never do; null when nobody can tell. */
  async #sharers() {
    const { user, token, ticket, cookie, patience } = this.#options;
    if (user !== undefined) return user;
    try {
      const value = await before(AbortSignal.timeout(patience), valueOf(token));
      if (value) return userOf(value);
      return ticket || cookie ? null : "";
    } catch {
      return null;
    }
  }

  async #serveAlone() {
    while (!this.#closing.signal.aborted) {
      await this.#visible();
      await this.#serve(this.#whileVisible());
    }
  }

  /** Of all tabs that ask for the same, the one that holds the lock connects and tells the others. */
  async #serveInTurn(name) {
    if (this.#closing.signal.aborted) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#channel.postMessage({ ask: true });
    while (!this.#closing.signal.aborted) {
      await this.#visible();
      const signal = this.#whileVisible();
      try {
        await navigator.locks.request(name, { signal }, async () => {
          this.#leads = true;
          // The stream brings what this tab has not read yet.
          this.#catching.abort();
          this.#held = null;
          await this.#serve(signal);
        });
      } catch (failure) {
        if (failure.name !== "AbortError") throw failure;
      } finally {
        this.#leads = false;
      }
    }
  }

  #visible() {
    if (!document.hidden || !this.#pauses()) return Promise.resolve();
    if (!this.#channel) this.#tell({ state: "paused" });
    return new Promise((resolve) => {
      const look = () => {
        if (document.hidden && !this.#closing.signal.aborted) return;
        document.removeEventListener("visibilitychange", look);
        this.#closing.signal.removeEventListener("abort", look);
        resolve();
      };
      document.addEventListener("visibilitychange", look);
      this.#closing.signal.addEventListener("abort", look);
    });
  }

  /** A signal that aborts when the page has been hidden for a moment, or at the end. */
  #whileVisible() {
    const abort = new AbortController();
    const end = () => abort.abort();
    if (this.#closing.signal.aborted) end();
    this.#closing.signal.addEventListener("abort", end, { once: true, signal: abort.signal });
    if (this.#options.pauseWhenHidden) {
      let timer;
      const change = () => {
        clearTimeout(timer);
        if (document.hidden) {
          timer = setTimeout(() => {
            if (!this.#pauses()) return;
            if (this.#leads || !this.#channel) this.#tell({ state: "paused" });
            end();
          }, HIDDEN_GRACE);
        }
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

  /** What the tab that connects has told, or asked. */
  #hear({ ask, state, event, position }) {
    if (ask) {
      if (this.#leads) this.#channel.postMessage({ state: this.#state, position: this.#position });
      return;
    }
    if (this.#leads) return;
    if (event) {
      if (this.#held) this.#held.push(event);
      else this.#take(event);
    }
    if (state) {
      const began = state.state === "live" && this.#state.state !== "live";
      this.#tell(state.state === "live" ? { ...state, transport: "shared", through: state.transport } : state);
      if (began) this.#join(position);
    }
  }

  /** Follows another tab, once this one has read what it alone has missed; a later call replaces an earlier. */
  async #join(position) {
    this.#held ??= [];
    this.#catching.abort();
    this.#catching = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, this.#catching.signal]);
    if (this.#position === null) this.#keep(position);
    else if (position !== this.#position) await this.#catchUp(position, signal);
    if (signal.aborted) return;
    const held = this.#held;
    this.#held = null;
    held.forEach((event) => this.#take(event));
    this.#emit({ id: this.#position, event: "connected", data: {} });
  }

  /** Reads up to now, or tells that something is missing. */
  async #catchUp(position, signal) {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        for (let next = this.#position; next !== null; ) {
          const page = await this.#history({ after: this.#position, wait: "PT0S" }, signal);
          if (signal.aborted) return;
          this.#takePage(page);
          next = page.next;
        }
        return;
      } catch (failure) {
        // Without a token there is no history.
        if (failures === CATCH_UPS || this.#final(failure)) break;
        await sleep(this.#wait(failures), signal);
      }
    }
    if (signal.aborted) return;
    this.#keep(position);
    this.#emit({ id: null, event: "stream.reset", data: { reason: "unknown", oldest: null, latest: position } });
  }

  // ---- connecting ----

  /** Connects again and again until the signal says that it is somebody else's turn. */
  async #serve(signal) {
    for (let failures = 0; !signal.aborted; ) {
      if (this.#state.transport !== "polling") this.#tell({ state: "connecting" });
      const end = Date.now() < this.#pollUntil ? await this.#poll(signal) : await this.#stream(signal);
      if (signal.aborted) return;
      if (end.heldBack) {
        this.#pollUntil = Date.now() + this.#pollFor;
        this.#pollFor = Math.min(LONGEST_POLLING, 2 * this.#pollFor);
        continue;
      }
      if (end.streamAgain || end.renewed) continue;
      if (end.final) {
        this.#end(end.final);
        return;
      }
      failures = end.wasLive ? 1 : failures + 1;
      if (failures > this.#options.attempts) {
        this.#end({ state: "closed", reason: "gave_up" });
        return;
      }
      await this.#pause(failures, end, signal);
    }
  }

  /** Longer each time, and never in step with everybody else. */
  #wait(failures) {
    const { firstWait, longestWait } = this.#options;
    return Math.min(longestWait, firstWait * 2 ** (failures - 1)) * (1 - Math.random() / 2);
  }

  /** Waits, as long as the server asks at least. */
  async #pause(failures, { reason = "lost", retryAfter = 0 }, signal) {
    const until = Date.now() + Math.max(this.#wait(failures), retryAfter);
    while (Date.now() < until && !signal.aborted) {
      const seconds = Math.ceil((until - Date.now()) / 1_000);
      this.#tell({ state: "waiting", reason, seconds, attempt: failures });
      await sleep(Math.min(1_000, until - Date.now()), signal);
    }
  }

  /** Reads one stream to its end and says how it ended. */
  async #stream(signal) {
    const abort = new AbortController();
    const guard = new Watchdog(() => abort.abort(), this.#options.patience);
    const both = AbortSignal.any([signal, abort.signal]);
    const end = { wasLive: false };
    const line = { abort, asked: new Set(this.#channels), clientId: null, renewed: false };
    try {
      const response = await this.#open(both, line);
      if (response.status === 204) return { final: { state: "closed", reason: "finished" } };
      if (!response.ok) return this.#forgetRefused(response, line) ? { renewed: true } : this.#refusal(response);
      const parser = new Parser();
      parser.lastId = this.#position;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return end;
        for (const frame of parser.push(value)) {
          const event = this.#read(frame);
          if (isControl(event) && event.event === "connected") {
            end.wasLive = true;
            this.#pollFor = this.#options.streamAgain;
            this.#keep(frame.id);
            this.#begun(line, event.data.clientId);
            this.#live("stream");
          } else if (isControl(event) && event.event === "stream.closed") {
            end.reason = event.data.reason;
          }
          this.#pass(event);
          if (signal.aborted) return end;
        }
        this.#keep(parser.lastId);
        // Comments count too: they are the server's heartbeat.
        if (end.wasLive) guard.expect(this.#options.silence);
      }
    } catch (failure) {
      if (line.renewed) return { renewed: true };
      if (failure instanceof Refused) return this.#refusal(failure);
      if (!signal.aborted && abort.signal.aborted) {
        // One that was live has come through: the line or the server went away, and nobody held it.
        if (!end.wasLive && (await this.#reachable(signal))) return { heldBack: true };
        end.reason = "silent";
      }
      return end;
    } finally {
      if (this.#line === line) this.#line = null;
      guard.stop();
      abort.abort();
    }
  }

  // ---- channels

  /** The frame of a channel names it; what is about the stream itself has a name instead. */
  #read(frame) {
    if (this.#channels && frame.name === "message") {
      const body = JSON.parse(frame.data);
      if (typeof body?.channel === "string") return { ...body, id: body.id ?? frame.id };
    }
    return eventOf(frame);
  }

  /** The stream is open, and can be told what else to bring. */
  #begun(line, clientId) {
    if (!this.#channels) return;
    line.clientId = clientId ?? null;
    this.#line = line;
    for (const channel of line.asked) this.#granted.add(channel);
    // What was asked for while it was being opened.
    this.#change([...this.#channels], [...line.asked]).catch(reportError);
  }

  /** One after the other, or the server might see them in another order. */
  #change(add, remove) {
    const change = this.#changes.then(() => this.#send(add, remove));
    this.#changes = change.catch(() => {});
    return change;
  }

  /** Tells the open stream what it does not know yet; without one the next is asked for all. */
  async #send(add, remove) {
    const line = this.#line;
    if (!line) return;
    const body = {
      add: add.filter((channel) => this.#channels.has(channel) && !line.asked.has(channel)),
      remove: remove.filter((channel) => !this.#channels.has(channel) && line.asked.has(channel)),
    };
    if (body.add.length + body.remove.length === 0) return;
    const status = await this.#patch(line, body);
    if (this.#line !== line) return; // the next was asked for what is wanted now
    if (status === 200) {
      for (const channel of body.add) line.asked.add(channel) && this.#granted.add(channel);
      for (const channel of body.remove) line.asked.delete(channel);
    } else if (status === 400 || status === 403) {
      for (const channel of body.add) this.#channels.delete(channel);
      throw Object.assign(new Error(`status ${status}`), { status, channels: body.add });
    } else {
      // It is of another node, or of a server that has gone: a new one begins with all of them.
      line.renewed = true;
      line.abort.abort();
    }
  }

  /** The status of the answer; 0 without one. */
  async #patch(line, body) {
    const url = new URL(`${this.#options.url}s/${encodeURIComponent(line.clientId)}`, document.baseURI);
    const signal = AbortSignal.any([line.abort.signal, AbortSignal.timeout(this.#options.patience)]);
    try {
      const headers = { ...(await this.#headers(signal)), "Content-Type": "application/json" };
      const credentials = this.#options.cookie ? "include" : "same-origin";
      const response = await fetch(url, { method: "PATCH", headers, credentials, body: JSON.stringify(body), signal });
      return response.status;
    } catch {
      return 0;
    }
  }

  /** A channel that was asked for without a connection may be refused now; the others go on without it. */
  #forgetRefused({ status }, { asked }) {
    if (!this.#channels || (status !== 400 && status !== 403)) return false;
    const beyond = (known) => [...asked].filter((channel) => !known.has(channel));
    let refused = beyond(this.#granted);
    // What was granted once may have gone meanwhile, like a game that is long finished.
    if (refused.length === 0) refused = beyond(new Set(this.#options.channels));
    for (const channel of refused) this.#channels.delete(channel);
    return refused.length > 0;
  }

  #refusal({ status, headers }) {
    if (status === 429 || status === 503) {
      return { reason: "full", retryAfter: millisOf(headers.get("Retry-After")) };
    }
    // A server that starts may answer 404 before the studio in it does.
    if (status >= 500 || (status === 404 && this.#everLive)) return { reason: "failed" };
    return { final: { state: "refused", status } };
  }

  #final(failure) {
    return failure instanceof Refused && this.#refusal(failure).final;
  }

  async #open(signal, { asked }) {
    const { url, query, token, ticket, cookie } = this.#options;
    const target = new URL(url, document.baseURI);
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    if (this.#channels) target.searchParams.set("channels", [...asked]);
    if (ticket) target.searchParams.set("ticket", await before(signal, ticket(signal)));
    const ask = async () => {
      const headers = await this.#headers(signal);
      if (this.#position !== null) headers["Last-Event-ID"] = this.#position;
      headers.Accept = "text/event-stream";
      const credentials = cookie ? "include" : "same-origin";
      return fetch(target, { headers, credentials, cache: "no-store", signal });
    };
    const first = await before(signal, valueOf(token));
    const response = await ask();
    // A token that has just expired may have been renewed meanwhile.
    const renewable = response.status === 401 && typeof token === "function";
    return renewable && (await before(signal, valueOf(token))) !== first ? ask() : response;
  }

  /** Without a stream: asks again and again, and each answer waits for the next event. */
  async #poll(signal) {
    const end = { wasLive: false };
    try {
      if (this.#position === null) {
        // Behind everything there is nothing: the answer says where that is.
        const page = await this.#history({ after: BEYOND, wait: "PT0S" }, signal);
        this.#keep(page.position);
      }
      while (Date.now() < this.#pollUntil) {
        const page = await this.#history({ after: this.#position, wait: end.wasLive ? POLL : "PT0S" }, signal);
        if (!end.wasLive) {
          end.wasLive = true;
          this.#live("polling");
          this.#pass({ id: this.#position, event: "connected", data: {} });
        }
        this.#takePage(page, (event) => this.#pass(event));
        if (signal.aborted) return end;
      }
      return { streamAgain: true };
    } catch (failure) {
      this.#pollUntil = 0;
      return failure instanceof Refused ? { ...end, ...this.#refusal(failure) } : end;
    }
  }

  #takePage(page, take = (event) => this.#take(event)) {
    if (page.reset) take({ id: null, event: "stream.reset", data: page.reset });
    page.items.map((item) => (this.#channels ? { ...item, channel: STUDIO } : item)).forEach(take);
    if (!this.#closing.signal.aborted) this.#keep(page.position);
  }

  /** A page of the history: {items, next, position, reset}. */
  async #history(query, signal) {
    const target = new URL(this.#options.history ?? this.#options.url.replace(/\/stream$/, ""), document.baseURI);
    const all = { ...this.#options.query, limit: PAGE, ...query };
    if (this.#channels) all.channels = STUDIO;
    for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
    const both = AbortSignal.any([signal, AbortSignal.timeout(POLL_MILLIS)]);
    const headers = await this.#headers(both);
    const response = await fetch(target, { headers, cache: "no-store", signal: both });
    if (!response.ok) throw new Refused(response);
    return (await response.json()).data;
  }

  /** Whether the server answers at all, when its stream does not come through. */
  async #reachable(signal) {
    if (!this.#options.token) return false; // only a token may ask without a stream
    try {
      await this.#history({ limit: 1 }, AbortSignal.any([signal, AbortSignal.timeout(this.#options.patience)]));
      return true;
    } catch {
      return false;
    }
  }

  async #headers(signal) {
    const token = await before(signal, valueOf(this.#options.token));
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  // ---- handing over ----

  #live(transport) {
    this.#everLive = true;
    this.#tell({ state: "live", transport });
  }

  /** Takes an event, and passes it to the other tabs. */
  #pass(event) {
    if (this.#closing.signal.aborted) return;
    if (event.event !== "connected") this.#channel?.postMessage({ event });
    this.#take(event);
  }

  #take(event) {
    if (this.#closing.signal.aborted) return; // by a listener of the event before
    if (event.id !== null && !isControl(event)) {
      if (!this.#seen.add(event.id)) return;
      this.#keep(event.id);
    }
    this.#emit(event);
  }

  #emit(event) {
    const { channel } = event;
    if (channel !== undefined) {
      if (!this.#channels.has(channel)) return; // it was on its way when the channel was left
      for (const listener of this.#channelListeners.get(channel) ?? []) attempt(listener, event);
      // Names of feeds and names that somebody published have nothing to do with each other.
      if (channel !== STUDIO || CONTROL.has(event.event)) return;
    }
    for (const type of [event.event, "*"]) {
      for (const listener of this.#listeners.get(type) ?? []) attempt(listener, event);
    }
  }

  #keep(position) {
    if (position === null || position === this.#position) return;
    this.#position = position;
    if (this.#options.resume) sessionStorage.setItem(this.#key, position);
  }

  #tell(state) {
    this.#state = state;
    if (this.#leads && !this.#closing.signal.aborted) {
      this.#channel.postMessage({ state, position: this.#position });
    }
    for (const listener of this.#stateListeners) attempt(listener, state);
  }
}

/** The ids that came last: what comes again is known. */
class Seen {
  #ids = new Set();

  /** Returns whether the id is new. */
  add(id) {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > REMEMBERED) this.#ids.delete(this.#ids.values().next().value);
    return true;
  }
}

/** Calls back when nothing has come for too long. */
class Watchdog {
  #bark;
  #timer;

  constructor(bark, millis) {
    this.#bark = bark;
    this.expect(millis);
  }

  expect(millis) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bark, millis);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

function checkChannels(channels) {
  const named = Array.isArray(channels) && channels.length > 0 && channels.every((name) => name && typeof name === "string");
  if (!named) throw new TypeError("channels: at least one name");
}

/** Whether it is about the stream itself, and so has no place in the log. */
function isControl({ channel, event }) {
  return channel === undefined && CONTROL.has(event);
}

/** The envelope of a frame; bare data is put into one. */
function eventOf(frame) {
  const body = JSON.parse(frame.data);
  if (body && typeof body === "object" && "event" in body && "data" in body) {
    return { ...body, id: body.id ?? (CONTROL.has(body.event) ? null : frame.id) };
  }
  return { id: frame.id, event: frame.name, data: body };
}

/** Who a token is for; null when it can't be read. */
export function userOf(token) {
  const claims = claimsOf(token);
  return claims?.upn ?? claims?.preferred_username ?? claims?.sub ?? null;
}

/** The groups that a token names; the studio decides what they are worth. */
export function groupsOf(token) {
  const groups = claimsOf(token)?.groups;
  return Array.isArray(groups) ? groups : [];
}

function claimsOf(token) {
  try {
    const middle = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(middle), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

async function valueOf(option) {
  return typeof option === "function" ? option() : option;
}

/** What the promise gives, unless the signal aborts before: who is asked may never answer. */
async function before(signal, promise) {
  let stop;
  const aborted = new Promise((resolve, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A listener that fails keeps nothing from the others. */
function attempt(listener, value) {
  try {
    listener(value);
  } catch (failure) {
    reportError(failure);
  }
}

/** How long a Retry-After asks to wait; it is in seconds, or a date. */
function millisOf(retryAfter) {
  const millis = /^\s*\d+\s*$/.test(retryAfter) ? 1_000 * retryAfter : Date.parse(retryAfter) - Date.now();
  return Math.min(LONGEST_ASKED, Math.max(0, millis || 0));
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
