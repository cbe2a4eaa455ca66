import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox, messageOf } from "../../main/webapp/client/inbox.js";

const event = (id) => ({ id, event: "demo", data: id });

function inboxOf(options) {
  const inbox = new Inbox({ resume: true, ...options }, "key", null);
  const received = [];
  inbox.on("demo", ({ data }) => received.push(data));
  return { inbox, received };
}

test("an event is delivered once, and the position is that of the newest", () => {
  const { inbox, received } = inboxOf({});
  for (const id of ["1", "2", "1", "2", "3"]) inbox.take(event(id));
  assert.deepEqual(received, ["1", "2", "3"]);
  assert.equal(inbox.position, "3");
});

test("the position begins where the option says", () => {
  assert.equal(inboxOf({ position: "7" }).inbox.position, "7");
  assert.equal(inboxOf({}).inbox.position, null);
});

test("events about the stream do not move the position", () => {
  const { inbox } = inboxOf({ position: "7" });
  inbox.take({ id: "9", event: "stream.reset", data: {} });
  assert.equal(inbox.position, "7");
});

test("nothing is delivered after close, except the state", () => {
  const { inbox, received } = inboxOf({});
  const states = [];
  inbox.onState(({ state }) => states.push(state));
  inbox.close();
  inbox.take(event("1"));
  inbox.setState({ state: "closed", reason: "closed" });
  assert.deepEqual(received, []);
  assert.deepEqual(states, ["connecting", "closed"]);
});

test("data without an envelope gets one", () => {
  const frame = { id: "1", name: "demo", data: '{"data":1}' };
  assert.deepEqual(messageOf(frame), { id: "1", event: "demo", data: { data: 1 } });
});
