// Reads the event stream with fetch, which can send the token in a header, and resumes by position.

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** Cuts a text/event-stream into events {id, name, data}; a field may be split anywhere. */
export class Parser {
  #rest = "";
  #event = { name: "message", data: [] };
  lastId = null;

  /** Takes some text and returns the events that it completes. */
  push(text) {
    const events = [];
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (this.#event.data.length > 0) {
          events.push({ id: this.lastId, name: this.#event.name, data: this.#event.data.join("\n") });
        }
        this.#event = { name: "message", data: [] };
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "data") this.#event.data.push(value);
      else if (field === "event") this.#event.name = value;
      else if (field === "id" && !value.includes("\0")) this.lastId = value;
    }
    return events;
  }
}

/**
 * Keeps a stream open until stop() is called.
 *
 * @param {object} options url, token(), onEvent({name, data}), onState({state, reason, seconds})
 */
export class Stream {
  #options;
  #position = null;
  #abort = new AbortController();
  #wait = FIRST_WAIT;
  #reason = null;

  constructor(options) {
    this.#options = options;
    this.#run();
  }

  stop() {
    this.#abort.abort();
  }

  async #run() {
    while (!this.#abort.signal.aborted) {
      this.#options.onState({ state: "connecting" });
      this.#reason = null;
      try {
        if (!(await this.#read())) return;
      } catch (failure) {
        if (this.#abort.signal.aborted) return;
      }
      await this.#pause();
    }
  }

  /** Returns false when it is of no use to try again. */
  async #read() {
    const token = this.#options.token();
    const headers = { Accept: "text/event-stream" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (this.#position) headers["Last-Event-ID"] = this.#position;
    const response = await fetch(this.#options.url, { headers, cache: "no-store", signal: this.#abort.signal });
    if (response.status === 401 || response.status === 403) {
      this.#options.onState({ state: "refused" });
      return false;
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    const parser = new Parser();
    parser.lastId = this.#position;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return true;
      for (const event of parser.push(value)) this.#take(event);
      this.#position = parser.lastId;
    }
  }

  #take(event) {
    const body = JSON.parse(event.data);
    if (event.name === "connected") {
      this.#wait = FIRST_WAIT;
      this.#options.onState({ state: "live" });
    } else if (event.name === "stream.closed") {
      this.#reason = body.data.reason;
    }
    this.#options.onEvent(event.name, body);
  }

  /** Waits longer each time, and not in step with everybody else. */
  async #pause() {
    const until = Date.now() + this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    while (Date.now() < until && !this.#abort.signal.aborted) {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      this.#options.onState({ state: "waiting", reason: this.#reason, seconds });
      await new Promise((resolve) => setTimeout(resolve, Math.min(1000, until - Date.now())));
    }
  }
}
