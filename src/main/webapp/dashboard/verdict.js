// What the measurements of /diagnose mean.
//
// Contract: depends on nothing but its arguments.

/**
 * A frame of the stream for tests, with the milliseconds since the first one was sent, and since the
 * request.
 *
 * @typedef {{ number: number, elapsed: number, at: number }} Mark
 */

/**
 * The measurements; null for what was not measured, or did not answer. Times are in milliseconds.
 *
 * @typedef {object} Results
 * @property {boolean} online whether the browser has a network
 * @property {{ status: number, roundTrip: number, ahead: number, protocol: string } | null} reach
 *     `ahead` is the server's clock less this one
 * @property {{ status: number, type: string, encoding: string, marks: Mark[], count: number } | null} stream
 * @property {{ numbers: number[], count: number, reported: boolean, closed: boolean, pause: number | null } | null} resume
 *     `reported` if the browser noticed the end of a connection; `closed` if it does not try again;
 *     `pause` is the time until the next frame; null if there was none
 * @property {{ tried: boolean, opens: boolean, after: number } | null} socket
 * @property {{ status: number, complete: boolean, after: number } | null} quiet `status` is 0 without
 *     a response
 */

/** @typedef {"network" | "arrival" | "resume" | "socket" | "quiet"} Check */

/** @typedef {{ check: Check, code: string, severity: "fails" | "warns" }} Finding */

/** A frame that arrives later than this is held back; a slow line is not that slow. */
const HELD_BACK = 1_000;

const SLOW = 800;

/** Tokens are accepted a little before and after their time. */
const CLOCK = 60_000;

const OK = 200;
const TOO_MANY = 429;
const FULL = 503;

/** A connection needs some round trips before the first byte. */
const ROUND_TRIPS = 3;

/**
 * How long the way held each frame back, in milliseconds.
 *
 * @param {Mark[]} marks
 * @param {number} roundTrip
 */
export const delays = (marks, roundTrip) =>
  marks.map(({ at, elapsed }) => Math.max(0, at - elapsed - roundTrip));

/**
 * What is wrong, the most likely culprit first; empty if everything works.
 *
 * @param {Results} results
 * @returns {Finding[]}
 */
export function verdict(results) {
  const network = ofNetwork(results);
  if (network.some(({ severity }) => severity === "fails")) return network;
  return [
    ...ofArrival(results),
    ...ofResume(results),
    ...ofSocket(results),
    ...ofQuiet(results),
    ...network,
  ];
}

/**
 * The state of a check that has run.
 *
 * @param {Check} check
 * @param {Results} results
 */
export function stateOf(check, results) {
  const finding = verdict(results).find((found) => found.check === check);
  if (finding) return finding.severity;
  if (check === "socket" && !results.socket?.tried) return "skipped";
  if (check === "resume" && !results.resume?.numbers.length) return "untested";
  return "works";
}

/**
 * @param {Results} results
 * @returns {Finding[]}
 */
function ofNetwork({ online, reach }) {
  /** @type {(code: string, severity: "fails" | "warns") => Finding[]} */
  const found = (code, severity) => [{ check: "network", code, severity }];
  if (!online) return found("offline", "fails");
  if (!reach) return found("unreachable", "fails");
  if (reach.status !== OK) return found("ill", "fails");
  return [
    ...(Math.abs(reach.ahead) > CLOCK ? found("clock", "warns") : []),
    ...(reach.roundTrip > SLOW ? found("slow", "warns") : []),
  ];
}

/**
 * @param {Results} results
 * @returns {Finding[]}
 */
function ofArrival({ reach, stream }) {
  /** @type {(code: string) => Finding[]} */
  const found = (code) => [{ check: "arrival", code, severity: "fails" }];
  if (!stream) return found("blocked");
  if (stream.status !== OK) return found(refusal(stream.status));
  if (!stream.type.startsWith("text/event-stream")) return found("replaced");
  if (stream.marks.length < stream.count)
    return found(stream.marks.length === 0 ? "blocked" : "cut");
  const roundTrip = reach?.roundTrip ?? 0;
  const late = HELD_BACK + ROUND_TRIPS * roundTrip;
  if (Math.max(...delays(stream.marks, roundTrip)) <= late) return [];
  return found(stream.encoding ? "compressed" : "held");
}

/** @param {number} status of a response that is not a stream */
const refusal = (status) => (status === TOO_MANY || status === FULL ? "full" : "refused");

/**
 * @param {Results} results
 * @returns {Finding[]}
 */
function ofResume(results) {
  const { resume } = results;
  /** @type {(code: string, severity?: "fails" | "warns") => Finding[]} */
  const found = (code, severity = "fails") => [{ check: "resume", code, severity }];
  if (!resume) return [];
  const { numbers, count, reported, closed, pause } = resume;
  if (numbers.length === 0) {
    if (ofArrival(results).length > 0) return []; // no stream works, not only one that resumes
    return found(closed ? "refused" : "blocked");
  }
  const last = (/** @type {number} */ i) => Math.max(0, ...numbers.slice(0, i));
  if (numbers.some((number, i) => number > last(i) + 1)) return found("lost");
  if (numbers.some((number, i) => number <= last(i))) return found("repeated");
  if (numbers.length === count) return [];
  if (closed || pause === null) return found(reported ? "closed" : "stays");
  return found("unfinished", "warns");
}

/**
 * @param {Results} results
 * @returns {Finding[]}
 */
function ofSocket({ socket }) {
  if (!socket?.tried || socket.opens) return [];
  return [{ check: "socket", code: "socket", severity: "warns" }];
}

/**
 * @param {Results} results
 * @returns {Finding[]}
 */
function ofQuiet({ quiet }) {
  if (!quiet || quiet.complete) return [];
  const code = quiet.status === OK || quiet.status === 0 ? "quiet" : refusal(quiet.status);
  return [{ check: "quiet", code, severity: "fails" }];
}
