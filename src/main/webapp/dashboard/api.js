// Calls of the HTTP API. A failed call rejects with a Refusal.

import { userOf } from "../client/devfest-studio.js";
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

const KEY = "studio.token";

/** How far the server's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/**
 * The address of a path of the studio, whatever the context path: this module is one level below
 * it.
 *
 * @param {string} path
 */
export const root = (path) => new URL(`../${path}`, import.meta.url).href;

/**
 * The token in the page's address (#token=…), which is then removed from the address, or the stored
 * one.
 *
 * @returns {string | null}
 */
export function token() {
  const given = tokenOfAddress();
  if (given) {
    localStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEY);
}

function tokenOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}

/**
 * Stores a token; null or "" removes the stored one.
 *
 * @param {string | null} value
 */
export function storeToken(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

/**
 * Calls back when the open page is given a token, or when another user signs in, or out, in another
 * tab.
 *
 * @param {() => void} action
 */
export function onToken(action) {
  addEventListener("hashchange", () => {
    if (tokenOfAddress()) action();
  });
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (key === KEY && userOf(oldValue) !== userOf(newValue)) action();
  });
}

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
 * @param {{ method?: string, body?: object, key?: string }} [request] `key` is an idempotency key:
 *     the same for a retry
 * @returns {Promise<any>} the data of the response
 */
export async function call(path, { method = "GET", body, key } = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": language };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const request = { method, headers, body: body && JSON.stringify(body) };
  const response = await fetch(root(`api/v1${path}`), request).catch(() => {
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
    request.setRequestHeader("Authorization", `Bearer ${token()}`);
    if (key) request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 300) resolve(request.response.data);
      else reject(refusal(request.status, request.response));
    };
    request.onerror = () => reject(refusal(0));
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
