// Calls of the HTTP interface. A failure is thrown with its status (0 when the server was not
// reached), its code, and the sentence that the server gave.

import { userOf } from "../client/devfest-studio.js";
import { language } from "./words.js";

const KEY = "studio.token";

/** The URL of a path of the studio, whatever its context path: this module lies one below it. */
export const root = (path) => new URL(`../${path}`, import.meta.url).href;

let ahead = 0;

/** The token of the link (#token=…), which is then taken out of the address, or the kept one. */
export function token() {
  const given = tokenOfLink();
  if (given) {
    localStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEY);
}

function tokenOfLink() {
  return new URLSearchParams(location.hash.slice(1)).get("token");
}

export function keep(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

/** Calls back when the open page is given a token, or when somebody else comes in another tab, or nobody. */
export function onToken(action) {
  addEventListener("hashchange", () => {
    if (tokenOfLink()) action();
  });
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (key === KEY && userOf(oldValue) !== userOf(newValue)) action();
  });
}

/** Sets the clock by what the server has just written; what it has not written is no time. */
export function setClock(timestamp) {
  ahead = Date.parse(timestamp) - Date.now() || ahead;
}

/** What time it is on the server, in milliseconds: its times are shown. */
export function now() {
  return Date.now() + ahead;
}

/** @param key an idempotency key: the same on a second try */
export async function call(path, { method = "GET", body, key } = {}) {
  const headers = { "Accept-Language": language };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const response = await fetch(root(`api/v1${path}`), { method, headers, body: body && JSON.stringify(body) }).catch(() => {
    throw refusal(0);
  });
  const reply = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response.status, reply);
  return reply?.data;
}

/** Uploads a photo; onProgress gets 0 to 1. */
export function upload({ file, visibility, key }, onProgress) {
  return send("/photos", { file, visibility, key }, onProgress);
}

/** Uploads an archive of photos, and gives the task that takes them in. */
export function uploadArchive({ file, visibility }, onProgress) {
  return send("/tasks/upload", { file, visibility }, onProgress);
}

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

export function refusal(status, reply) {
  return Object.assign(new Error(reply?.detail ?? `status ${status}`), { status, code: reply?.error?.code });
}

/** A key for what must be done once, however often it is asked for. Also without https. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The address of a picture on this host and context path, whatever address the server calls its own. */
export function here(url) {
  return root(new URL(url, location).pathname.replace(/^.*?\/(?=(?:uploads|api)\/)/, ""));
}
