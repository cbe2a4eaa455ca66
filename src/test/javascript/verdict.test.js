import assert from "node:assert/strict";
import { test } from "node:test";
import { delays, stateOf, verdict } from "../../main/webapp/dashboard/verdict.js";

const COUNT = 10;

/** Frames that are sent every 200 ms and arrive when a function of the time of sending says. */
const marks = (arrival) =>
  Array.from({ length: COUNT }, (_, i) => ({
    number: i + 1,
    elapsed: i * 200,
    at: arrival(i * 200),
  }));

const WORKS = {
  online: true,
  reach: { status: 200, roundTrip: 40, ahead: 100, protocol: "h2" },
  stream: {
    status: 200,
    type: "text/event-stream",
    encoding: "",
    marks: marks((at) => at + 60),
    count: COUNT,
  },
  resume: {
    numbers: [1, 2, 3, 4, 5, 6, 7, 8],
    count: 8,
    reported: true,
    closed: false,
    pause: 3_000,
  },
  socket: { tried: true, opens: true, after: 30 },
  quiet: null,
};

const codes = (changes) => verdict({ ...WORKS, ...changes }).map(({ code }) => code);
const stream = (changes) => codes({ stream: { ...WORKS.stream, ...changes } });
const resume = (changes) => codes({ resume: { ...WORKS.resume, ...changes } });
const reach = (changes) => codes({ reach: { ...WORKS.reach, ...changes } });

test("nothing is wrong if everything works", () => {
  assert.deepEqual(codes({}), []);
});

test("without a network nothing else is blamed", () => {
  assert.deepEqual(codes({ online: false, reach: null, stream: null }), ["offline"]);
  assert.deepEqual(codes({ reach: null, stream: null, resume: null }), ["unreachable"]);
  assert.deepEqual(reach({ status: 503 }), ["ill"]);
});

test("frames that arrive together at the end were held back", () => {
  assert.deepEqual(stream({ marks: marks(() => 1_850) }), ["held"]);
  assert.deepEqual(stream({ marks: marks(() => 1_850), encoding: "gzip" }), ["compressed"]);
});

test("frames that arrive in a few bursts were held back", () => {
  assert.deepEqual(stream({ marks: marks((at) => (at < 1_400 ? 1_400 : at + 60)) }), ["held"]);
});

test("frames that arrive together at the end were held back on a slow line, too", () => {
  const late = Array.from({ length: COUNT }, (_, i) => ({
    number: i + 1,
    elapsed: i * 400,
    at: 4_400,
  }));
  assert.deepEqual(
    codes({
      reach: { ...WORKS.reach, roundTrip: 700 },
      stream: { ...WORKS.stream, marks: late },
    }),
    ["held"],
  );
});

test("a slow line does not hold back", () => {
  const slow = { reach: { ...WORKS.reach, roundTrip: 900 } };
  const late = { ...WORKS.stream, marks: marks((at) => at + 2_700) };
  assert.deepEqual(codes({ ...slow, stream: late }), ["slow"]);
});

test("a compressed stream that arrives at once is fine", () => {
  assert.deepEqual(stream({ encoding: "gzip" }), []);
});

test("a stream without an answer, without frames or with too few", () => {
  assert.deepEqual(codes({ stream: null }), ["blocked"]);
  assert.deepEqual(stream({ marks: [] }), ["blocked"]);
  assert.deepEqual(stream({ marks: WORKS.stream.marks.slice(0, 3) }), ["cut"]);
});

test("a refused or replaced stream", () => {
  for (const status of [429, 503]) assert.deepEqual(stream({ status, marks: [] }), ["full"]);
  assert.deepEqual(stream({ status: 502, marks: [] }), ["refused"]);
  assert.deepEqual(stream({ type: "text/html", marks: [] }), ["replaced"]);
});

test("what a reconnection lost or repeated", () => {
  assert.deepEqual(resume({ numbers: [1, 2, 3, 4, 6, 7, 8] }), ["lost"]);
  assert.deepEqual(resume({ numbers: [5, 6, 7, 8] }), ["lost"]);
  assert.deepEqual(resume({ numbers: [1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8] }), ["repeated"]);
  assert.deepEqual(resume({ numbers: [1, 2, 3, 4, 1, 2, 3, 4] }), ["repeated"]);
});

test("a reconnection that does not come", () => {
  const cut = { numbers: [1, 2, 3, 4], pause: null };
  assert.deepEqual(resume({ ...cut, reported: false }), ["stays"]);
  assert.deepEqual(resume(cut), ["closed"]);
  assert.deepEqual(resume({ ...cut, closed: true }), ["closed"]);
});

test("a reconnection that comes late loses nothing", () => {
  const late = { ...WORKS.resume, numbers: [1, 2, 3, 4, 5, 6], pause: 18_000 };
  assert.deepEqual(verdict({ ...WORKS, resume: late }), [
    { check: "resume", code: "unfinished", severity: "warns" },
  ]);
  assert.deepEqual(resume({ ...late, closed: true }), ["closed"]);
});

test("an EventSource that receives nothing, although a request does, is not fine", () => {
  const none = { numbers: [], reported: true, pause: null };
  assert.deepEqual(resume(none), ["blocked"]);
  assert.deepEqual(resume({ ...none, closed: true }), ["refused"]);
});

test("a reconnection counts as untested, not as fine, if no stream arrives", () => {
  const none = { ...WORKS.resume, numbers: [], pause: null };
  const results = { ...WORKS, stream: null, resume: none };
  assert.deepEqual(codes(results), ["blocked"]);
  assert.equal(stateOf("resume", results), "untested");
  assert.equal(stateOf("resume", { ...WORKS, resume: none }), "fails");
});

test("a check works if it has run and nothing was found", () => {
  for (const check of ["network", "arrival", "resume", "socket"])
    assert.equal(stateOf(check, WORKS), "works");
  assert.equal(
    stateOf("socket", { ...WORKS, socket: { ...WORKS.socket, tried: false } }),
    "skipped",
  );
});

test("a WebSocket that does not open is a restriction, and nothing without a user", () => {
  assert.deepEqual(verdict({ ...WORKS, socket: { tried: true, opens: false, after: 5_000 } }), [
    { check: "socket", code: "socket", severity: "warns" },
  ]);
  assert.deepEqual(codes({ socket: { tried: false, opens: false, after: 0 } }), []);
});

test("a quiet connection that is cut", () => {
  const quiet = (status, complete) => codes({ quiet: { status, complete, after: 60_000 } });
  assert.deepEqual(quiet(200, false), ["quiet"]);
  assert.deepEqual(quiet(0, false), ["quiet"]);
  assert.deepEqual(quiet(200, true), []);
});

test("a quiet connection that is refused was not cut", () => {
  const quiet = (status) => codes({ quiet: { status, complete: false, after: 10 } });
  assert.deepEqual(quiet(429), ["full"]);
  assert.deepEqual(quiet(502), ["refused"]);
});

test("a wrong clock comes after what is worse", () => {
  assert.deepEqual(reach({ ahead: -61_000 }), ["clock"]);
  const wrong = { reach: { ...WORKS.reach, ahead: 61_000 }, stream: null };
  assert.deepEqual(codes(wrong), ["blocked", "clock"]);
});

test("the delay of a frame is what the way adds to a round trip", () => {
  assert.deepEqual(delays([{ number: 1, elapsed: 200, at: 300 }], 40), [60]);
  assert.deepEqual(delays([{ number: 1, elapsed: 200, at: 210 }], 40), [0]);
});
