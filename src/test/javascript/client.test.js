// The client without a page, against a small server.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { afterEach, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { connect, tickets } from "../../main/webapp/client/devfest-studio.js";
import { connectTimer } from "../../main/webapp/client/devfest-timer.js";
import { STREAM, Studio, connected, frame, until } from "./studio.js";

let server;
let studio;
let received;
let states;

beforeEach(async () => {
  server = await Studio.start();
  received = [];
  states = [];
});

afterEach(async () => {
  studio?.close();
  await server.close();
});

function open(options) {
  studio = connect({ studio: server.address, firstWait: 20, token: "t", ...options });
  studio.on("*", ({ id, event }) => received.push([event, id]));
  studio.onState((state) => states.push(state));
}

test("without an address the client says what is missing", () => {
  assert.throws(() => connect({ token: "t" }), /option studio/);
  assert.throws(() => connectTimer({ token: "t" }), /option studio/);
  assert.throws(() => tickets("t"), /option studio/);
});

test("a stream that breaks is resumed after the last event", async () => {
  server.answers[STREAM] = ({ headers }, response) => {
    const last = headers["last-event-id"];
    if (last === undefined) server.stream(response, connected("10"), frame("11", "demo", 1));
    else server.stream(response, connected(last), frame("12", "demo", 2));
  };
  open({ query: { types: "demo" } });
  await until(() => received.length === 2);
  server.cut();
  await until(() => received.length === 4);
  assert.deepEqual(received, [
    ["connected", null],
    ["demo", "11"],
    ["connected", null],
    ["demo", "12"],
  ]);
  const [first, second] = server.received(STREAM);
  assert.deepEqual(first.query, { types: "demo" });
  assert.equal(first.headers.authorization, "Bearer t");
  assert.equal(second.headers["last-event-id"], "11");
  assert.ok(states.some(({ state, reason }) => state === "waiting" && reason === "lost"));
  assert.equal(studio.position, "12");
});

test("a program resumes at the position that it has stored", async () => {
  server.answers[STREAM] = (_, response) => server.stream(response, connected("11"));
  open({ position: "11" });
  await until(() => studio.state.state === "live");
  assert.equal(server.received(STREAM)[0].headers["last-event-id"], "11");
});

test("a gap is reported, and its position is kept", async () => {
  server.answers[STREAM] = (_, response) =>
    server.stream(response, frame("99", "stream.reset", { reason: "unknown" }));
  open({ position: "11" });
  await until(() => received.length === 1);
  assert.deepEqual(received, [["stream.reset", "99"]]);
  await until(() => studio.position === "99");
});

test("after a 401 the token is renewed once", async () => {
  const tokens = ["old", "old", "new"];
  server.answers[STREAM] = ({ headers }, response) => {
    if (headers.authorization === "Bearer new") server.stream(response, connected("1"));
    else response.writeHead(401).end();
  };
  open({ token: () => (tokens.length > 1 ? tokens.shift() : tokens[0]) });
  await until(() => studio.state.state === "live");
  assert.equal(server.received(STREAM).length, 2);
});

test("a refusal ends the connection", async () => {
  server.answers[STREAM] = (_, response) => response.writeHead(403).end();
  open({});
  await until(() => studio.state.state === "refused");
  assert.equal(studio.state.status, 403);
  assert.equal(server.received(STREAM).length, 1);
});

test("a full server is asked again after the time that it names", async () => {
  server.answers[STREAM] = (_, response) => response.writeHead(503, { "Retry-After": 60 }).end();
  open({});
  await until(() => studio.state.state === "waiting");
  const { reason, seconds } = studio.state;
  assert.deepEqual([reason, seconds], ["full", 60]);
});

test("a stream that has finished is not opened again", async () => {
  server.answers[STREAM] = (_, response) => response.writeHead(204).end();
  open({});
  await until(() => studio.state.state === "closed");
  assert.equal(studio.state.reason, "finished");
});

test("where streams are held back, the history is polled", async () => {
  const pages = [{ items: [], next: null, position: "5" }];
  pages.push({ items: [{ id: "6", event: "demo", data: 1 }], next: null, position: "6" });
  server.answers[STREAM] = () => {};
  server.answers["GET /api/v1/events"] = ({ query }, response) => {
    const page = query.after ? pages.shift() : { items: [], next: null, position: "5" };
    if (page) response.end(JSON.stringify({ data: page }));
  };
  open({ patience: 100 });
  await until(() => received.some(([event]) => event === "demo"));
  assert.equal(studio.state.transport, "polling");
  assert.equal(studio.position, "6");
});

test("a ticket is fetched for each connection", async () => {
  server.answers["POST /api/v1/events/tickets"] = (_, response) =>
    response.end(JSON.stringify({ data: { ticket: `t${server.requests.length}` } }));
  server.answers[STREAM] = (_, response) => server.stream(response, connected("1"));
  const ticket = tickets("t", `${server.address}/api/v1/events/tickets`);
  open({ token: undefined, ticket });
  await until(() => studio.state.state === "live");
  server.cut();
  await until(() => server.received(STREAM).length === 2);
  assert.deepEqual(
    server.received(STREAM).map(({ query }) => query.ticket),
    ["t1", "t3"],
  );
});

test("channels are changed while the stream is open", async () => {
  const score = { channel: "games/7", event: "score", data: { home_score: 1 } };
  server.answers["GET /api/v1/stream"] = (_, response) =>
    server.stream(response, connected("1", "me"));
  server.answers["PATCH /api/v1/streams/me"] = (_, response) => {
    response.end("{}");
    server.send(`data: ${JSON.stringify(score)}\n\n`);
  };
  open({ channels: ["timer"] });
  const scores = [];
  studio.onChannel("games/7", ({ data }) => scores.push(data.home_score));
  await until(() => studio.state.state === "live");
  await studio.follow("games/7");
  await until(() => scores.length === 1);
  assert.deepEqual(studio.channels, ["timer", "games/7"]);
  assert.equal(server.received("GET /api/v1/stream")[0].query.channels, "timer");
  const { body } = server.received("PATCH /api/v1/streams/me")[0];
  assert.deepEqual(JSON.parse(body), { add: ["games/7"], remove: [] });
});

test("a channel that is refused leaves the others", async () => {
  server.answers["GET /api/v1/stream"] = (_, response) =>
    server.stream(response, connected("1", "me"));
  server.answers["PATCH /api/v1/streams/me"] = (_, response) => response.writeHead(403).end();
  open({ channels: ["timer"] });
  await until(() => studio.state.state === "live");
  await assert.rejects(studio.follow("metrics"), { status: 403, channels: ["metrics"] });
  assert.deepEqual(studio.channels, ["timer"]);
});

test("the timer streams where there is no WebSocket, and reports nothing if told so", async () => {
  const update = { type: "timer_update", remaining: 5, elapsed: 0, timestamp: 1, running: false };
  server.answers["GET /api/v1/timer/stream"] = (_, response) =>
    server.stream(response, `data: ${JSON.stringify(update)}\n\n`);
  studio = connectTimer({
    studio: server.address,
    token: "t",
    transports: ["stream"],
    reports: "",
  });
  await until(() => studio.state.state === "live");
  assert.equal(studio.now(), 5);
});

test("a program ends after close", async () => {
  server.answers[STREAM] = (_, response) => server.stream(response, connected("1"));
  const client = new URL("../../main/webapp/client/devfest-studio.js", import.meta.url);
  const program = `
    import { connect } from "${client}";
    const studio = connect({ studio: "${server.address}" });
    studio.on("connected", () => studio.close());`;
  const options = { timeout: 10_000 };
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], options);
});
