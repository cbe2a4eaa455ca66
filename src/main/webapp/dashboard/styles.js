// The names of the styles, for pages that show only the results of others.

import { call } from "./api.js";

/**
 * Returns the names in the language of the page, by id.
 *
 * @returns {Promise<Map<string, string>>} empty if they cannot be loaded
 */
export async function namesOfStyles() {
  const { items } = await call("/styles?limit=100").catch(() => ({ items: [] }));
  return new Map(
    items.map((/** @type {{ styleId: string, name: string }} */ { styleId, name }) => [
      styleId,
      name,
    ]),
  );
}
