// What all pages have in common: their words, who looks at them, and how the connection is.

import { groupsOf, userOf } from "../client/devfest-studio.js";
import { keep, onToken, token } from "./api.js";
import { choose, language, words, write } from "./words.js";

const element = (id) => document.getElementById(id);

/** Whether the token says that its owner is an admin; the studio decides whether that holds. */
export const isAdmin = () => groupsOf(token()).includes("admin");

/** Whether he may drive what all share. */
export const isPublisher = () => isAdmin() || groupsOf(token()).includes("publisher");

export function askForToken(message) {
  element("sign-in-message").textContent = message;
  if (!element("sign-in").open) element("sign-in").showModal();
}

/** Shows how the connection is. */
export function tellState(state) {
  const line = element("connection");
  line.dataset.state = state.state;
  line.dataset.transport = state.transport ?? "";
  line.textContent = words.connection(state);
  // Whoever listens hears of a change, and not of each second until the next try.
  const change = words.connection({ ...state, seconds: undefined });
  if (element("connection-change").textContent !== change) element("connection-change").textContent = change;
  if (state.state === "refused" && state.status === 401) askForToken(token() ? words.refused : "");
}

/** Fills in the words, and lets people come in, go, and choose their language. */
export function prepare() {
  element("sign-in").addEventListener("close", () => {
    // A browser lets Esc close a dialog that will not: without a token there is nothing to see.
    if (element("sign-in").returnValue !== "enter") {
      element("sign-in").showModal();
      return;
    }
    keep(element("token").value.trim());
    location.reload();
  });
  element("sign-in").addEventListener("cancel", (event) => event.preventDefault());
  element("sign-out").addEventListener("click", () => {
    keep(null);
    location.reload();
  });
  element("sign-out").hidden = !token();
  element("sign-out").title = userOf(token()) ?? "";
  onToken(() => location.reload());
  element("language").value = language;
  element("language").addEventListener("change", (event) => choose(event.target.value));
  write();
}
