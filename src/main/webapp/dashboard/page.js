// What all pages share: their words, the user, and the state of the connection.

import { groupsOf, userOf } from "../client/devfest-studio.js";
import { onToken, storeToken, token } from "./api.js";
import { byId, setText } from "./dom.js";
import { choose, language, words, write } from "./words.js";

/** Whether the token names the group admin; the studio itself decides about each call. */
export const isAdmin = () => groupsOf(token()).includes("admin");

/** Whether the token allows to publish, to control the countdown, and to keep scores. */
export const isPublisher = () => isAdmin() || groupsOf(token()).includes("publisher");

/** @param {string} message why the dialog opens; "" if there is no token yet */
function askForToken(message) {
  byId("sign-in-message").textContent = message;
  const dialog = byId("sign-in", HTMLDialogElement);
  if (!dialog.open) dialog.showModal();
}

/**
 * Shows the state of the connection, and asks for a token if it was refused.
 *
 * @param {import("./words.js").ConnectionState} state
 */
export function showState(state) {
  const status = byId("connection");
  status.dataset.state = state.state;
  status.dataset.transport = state.transport ?? "";
  status.textContent = words.connection(state);
  // Screen readers announce a change of the state, but not each second of the countdown to a retry.
  setText("connection-change", words.connection({ ...state, seconds: undefined }));
  if (state.state === "refused" && state.status === 401) askForToken(token() ? words.refused : "");
}

/**
 * Writes the words into the page, and connects its controls for signing in and out and for the
 * language.
 */
export function prepare() {
  const dialog = byId("sign-in", HTMLDialogElement);
  dialog.addEventListener("close", () => {
    // Browsers close a dialog on a repeated Escape. Without a token the page has nothing to show.
    if (dialog.returnValue !== "enter") {
      dialog.showModal();
      return;
    }
    storeToken(byId("token", HTMLInputElement).value.trim());
    location.reload();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  const signOut = byId("sign-out");
  signOut.addEventListener("click", () => {
    storeToken(null);
    location.reload();
  });
  signOut.hidden = !token();
  signOut.title = userOf(token() ?? "") ?? "";
  onToken(() => location.reload());
  const languages = byId("language", HTMLSelectElement);
  languages.value = language;
  languages.addEventListener("change", () => choose(languages.value));
  write();
}
