// Measures the way between this browser and the studio, for /diagnose.

import { Parser } from "../client/parser.js";
import { root } from "./api.js";

/** @import { Mark, Results } from "./verdict.js" */

const TRIPS = 5;
const PATIENCE = 20_000;
const SOCKET_PATIENCE = 5_000;

const COUNT = 10;
const CUT = 4;
const RESUMED = 8;
/** The stream lasts longer than a slow network delays a frame, so that a proxy that buffers it shows. */
const INTERVAL = 400;

/** More frames than a proxy's usual limit of 60 s for a quiet connection, at the usual heartbeat. */
const QUIET_COUNT = 8;
const QUIET_INTERVAL = 15_000;

/** @param {Record<string, string | number>} options */
const streamOf = (options) =>
  root(
    `api/v1/diagnose/stream?${new URLSearchParams(Object.entries(options).map(([key, value]) => [key, String(value)]))}`,
  );

/** @param {number} millis */
const after = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** @returns {Promise<Results["reach"]>} null if the studio does not answer */
export async function reach() {
  const url = root("api/v1/health");
  const trips = [];
  let status = 0;
  let ahead = 0;
  try {
    for (let i = 0; i < TRIPS; i++) {
      const start = performance.now();
      const response = await fetch(url, {
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      await response.text();
      trips.push(performance.now() - start);
      ({ status } = response);
      ahead = Date.parse(response.headers.get("Date") ?? "") - Date.now() || 0;
    }
  } catch {
    return null;
  }
  trips.sort((a, b) => a - b);
  const entries = performance.getEntriesByName(new URL(url, location.href).href);
  const last = /** @type {PerformanceResourceTiming | undefined} */ (entries.at(-1));
  return {
    status,
    ahead,
    roundTrip: trips[(TRIPS - 1) / 2],
    protocol: last?.nextHopProtocol ?? "",
  };
}

/**
 * @param {(mark: Mark) => void} [onMark]
 * @param {{ count: number, every: number }} [options]
 * @returns {Promise<Results["stream"]>} null if no response comes
 */
export async function stream(
  onMark = () => {},
  { count, every } = { count: COUNT, every: INTERVAL },
) {
  const start = performance.now();
  /** @type {Mark[]} */
  const marks = [];
  let found = { status: 0, type: "", encoding: "", marks, count };
  try {
    const response = await fetch(streamOf({ count, every }), {
      headers: { Accept: "text/event-stream" }, // as an EventSource, by which proxies tell streams
      cache: "no-store",
      signal: AbortSignal.timeout(count * every + PATIENCE),
    });
    found = {
      ...found,
      status: response.status,
      type: response.headers.get("Content-Type") ?? "",
      encoding: response.headers.get("Content-Encoding") ?? "",
    };
    if (!response.ok || !response.body) return found;
    const parser = new Parser();
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      for (const { name, data } of parser.push(text)) {
        if (name !== "mark") continue;
        const mark = { ...JSON.parse(data), at: performance.now() - start };
        marks.push(mark);
        onMark(mark);
      }
    }
  } catch {
    // Cut off: what has arrived tells the rest.
  }
  return found.status === 0 ? null : found;
}

/**
 * Lets the studio end a stream, which the browser opens again by itself.
 *
 * @returns {Promise<Results["resume"]>}
 */
export async function resume() {
  /** @type {number[]} */
  const numbers = [];
  /** @type {number | null} */
  let pause = null;
  let lostAt = 0;
  const source = new EventSource(streamOf({ count: RESUMED, every: INTERVAL, cut: CUT }));
  const complete = new Promise((resolve) => {
    source.addEventListener("mark", ({ lastEventId }) => {
      if (lostAt && pause === null) pause = performance.now() - lostAt;
      numbers.push(Number(lastEventId));
      if (Number(lastEventId) === RESUMED) resolve(undefined);
    });
    source.addEventListener("error", () => {
      lostAt ||= performance.now();
      if (source.readyState === EventSource.CLOSED) resolve(undefined);
    });
  });
  await Promise.race([complete, after(PATIENCE)]);
  const closed = source.readyState === EventSource.CLOSED;
  source.close();
  return { numbers, count: RESUMED, reported: lostAt > 0, closed, pause };
}

/**
 * Opens the WebSocket of the countdown, if this user may read the countdown.
 *
 * @returns {Promise<Results["socket"]>}
 */
export async function socket() {
  const allowed = await fetch(root("api/v1/timer"), { cache: "no-store" }).catch(() => null);
  if (!allowed?.ok) return { tried: false, opens: false, after: 0 };
  const start = performance.now();
  const url = new URL(root("api/v1/timer/ws"), location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const opened = new WebSocket(url);
  const answer = new Promise((resolve) => {
    opened.addEventListener("open", () => opened.send(JSON.stringify({ type: "sync" })));
    opened.addEventListener("message", () => resolve(true));
    opened.addEventListener("close", () => resolve(false));
  });
  const opens = Boolean(await Promise.race([answer, after(SOCKET_PATIENCE)]));
  opened.close();
  return { tried: true, opens, after: performance.now() - start };
}

/**
 * Follows a stream on which a frame comes only every 15 seconds, for two minutes.
 *
 * @param {(part: number) => void} onProgress from 0 to 1
 * @returns {Promise<Results["quiet"]>}
 */
export async function quiet(onProgress) {
  const start = performance.now();
  const options = { count: QUIET_COUNT, every: QUIET_INTERVAL };
  const found = await stream(({ number }) => onProgress(number / QUIET_COUNT), options);
  return {
    status: found?.status ?? 0,
    complete: found?.marks.length === QUIET_COUNT,
    after: performance.now() - start,
  };
}
