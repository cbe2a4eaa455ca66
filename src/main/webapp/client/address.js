// Where the studio is.

/** The address of a module that a studio serves, alone or in the script of a page. */
const SERVED = /^(https?:\/\/(?:[^/]+\/)+?)(?:v\/[0-9a-f]{12}\/)?(?:client|dashboard)\/[^/]+\.js$/;

/**
 * Returns the address of the studio that serves a module, whatever the context path: the module is
 * one level below it, or, for the studio's own pages, one level below a directory per version.
 * Empty if the module comes from elsewhere, such as a package.
 *
 * @param {string} [module]
 */
export function studioOf(module = "") {
  return SERVED.exec(module)?.[1] ?? "";
}

/** The address of the studio that serves this module; empty if none does. */
export const STUDIO = studioOf(import.meta.url);

/**
 * Returns the address of the API of a studio.
 *
 * @param {string} [studio] with or without a slash at the end
 */
export function apiOf(studio = STUDIO) {
  if (!studio) throw new TypeError("The option studio is missing: the address of the studio");
  return `${studio.replace(/\/+$/, "")}/api/v1`;
}
