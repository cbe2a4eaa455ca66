import assert from "node:assert/strict";
import { test } from "node:test";
import { Parser } from "../../main/webapp/client/parser.js";

const TEXT =
  ": comment\nretry: 3000\nid: 1\nevent: a\ndata: one\n\ndata:two\ndata: lines\n\nid: 2\n\ndata: {}\n\n";

const FRAMES = [
  { id: "1", name: "a", data: "one" },
  { id: null, name: "message", data: "two\nlines" },
  { id: null, name: "message", data: "{}" },
];

test("text may be split anywhere", () => {
  for (let at = 0; at <= TEXT.length; at++) {
    const parser = new Parser();
    const frames = [...parser.push(TEXT.slice(0, at)), ...parser.push(TEXT.slice(at))];
    assert.deepEqual(frames, FRAMES);
    assert.equal(parser.lastId, "2");
  }
});

test("lines may end with CR and LF", () => {
  assert.deepEqual(new Parser().push(TEXT.replaceAll("\n", "\r\n")), FRAMES);
});

test("an incomplete frame is not returned", () => {
  assert.deepEqual(new Parser().push("data: 1\n"), []);
});

test("only the first space after the colon is dropped", () => {
  assert.equal(new Parser().push("data:  1 \n\n")[0].data, " 1 ");
});

test("an id with NUL is ignored", () => {
  const parser = new Parser();
  parser.push("id: 1\ndata: 1\n\nid: 2\0\ndata: 2\n\n");
  assert.equal(parser.lastId, "1");
});
