// The page that finds out why nothing is live.

import { root } from "./api.js";
import { quiet, reach, resume, socket, stream } from "./measure.js";
import { byId, element, setText } from "./dom.js";
import { texts } from "./diagnose-words.js";
import { delays, stateOf, verdict } from "./verdict.js";
import { choose, language } from "./words.js";

/** @import { Check, Results } from "./verdict.js" */

const SECOND = 1_000;
const PERCENT = 100;

const CHECKS = /** @type {Check[]} */ (["network", "arrival", "resume", "socket", "quiet"]);

/** @type {Results} */
const results = nothing();

/** @returns {Results} */
function nothing() {
  return {
    online: navigator.onLine,
    reach: null,
    stream: null,
    resume: null,
    socket: null,
    quiet: null,
  };
}

/** @param {Partial<Results>} found */
const keep = (found) => Object.assign(results, found);

/** What was measured, in words; "" for nothing that is worth a figure. @type {Record<Check, () => string>} */
const figures = {
  network: () => (results.reach ? texts.roundTrip(results.reach.roundTrip) : ""),
  arrival() {
    const marks = results.stream?.marks ?? [];
    if (marks.length === 0) return "";
    return texts.delay(Math.max(...delays(marks, results.reach?.roundTrip ?? 0)));
  },
  resume() {
    const pause = results.resume?.pause ?? null;
    if (pause === null || stateOf("resume", results) === "fails") return "";
    return texts.pause(pause / SECOND);
  },
  socket: () => (results.socket?.opens ? texts.opened(results.socket.after) : ""),
  quiet: () => (results.quiet ? texts.kept(results.quiet.after / SECOND) : ""),
};

/**
 * @param {Check} check
 * @param {string} state
 * @param {string} [figure]
 */
function show(check, state, figure = "") {
  const row = byId(`check-${check}`);
  row.dataset.state = state;
  setText(`state-${check}`, /** @type {Record<string, string>} */ (texts.states)[state]);
  setText(`figure-${check}`, figure);
}

/** @param {Check} check */
const conclude = (check) => show(check, stateOf(check, results), figures[check]());

function sayVerdict() {
  const findings = verdict(results);
  const [worst] = findings;
  byId("verdict").dataset.state = worst?.severity ?? "works";
  const sentences = findings.length > 0 ? findings.map(({ code }) => textOf(code)) : [texts.fine];
  byId("verdict").replaceChildren(...sentences.map((textContent) => element("p", { textContent })));
}

/** @param {string} code */
const textOf = (code) => /** @type {Record<string, string>} */ (texts.findings)[code];

/** @param {boolean} busy */
function setBusy(busy) {
  for (const id of ["again", "quiet-test", "copy"]) byId(id, HTMLButtonElement).disabled = busy;
  byId("checks").ariaBusy = String(busy);
}

async function run() {
  setBusy(true);
  keep(nothing());
  for (const check of CHECKS) show(check, "waiting");
  byId("verdict").dataset.state = "running";
  byId("verdict").replaceChildren(element("p", { textContent: texts.running }));
  show("network", "running");
  keep({ reach: await reach() });
  conclude("network");
  if (
    !verdict(results).some(({ check, severity }) => check === "network" && severity === "fails")
  ) {
    show("arrival", "running");
    keep({ stream: await stream() });
    conclude("arrival");
    show("resume", "running");
    keep({ resume: await resume() });
    conclude("resume");
    show("socket", "running");
    keep({ socket: await socket() });
    conclude("socket");
  }
  sayVerdict();
  setBusy(false);
}

async function runQuiet() {
  setBusy(true);
  keep({ quiet: null });
  show("quiet", "running");
  const found = await quiet((part) => setText("figure-quiet", `${Math.round(part * PERCENT)} %`));
  keep({ quiet: found });
  conclude("quiet");
  sayVerdict();
  setBusy(false);
}

/** The report: what was measured, the browser, and the time, but nothing about the user. */
function report() {
  const lines = CHECKS.map((check) => {
    const { state } = byId(`check-${check}`).dataset;
    return `${check}: ${state} ${byId(`figure-${check}`).textContent}`.trim();
  });
  const codes = verdict(results).map(({ code }) => code);
  return [
    `${new URL(root(""), location.href).origin} ${new Date().toISOString()}`,
    ...lines,
    `verdict: ${codes.join(" ") || "fine"}`,
    `measured: ${JSON.stringify(results)}`,
    navigator.userAgent,
  ].join("\n");
}

async function copy() {
  try {
    await navigator.clipboard.writeText(report());
    setText("note", texts.copied);
  } catch {
    setText("note", texts.notCopied);
  }
}

function build() {
  document.documentElement.lang = language;
  document.title = `${texts.title} · DevFest Studio`;
  for (const [id, text] of Object.entries({
    heading: texts.title,
    again: texts.again,
    "quiet-test": texts.quietTest,
    copy: texts.copy,
    back: texts.back,
  })) {
    setText(id, text);
  }
  byId("checks").append(
    ...CHECKS.map((check) =>
      element(
        "li",
        { id: `check-${check}`, dataset: { state: "waiting" } },
        element("span", { className: "check", textContent: texts.checks[check] }),
        element("span", { id: `state-${check}`, className: "check-state" }),
        element("span", { id: `figure-${check}`, className: "soft" }),
      ),
    ),
  );
  const languages = byId("language", HTMLSelectElement);
  languages.ariaLabel = texts.language;
  languages.value = language;
  languages.addEventListener("change", () => choose(languages.value));
  byId("again").addEventListener("click", run);
  byId("quiet-test").addEventListener("click", runQuiet);
  byId("copy").addEventListener("click", copy);
}

build();
run();
