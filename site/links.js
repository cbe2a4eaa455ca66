// Checks that each relative link and anchor in the Markdown files of the repository leads somewhere, that the alerts
// name answers that exist, and that the site has a way to each page. Requests nothing from the network.
//
//   node site/links.js

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import process from "node:process";

import { forEachLink, isExternal, parser } from "./markdown.js";
import { navigation } from "./navigation.js";

const LEFT_OUT = /^(\..*|node_modules|target|src\/main\/webapp\/vendor)$/;

const md = parser();
const parsed = new Map();
const faults = [];

function tokens(file) {
  if (!parsed.has(file)) {
    parsed.set(file, md.parse(readFileSync(file, "utf8"), {}));
  }
  return parsed.get(file);
}

function anchors(file) {
  return tokens(file)
    .filter(({ type }) => type === "heading_open")
    .map((token) => token.attrGet("id"));
}

function check(from, address) {
  const [path, anchor] = decodeURI(address).split("#");
  const target = path === "" ? from : normalize(join(dirname(from), path));
  if (target.startsWith("..") || !existsSync(target)) {
    faults.push(`${from}: ${address} does not exist`);
  } else if (anchor !== undefined && target.endsWith(".md") && !anchors(target).includes(anchor)) {
    faults.push(`${from}: ${address}: there is no such heading`);
  }
}

function* markdown(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.test(path)) {
      yield* markdown(path);
    } else if (entry.name.endsWith(".md")) {
      yield path;
    }
  }
}

const files = [...markdown(".")];
let links = 0;
const linked = new Set();
for (const file of files) {
  forEachLink(tokens(file), (token, attribute) => {
    const address = token.attrGet(attribute);
    if (!isExternal(address)) {
      links++;
      check(file, address);
      linked.add(normalize(join(dirname(file), address.split("#")[0])));
    }
  });
}

for (const [, address] of readFileSync("operations/alerts.yml", "utf8").matchAll(
  /runbook: (\S+)/g,
)) {
  links++;
  check("alerts.yml", address);
}

const reachable = new Set(navigation.flatMap(({ pages }) => pages.map(({ file }) => file)));
for (const file of files.filter((name) => name.startsWith("docs/"))) {
  const isDecision = file.startsWith("docs/decisions/") && linked.has(file);
  if (!reachable.has(file) && !isDecision) {
    faults.push(`${file} is not in site/navigation.js, and no decision that another page links to`);
  }
}

if (faults.length > 0) {
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${links} links in ${files.length} Markdown files lead somewhere.\n`);
}
