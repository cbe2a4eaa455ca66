// A server of a few lines that stands for a studio. A test decides how it answers.

import { createServer } from "node:http";
import { once } from "node:events";

export const STREAM = "GET /api/v1/events/stream";

export class Studio {
  /** All requests so far: { method, path, query, headers, body }. */
  requests = [];
  /** The answers by method and path: each is called with the request and the response. */
  answers = {};
  #server = createServer((request, response) => this.#answer(request, response));
  #streams = new Set();

  static async start() {
    const studio = new Studio();
    studio.#server.listen(0, "127.0.0.1");
    await once(studio.#server, "listening");
    return studio;
  }

  get address() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async #answer(request, response) {
    const { method, headers } = request;
    const { pathname: path, searchParams } = new URL(request.url, this.address);
    const body = (await request.toArray()).join("");
    const received = { method, path, query: Object.fromEntries(searchParams), headers, body };
    this.requests.push(received);
    const answer = this.answers[`${method} ${path}`];
    if (answer) answer(received, response);
    else response.writeHead(404).end();
  }

  /** The requests of a method and path. */
  received(call) {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === call);
  }

  /** Opens a stream with the frames. */
  stream(response, ...frames) {
    response.writeHead(200, { "Content-Type": "text/event-stream;charset=UTF-8" });
    response.write(frames.join(""));
    this.#streams.add(response);
  }

  /** Sends frames to all open streams. */
  send(...frames) {
    for (const stream of this.#streams) stream.write(frames.join(""));
  }

  /** Cuts all open streams. */
  cut() {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  async close() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** A frame of the event stream in its envelope. */
export function frame(id, event, data) {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ id, event, data })}\n\n`;
}

/** The first frame of a stream. */
export function connected(position, clientId = "one") {
  const data = JSON.stringify({ event: "connected", data: { clientId } });
  return `id: ${position}\nevent: connected\ndata: ${data}\n\n`;
}

/** Waits until the condition is true, for ten seconds at most. */
export async function until(condition) {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error(`not in time: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
