// Reads the claims of a JWT without verifying it, and builds the header that sends it.
//
// Contract: the results decide what a page offers and which tabs share a connection. They grant no
// access: the studio verifies each token itself.

import { before, valueOf } from "./async.js";

/**
 * Returns the user that a token names; null if the token is not readable.
 *
 * @param {string | null | undefined} token
 * @returns {string | null}
 */
export function userOf(token) {
  const claims = claimsOf(token);
  return claims?.upn ?? claims?.preferred_username ?? claims?.sub ?? null;
}

/**
 * Returns the groups that a token names; empty if the token is not readable.
 *
 * @param {string | null | undefined} token
 * @returns {string[]}
 */
export function groupsOf(token) {
  const groups = claimsOf(token)?.groups;
  return Array.isArray(groups) ? groups : [];
}

/**
 * Returns the Authorization header for a token; no header without a token.
 *
 * @param {import("./devfest-studio.js").Options["token"]} token a JWT, or a function that returns
 *     one
 * @param {AbortSignal} signal limits the wait for the token
 * @returns {Promise<Record<string, string>>}
 */
export async function authorization(token, signal) {
  const value = await before(signal, valueOf(token));
  return value ? { Authorization: `Bearer ${value}` } : {};
}

/** @param {string | null | undefined} token */
function claimsOf(token) {
  try {
    const payload = /** @type {string} */ (token)
      .split(".")[1]
      .replace(/-/g, "+")
      .replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
