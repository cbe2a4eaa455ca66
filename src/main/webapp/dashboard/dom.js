// Builds and finds elements.

/**
 * Properties of an element by name, such as `className`. Names that are no property of the element,
 * such as `aria-label`, become attributes; undefined values are skipped.
 *
 * @typedef {Record<string, unknown> & { dataset?: Record<string, string> }} Properties
 */

/**
 * Builds an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...(Node | string | undefined)} children undefined children are skipped
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, { dataset = {}, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (name in made) Object.assign(made, { [name]: value });
    else made.setAttribute(name, String(value));
  }
  Object.assign(made.dataset, dataset);
  made.append(...present(children));
  return made;
}

/**
 * Builds an element of SVG.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svgElement(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Builds a time that is shown as text.
 *
 * @param {Date} at
 * @param {Intl.DateTimeFormat} format
 */
export function timeElement(at, format) {
  return element("time", { dateTime: at.toISOString(), textContent: format.format(at) });
}

/**
 * Finds an element of the page.
 *
 * @overload
 * @param {string} id
 * @returns {HTMLElement}
 */
/**
 * @template {HTMLElement} T
 * @overload
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
/**
 * @param {string} id
 * @param {new () => HTMLElement} [type]
 */
export function byId(id, type = HTMLElement) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return found;
}

/**
 * Finds a field of a form.
 *
 * @template {HTMLElement} T
 * @param {string} form the id of the form
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
export function fieldOf(form, name, type) {
  const found = byId(form, HTMLFormElement).elements.namedItem(name);
  if (!(found instanceof type)) throw new Error(`The form #${form} has no ${type.name} ${name}`);
  return found;
}

/**
 * Sets the text of an element, if it differs: a page that stays open for days draws only changes.
 *
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  const found = byId(id);
  if (found.textContent !== text) found.textContent = text;
}

/** @param {(Node | string | undefined)[]} children */
function present(children) {
  return children.filter((child) => child !== undefined);
}
