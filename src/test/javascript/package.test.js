// The package as its users get it: target/devfest-studio-*.tgz, in a project of its own.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

const TYPED = `
import { connect, type State, type StudioEvents } from "devfest-studio";
import { connectTimer } from "devfest-studio/timer";

const studio = connect({ studio: "https://studio.example.org", token: async () => "t" });
studio.on("transformation.completed", ({ data }) => {
  const url: string = data.resultUrl;
  // @ts-expect-error
  data.nothing;
  return url;
});
studio.onState((state: State) => state.state === "refused" && state.status);
export const now: number | null = connectTimer({ studio: "https://studio.example.org" }).now();
export type Photo = StudioEvents["photo.uploaded"];
`;

let project;
let installed;

before(() => {
  project = mkdtempSync(join(tmpdir(), "package"));
  installed = join(project, "node_modules", "devfest-studio");
  mkdirSync(installed, { recursive: true });
  const { version } = JSON.parse(readFileSync("src/main/webapp/client/package.json", "utf8"));
  const archive = resolve(`target/devfest-studio-${version}.tgz`);
  execFileSync("tar", ["-xzf", archive, "--strip-components=1", "-C", installed]);
});

after(() => rmSync(project, { recursive: true }));

test("the package contains the modules, the types, and the licence", () => {
  const modules = readdirSync("src/main/webapp/client").filter((name) => /\.(js|ts)$/.test(name));
  const expected = [...modules, "LICENSE", "README.md", "package.json"].sort();
  assert.deepEqual(readdirSync(installed).sort(), expected);
});

test("the version is that of the project", () => {
  const [, version] = /<version>(.+?)<\/version>/.exec(readFileSync("pom.xml", "utf8"));
  const { version: packaged } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  // npm requires three numbers.
  assert.equal(packaged, version.replace(/^(\d+\.\d+)(?!\.)/, "$1.0"));
});

test("both modules can be imported by name", () => {
  const program = `
    import { connect, tickets } from "devfest-studio";
    import { connectTimer, Countdown } from "devfest-studio/timer";
    console.log([connect, tickets, connectTimer, Countdown].every((f) => typeof f === "function"));`;
  const args = ["--input-type=module", "--eval", program];
  assert.equal(execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" }), "true\n");
});

test("the types are found by name", () => {
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, "typed.ts"), TYPED);
  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const options = { noEmit: true, strict: true, lib: ["es2022", "dom"], types: [] };
    const compilerOptions = { ...options, module, moduleResolution };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const tsc = resolve("node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc], { cwd: project, stdio: "inherit" });
  }
});
