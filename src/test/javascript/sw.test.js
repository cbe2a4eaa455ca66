// A headless browser gives each of its windows the focus, so pages without it are stubs here.

import assert from "node:assert/strict";
import { test } from "node:test";

const MESSAGE = { title: "t", body: "b", url: "https://studio.example/p/1", tag: "1" };

/** @type {Record<string, (event: any) => void>} */
const handlers = {};
let pages = [];
let shown = 0;
Object.assign(globalThis, {
  location: { href: "https://studio.example/at/dashboard/sw.js" },
  addEventListener: (type, handler) => (handlers[type] = handler),
  clients: { matchAll: async () => pages },
  registration: { showNotification: async () => shown++ },
});
await import("../../main/webapp/dashboard/sw.js");

/** Whether the worker shows a message while a page of this address is visible. */
async function shows(address, focused) {
  pages = [{ url: `https://studio.example/at/${address}`, visibilityState: "visible", focused }];
  shown = 0;
  let done;
  handlers.push({ data: { json: () => MESSAGE }, waitUntil: (promise) => (done = promise) });
  await done;
  return shown === 1;
}

test("a dashboard with the focus shows the message itself", async () => {
  assert.equal(await shows("dashboard", true), false);
  assert.equal(await shows("dashboard?lang=fr#picture", true), false);
});

test("a dashboard on a second screen does not silence a message", async () => {
  assert.equal(await shows("dashboard", false), true);
});

test("a wall screen has no bell, so it does not silence a message", async () => {
  assert.equal(await shows("dashboard?kiosk", true), true);
});

test("another page does not silence a message", async () => {
  assert.equal(await shows("dashboard/timer.html", true), true);
});
