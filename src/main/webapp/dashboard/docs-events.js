// Shows the AsyncAPI document at /api/v1/docs/events. All addresses are relative to that page.

import { byId, element } from "./dom.js";

/**
 * A part of the document: a schema, a message or a channel. The document is public, so its parts
 * are not checked.
 *
 * @typedef {Record<string, any>} Part
 */

/**
 * Resolves references, and merges the parts of allOf into one schema.
 *
 * @param {Part} part
 * @param {Part} api the whole document
 * @returns {Part}
 */
function resolve(part, api) {
  let found = part;
  while (found.$ref) {
    /** @type {string[]} */
    const keys = found.$ref.slice(2).split("/");
    found = keys.reduce((at, key) => at[key], api);
  }
  if (!found.allOf) return found;
  const parts = /** @type {Part[]} */ (found.allOf).map((inner) => resolve(inner, api));
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

/**
 * Describes the type of a value.
 *
 * @param {Part} schema
 * @param {Part} api
 * @returns {string}
 */
function typeOf(schema, api) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum)
    return schema.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(" | ");
  if (schema.items) return `array of ${typeOf(resolve(schema.items, api), api)}`;
  const limits = [
    ["minimum", schema.minimum],
    ["maximum", schema.maximum],
    ["maximum length", schema.maxLength],
  ]
    .filter(([, limit]) => limit !== undefined)
    .map(([name, limit]) => `${name} ${limit}`);
  const type = [schema.type ?? "any value"].flat().join(" | ");
  return [[type, schema.format].filter(Boolean).join(" "), ...limits].join(", ");
}

/**
 * Lists the members of an object, and theirs.
 *
 * @param {Part} schema
 * @param {Part} api
 * @returns {HTMLElement | undefined}
 */
function membersOf(schema, api) {
  /** @type {[string, Part][]} */
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return undefined;
  const items = properties.map(([name, property]) => {
    const known = resolve(property, api);
    const inner = known.items ? resolve(known.items, api) : known;
    const optional = !(schema.required ?? []).includes(name);
    const type = `${typeOf(known, api)}${optional ? " (optional)" : ""}`;
    return element(
      "li",
      {},
      element("code", {}, name),
      " ",
      element("span", { className: "soft" }, type),
      known.description ? `: ${known.description}` : undefined,
      membersOf(inner, api),
    );
  });
  return element("ul", { className: "members" }, ...items);
}

/**
 * @param {Part} reference to a message
 * @param {Part} api
 */
function messageElement(reference, api) {
  const known = resolve(reference, api);
  const payload = resolve(known.payload, api);
  const type = `${known.contentType ?? api.defaultContentType}: ${typeOf(payload, api)}`;
  return element(
    "details",
    {},
    element(
      "summary",
      {},
      element("code", {}, known.name),
      known.summary ? ` ${known.summary}` : "",
    ),
    element("p", { className: "soft" }, type),
    payload.description ? element("p", {}, payload.description) : undefined,
    membersOf(payload, api),
  );
}

/**
 * The id of a channel's section, distinct from the ids of the page.
 *
 * @param {string} name
 */
const idOf = (name) => `stream-${name}`;

/**
 * @param {string} name
 * @param {Part} known
 * @param {Part} api
 */
function channelElement(name, known, api) {
  const id = idOf(name);
  const channel = known["x-channel"];
  /** @type {Part[]} */
  const messages = Object.values(known.messages);
  return element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, element("code", {}, known.address)),
    known.title ? element("p", {}, known.title) : undefined,
    known.description ? element("p", {}, known.description) : undefined,
    channel
      ? element("p", { className: "soft" }, "On /api/v1/stream: ", element("code", {}, channel))
      : undefined,
    ...messages.map((reference) => messageElement(reference, api)),
  );
}

/** @param {Part} api */
function showDocument(api) {
  byId("description").textContent = api.info.description;
  /** @type {[string, Part][]} */
  const channels = Object.entries(api.channels);
  const links = channels.map(([name, { address }]) =>
    element("a", { href: `#${idOf(name)}` }, address),
  );
  byId("contents").append(element("ul", {}, ...links.map((link) => element("li", {}, link))));
  byId("channels").append(...channels.map(([name, known]) => channelElement(name, known, api)));
  // The browser has looked for the fragment before the sections existed.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

try {
  const response = await fetch("events.json");
  if (!response.ok) throw new Error(`The document could not be loaded: status ${response.status}`);
  showDocument(await response.json());
} catch (failure) {
  byId("failure").textContent = /** @type {Error} */ (failure).message;
  byId("failure").hidden = false;
}
