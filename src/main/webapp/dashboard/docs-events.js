// Shows the AsyncAPI document; see /api/v1/docs/events. All addresses are relative to that page.

const element = (id) => document.getElementById(id);

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Follows references, and makes the parts of allOf one schema. */
function resolve(part, api) {
  let found = part;
  while (found.$ref) {
    found = found.$ref.slice(2).split("/").reduce((at, key) => at[key], api);
  }
  if (!found.allOf) return found;
  const parts = found.allOf.map((one) => resolve(one, api));
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((one) => one.properties)),
    required: parts.flatMap((one) => one.required ?? []),
  };
}

function typeOf(schema, api) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items) return `array of ${typeOf(resolve(schema.items, api), api)}`;
  const bounds = [["from", schema.minimum], ["to", schema.maximum], ["at most", schema.maxLength]]
    .filter(([, bound]) => bound !== undefined)
    .map(([word, bound]) => `${word} ${bound}`);
  return [[schema.type ?? "any value"].flat().join(" | "), schema.format, ...bounds]
    .filter(Boolean)
    .join(" ");
}

/** The members of an object, and theirs. */
function members(schema, api) {
  const properties = Object.entries(schema.properties ?? {});
  if (!properties.length) return undefined;
  return make("ul", { class: "members" }, ...properties.map(([name, property]) => {
    const known = resolve(property, api);
    const inner = known.items ? resolve(known.items, api) : known;
    const optional = (schema.required ?? []).includes(name) ? undefined : " (optional)";
    return make(
      "li",
      {},
      make("code", {}, name),
      " ",
      make("span", { class: "soft" }, typeOf(known, api), ...(optional ? [optional] : [])),
      known.description ? `: ${known.description}` : undefined,
      members(inner, api),
    );
  }));
}

function message(reference, api) {
  const known = resolve(reference, api);
  const payload = resolve(known.payload, api);
  return make(
    "details",
    {},
    make("summary", {}, make("code", {}, known.name), known.summary ? ` ${known.summary}` : ""),
    make("p", { class: "soft" }, `${known.contentType ?? api.defaultContentType}: ${typeOf(payload, api)}`),
    payload.description ? make("p", {}, payload.description) : undefined,
    members(payload, api),
  );
}

/** Apart from the ids of the page itself. */
const idOf = (name) => `stream-${name}`;

function channel(name, known, api) {
  const id = idOf(name);
  return make(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title` }, make("code", {}, known.address)),
    known.title ? make("p", {}, known.title) : undefined,
    known.description ? make("p", {}, known.description) : undefined,
    known["x-channel"]
      ? make("p", { class: "soft" }, "On /api/v1/stream: ", make("code", {}, known["x-channel"]))
      : undefined,
    ...Object.values(known.messages).map((reference) => message(reference, api)),
  );
}

try {
  const answer = await fetch("events.json");
  if (!answer.ok) throw new Error(`The document could not be loaded: ${answer.status}`);
  const api = await answer.json();
  element("title").textContent = api.info.title;
  element("description").textContent = api.info.description;
  const channels = Object.entries(api.channels);
  element("contents").append(make("ul", {}, ...channels.map(([name, { address }]) =>
    make("li", {}, make("a", { href: `#${idOf(name)}` }, address)))));
  element("channels").append(...channels.map(([name, known]) => channel(name, known, api)));
  // What the address points at was not there when the page was loaded.
  if (location.hash) element(location.hash.slice(1))?.scrollIntoView();
} catch (failure) {
  element("failure").textContent = failure.message;
  element("failure").hidden = false;
}
