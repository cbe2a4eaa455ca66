import assert from "node:assert/strict";
import { test } from "node:test";
import { authorization, groupsOf, userOf } from "../../main/webapp/client/tokens.js";

function token(claims) {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

test("the user is upn, else preferred_username, else sub", () => {
  assert.equal(userOf(token({ sub: "3", preferred_username: "2", upn: "1" })), "1");
  assert.equal(userOf(token({ sub: "3", preferred_username: "2" })), "2");
  assert.equal(userOf(token({ sub: "Zoë 🎉" })), "Zoë 🎉");
});

test("an unreadable token has neither user nor groups", () => {
  for (const unreadable of [null, undefined, "", "opaque", "a.b.c", token({ groups: "admin" })]) {
    assert.equal(userOf(unreadable), null);
    assert.deepEqual(groupsOf(unreadable), []);
  }
});

test("the groups are those of the token", () => {
  assert.deepEqual(groupsOf(token({ groups: ["admin"] })), ["admin"]);
});

test("a token may be a value, a function or a promise", async () => {
  const { signal } = new AbortController();
  const expected = { Authorization: "Bearer t" };
  assert.deepEqual(await authorization("t", signal), expected);
  assert.deepEqual(await authorization(async () => "t", signal), expected);
  assert.deepEqual(await authorization(null, signal), {});
});

test("a token that never comes is not waited for", async () => {
  const abort = new AbortController();
  const wait = authorization(() => new Promise(() => {}), abort.signal);
  abort.abort();
  await assert.rejects(wait, { name: "AbortError" });
});
