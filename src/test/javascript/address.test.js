import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOf, studioOf } from "../../main/webapp/client/address.js";

test("a module that a studio serves leads to it, whatever the context path", () => {
  for (const studio of ["http://localhost:8080/", "https://example.org/a/studio/"]) {
    for (const path of ["client/address.js", "dashboard/app.js"]) {
      assert.equal(studioOf(`${studio}${path}`), studio);
      assert.equal(studioOf(`${studio}v/0123456789ab/${path}`), studio);
    }
  }
});

test("a module from elsewhere leads to no studio", () => {
  for (const module of [
    "file:///home/ann/app/node_modules/devfest-studio/address.js",
    "https://example.org/assets/index-1a2b3c.js",
    "http://localhost:5173/node_modules/.vite/deps/devfest-studio.js",
    undefined,
  ]) {
    assert.equal(studioOf(module), "");
  }
});

test("the address of a studio may end with a slash", () => {
  assert.equal(apiOf("https://example.org/"), "https://example.org/api/v1");
  assert.equal(apiOf("https://example.org"), "https://example.org/api/v1");
});
