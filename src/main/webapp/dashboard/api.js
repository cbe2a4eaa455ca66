// Calls of the HTTP API. A failed call rejects with a Refusal.

import { STUDIO } from "../client/address.js";
import { language } from "./words.js";

/**
 * Why a call failed: the status (0 if the server was not reached), the code of the problem
 * document, and its sentence as the message.
 *
 * @typedef {Error & { status: number, code?: string }} Refusal
 */

/**
 * A file to upload. `key` is an idempotency key: the same for a retry.
 *
 * @typedef {{ file: File, visibility: string, key?: string }} Upload
 */

/**
 * Milliseconds without progress after which an upload counts as interrupted. The studio lets an
 * upload wait for up to 45 s.
 */
const STALLED = 90_000;

/**
 * In memory only; see session.js.
 *
 * @type {string | null}
 */
let token = null;

/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/**
 * The address of a path of the studio, whatever the context path.
 *
 * @param {string} path
 */
export const root = (path) => `${STUDIO}${path}`;

/**
 * The address of a file beside the pages' scripts, in the same version as they.
 *
 * @param {string} path relative to this module
 */
export const beside = (path) => new URL(path, import.meta.url).href;

/**
 * The address of the page without its fragment. It is absolute, because a path can begin with two
 * slashes, after which browsers expect a host.
 */
export const addressOfPage = () => location.href.replace(/#.*$/s, "");

/** The token that is sent with each call; null if the session cookie signs in. */
export const bearer = () => token;

/**
 * Sets the token that is sent with each call.
 *
 * @param {string | null} value
 */
export function authorize(value) {
  token = value;
}

/**
 * The header that signs in a call; empty if the session cookie does.
 *
 * @returns {Record<string, string>}
 */
export const authorization = () => (token ? { Authorization: `Bearer ${token}` } : {});

/**
 * Sets the clock by a time that the server has just written; any other value is ignored.
 *
 * @param {string | undefined} timestamp
 */
export function setClock(timestamp) {
  ahead = Date.parse(timestamp ?? "") - Date.now() || ahead;
}

/** The server's time in milliseconds, which goes with the times that it sends. */
export function now() {
  return Date.now() + ahead;
}

/**
 * Calls the API.
 *
 * @param {string} path below /api/v1
 * @param {{ method?: string, body?: object, key?: string, early?: Promise<Response> }} [request]
 *     `body` is an object of JSON or a file; `key` is an idempotency key: the same for a retry; `early`
 *     is the response if the call was made before
 * @returns {Promise<any>} the data of the response
 */
export async function call(path, { method = "GET", body, key, early } = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": language, ...authorization() };
  const file = body instanceof Blob;
  if (body) headers["Content-Type"] = file ? body.type : "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const request = {
    method,
    headers,
    body: body && (file ? body : JSON.stringify(body)),
  };
  const response = await (early ?? fetch(root(`api/v1${path}`), request)).catch(() => {
    throw refusal(0);
  });
  const reply = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response.status, reply);
  return reply?.data;
}

/**
 * Uploads a photo.
 *
 * @param {Upload} photo
 * @param {(part: number) => void} onProgress gets 0 to 1
 * @returns {Promise<{ photoId: string }>}
 */
export function upload(photo, onProgress) {
  return send("/photos", photo, onProgress);
}

/**
 * Uploads an archive of photos.
 *
 * @param {Upload} archive
 * @param {(part: number) => void} onProgress gets 0 to 1
 * @returns {Promise<{ taskId: string }>} the task that imports the photos
 */
export function uploadArchive(archive, onProgress) {
  return send("/tasks/upload", archive, onProgress);
}

/**
 * @param {string} path
 * @param {Upload} upload
 * @param {(part: number) => void} onProgress
 * @returns {Promise<any>}
 */
function send(path, { file, visibility, key }, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("visibility", visibility);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", root(`api/v1${path}`));
    for (const [name, value] of Object.entries(authorization()))
      request.setRequestHeader(name, value);
    if (key) request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "json";
    let stalled = setTimeout(() => request.abort(), STALLED);
    request.upload.onprogress = (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
      onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 300) resolve(request.response.data);
      else reject(refusal(request.status, request.response));
    };
    request.onerror = request.onabort = () => reject(refusal(0));
    request.onloadend = () => clearTimeout(stalled);
    request.send(form);
  });
}

/**
 * @param {number} status
 * @param {any} [problem] the problem document of the response
 * @returns {Refusal}
 */
export function refusal(status, problem) {
  return Object.assign(new Error(problem?.detail ?? `status ${status}`), {
    status,
    code: problem?.error?.code,
  });
}

/** A new idempotency key; also works in an insecure context. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/**
 * The address of a picture on the host and context path of this page, whatever the server's public
 * address.
 *
 * @param {string} url
 */
export function here(url) {
  return root(new URL(url, location.href).pathname.replace(/^.*?\/(?=(?:uploads|api)\/)/, ""));
}
