// What all pages share: their words, the user, and the state of the connection.

import { byId, setText } from "./dom.js";
import { authorize, isConfigured, nameOfProvider } from "./provider.js";
import {
  completeSignIn,
  identify,
  keep,
  me,
  onEnd,
  onOtherUser,
  reload,
  renew,
  resume,
  signIn,
  signOut,
} from "./session.js";
import { choose, language, words, write } from "./words.js";

/** @import { Refusal } from "./api.js" */

/** Whether the user is in the group admin; the studio itself decides about each call. */
export const isAdmin = () => Boolean(me()?.groups.includes("admin"));

/** Whether the user may publish, control the countdown, and keep scores. */
export const isPublisher = () => isAdmin() || Boolean(me()?.groups.includes("publisher"));

/**
 * Opens the dialog for signing in.
 *
 * @param {string} message why it opens; "" if there is no session yet
 * @param {boolean} [optional] whether the user can close it, because the page works without a user
 */
function askForToken(message, optional = false) {
  const dialog = byId("sign-in", HTMLDialogElement);
  if (message || !dialog.open) setText("sign-in-message", message);
  byId("sign-in-close").hidden = !optional;
  if (dialog.open) return;
  dialog.returnValue = "";
  dialog.showModal();
}

/** Begins a session again, by itself if possible. */
async function askAgain() {
  if (!me()) askForToken("");
  else if (!(await resume())) askForToken(words.sessionEnded);
}

/** @param {string} trouble a name in `words.signInTroubles` */
const describe = (trouble) => words.signInTroubles[trouble](nameOfProvider());

async function goToProvider() {
  const button = byId("sign-in-at-provider", HTMLButtonElement);
  button.disabled = true;
  setText("sign-in-message", "");
  try {
    await authorize();
  } catch (failure) {
    setText("sign-in-message", describe(/** @type {any} */ (failure).reason));
    button.disabled = false;
  }
}

/** Connects the button that leads to the provider, and shows the field for a token on demand. */
function offerProvider() {
  const button = byId("sign-in-at-provider", HTMLButtonElement);
  button.hidden = false;
  button.textContent = words.signInWith(nameOfProvider());
  button.addEventListener("click", goToProvider);
  // A page from the history is as it was when the user left it.
  addEventListener("pageshow", () => (button.disabled = false));
  const byToken = byId("sign-in-by-token", HTMLDetailsElement);
  byToken.open = false;
  byToken.querySelector("summary")?.removeAttribute("hidden");
}

/** Whether the page would lose something if it was left. */
function isBusy() {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (
    document.querySelectorAll("textarea, input:is(:not([type]), [type=text], [type=search])")
  );
  return (
    document.querySelector("dialog[open], #chosen li") !== null ||
    [...fields].some((field) => field.checkVisibility() && field.value !== field.defaultValue) ||
    !dispatchEvent(new Event("beforeunload", { cancelable: true }))
  );
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
  byId("open-diagnosis").hidden = !isTroubled(state);
  // Screen readers announce a change of the state, but not each second of the countdown to a retry.
  setText("connection-change", words.connection({ ...state, seconds: undefined }));
  if (state.state === "refused" && state.status === 401) askAgain();
}

/**
 * Whether a check of the connection may help: events are polled, or attempts fail again and again.
 *
 * @param {import("./words.js").ConnectionState} state
 */
function isTroubled({ state, transport, reason, attempt = 0 }) {
  return transport === "polling" || (state === "waiting" && reason !== "offline" && attempt > 2);
}

/** @param {string} token */
async function enter(token) {
  try {
    await signIn(token);
    reload();
  } catch (failure) {
    const { status } = /** @type {Refusal} */ (failure);
    askForToken(status === 401 ? words.refused : words.refusal(failure));
  }
}

async function leave() {
  try {
    if (!(await signOut())) reload();
  } catch (failure) {
    setText("connection", words.refusal(failure));
  }
}

/** Marks the link to the present page. */
function markPage() {
  for (const link of byId("menu").querySelectorAll("a"))
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
}

/** Connects the menu, which takes the place of the header's controls on a narrow screen. */
function connectMenu() {
  const menu = byId("menu");
  const button = byId("open-menu");
  /** @param {boolean} opens */
  const toggle = (opens) => {
    menu.classList.toggle("open", opens);
    button.setAttribute("aria-expanded", String(opens));
  };
  const isOpen = () => menu.classList.contains("open");
  button.addEventListener("click", () => toggle(!isOpen()));
  document.addEventListener("click", ({ target }) => {
    const clicked = /** @type {Element} */ (target);
    const stays = menu.contains(clicked) && !clicked.closest("a, button");
    if (!stays && !button.contains(clicked)) toggle(false);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !isOpen()) return;
    toggle(false);
    button.focus();
  });
}

/**
 * Writes the words into the page, connects its controls for signing in and out and for the language,
 * and finds out who the user is. Does not resolve if a token or a session was not accepted, so that
 * the page does not start.
 *
 * @returns {Promise<void>}
 */
export async function prepare() {
  const languages = byId("language", HTMLSelectElement);
  languages.value = language;
  languages.addEventListener("change", () => choose(languages.value));
  write();
  markPage();
  connectMenu();
  const dialog = byId("sign-in", HTMLDialogElement);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "enter") enter(byId("token", HTMLInputElement).value.trim());
    // Browsers close a dialog on a repeated Escape. Without a session the page has nothing to show.
    else if (byId("sign-in-close").hidden) dialog.showModal();
  });
  dialog.addEventListener("cancel", (event) => {
    if (byId("sign-in-close").hidden) event.preventDefault();
  });
  if (isConfigured) offerProvider();
  onOtherUser((token) => (token ? enter(token) : reload()));
  const trouble = await completeSignIn();
  const accepted = await identify((_, wait) =>
    showState({ state: "waiting", reason: "lost", seconds: wait / 1_000 }),
  );
  if (!accepted) {
    showState({ state: "refused", status: 401 });
    askForToken(words.refused);
    return new Promise(() => {});
  }
  const user = me();
  if (trouble && !(user && trouble === "login")) askForToken(describe(trouble), true);
  if (!user) {
    const button = byId("open-sign-in");
    button.hidden = !isConfigured;
    button.addEventListener("click", () => askForToken("", true));
    return undefined;
  }
  const signOutButton = byId("sign-out");
  signOutButton.addEventListener("click", leave);
  signOutButton.hidden = false;
  signOutButton.title = user.displayName;
  onEnd(askAgain);
  renew();
  keep(isBusy);
  return undefined;
}
