import assert from "node:assert/strict";
import { test } from "node:test";
import { delays, verdict } from "../../main/webapp/dashboard/verdict.js";

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
  resume: { numbers: [1, 2, 3, 4, 5, 6, 7, 8], count: 8, pause: 3_000 },
  socket: { tried: true, opens: true, after: 30 },
  quiet: null,
};

const codes = (changes) => verdict({ ...WORKS, ...changes }).map(({ code }) => code);
const stream = (changes) => codes({ stream: { ...WORKS.stream, ...changes } });
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
  const resume = (numbers, pause = 3_000) => codes({ resume: { numbers, count: 8, pause } });
  assert.deepEqual(resume([1, 2, 3, 4], null), ["stays"]);
  assert.deepEqual(resume([1, 2, 3, 4, 6, 7, 8]), ["lost"]);
  assert.deepEqual(resume([1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8]), ["repeated"]);
  assert.deepEqual(codes({ resume: { numbers: [], count: 8, pause: null } }), []);
});

test("a WebSocket that does not open is a restriction, and nothing without a user", () => {
  assert.deepEqual(verdict({ ...WORKS, socket: { tried: true, opens: false, after: 5_000 } }), [
    { check: "socket", code: "socket", severity: "warns" },
  ]);
  assert.deepEqual(codes({ socket: { tried: false, opens: false, after: 0 } }), []);
});

test("a quiet connection that is cut", () => {
  assert.deepEqual(codes({ quiet: { complete: false, after: 60_000 } }), ["quiet"]);
  assert.deepEqual(codes({ quiet: { complete: true, after: 105_000 } }), []);
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
