// Saves files of the API.

import { authorization, bearer, call, refusal, root } from "./api.js";
import { element } from "./dom.js";

/**
 * Saves a file: by a link if the session cookie signs in, so that large files do not pass through the
 * page's memory, else by a call with the token.
 *
 * @param {string} path below /api/v1
 */
export async function save(path) {
  const address = root(`api/v1${path}`);
  if (!bearer()) {
    await call(path, { method: "HEAD" }); // a link could not show a refusal
    follow(address, "");
    return;
  }
  const response = await fetch(address, { headers: authorization() }).catch(() => {
    throw refusal(0);
  });
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
  const [, name] =
    /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") ?? "") ?? [];
  const content = URL.createObjectURL(await response.blob());
  follow(content, name ?? "");
  setTimeout(() => URL.revokeObjectURL(content), 60_000);
}

/**
 * @param {string} href
 * @param {string} download the name of the file; "" for the server's
 */
function follow(href, download) {
  const link = element("a", { href, download, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
