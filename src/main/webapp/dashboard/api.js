// Calls of the HTTP interface. A failure is thrown with the sentence that the server gave.

import { language } from "./words.js";

const KEY = "studio.token";

/** The token of the link (#token=…), which is then taken out of the address, or the kept one. */
export function token() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    localStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return localStorage.getItem(KEY);
}

export function keep(value) {
  if (value) localStorage.setItem(KEY, value);
  else localStorage.removeItem(KEY);
}

export async function call(path, { method = "GET", body } = {}) {
  const headers = { "Accept-Language": language };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const reply = response.status === 204 ? {} : await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(reply.detail ?? response.statusText), { status: response.status });
  }
  return reply.data;
}

/** Uploads a photo; onProgress gets 0 to 1. */
export function upload(file, visibility, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("visibility", visibility);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/photos");
    request.setRequestHeader("Authorization", `Bearer ${token()}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response.data);
      else reject(new Error(request.response?.detail ?? `status ${request.status}`));
    };
    request.onerror = () => reject(new Error("network"));
    request.send(form);
  });
}

/** The address of a picture on this host, whatever host the server calls itself. */
export function here(url) {
  return new URL(url, location).pathname;
}
