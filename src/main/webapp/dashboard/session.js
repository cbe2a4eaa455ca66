// Who uses the page. The session cookie signs in every call. The page cannot read the cookie, so it
// asks the studio who the user is.
//
// Contract:
// - A token is sent once, to begin the session, and is stored nowhere in the browser.
// - Browsers do not mark calls of a page that came over plain HTTP, unless from this machine. The
//   cookie does not sign in such calls, so the page then keeps the token in memory until it is left.
// - When another user signs in, or out, in one tab, the other tabs load again.
// - A session from the provider is renewed before it ends: by the refresh token, or, after the page
//   was loaded again, by a redirect on which the provider asks nothing.

import { addressOfPage, authorize, bearer, call, now } from "./api.js";
import * as provider from "./provider.js";
import * as push from "./push.js";

/** @import { Refusal } from "./api.js" */

/**
 * The user, as `GET /me` returns it.
 *
 * @typedef {object} Me
 * @property {string} user
 * @property {string} publicId the id under which others see the user
 * @property {string} displayName
 * @property {string[]} groups
 * @property {string} expiresAt
 */

/** Where earlier versions stored the token. */
const OLD_KEY = "studio.token";
/** Present while the session is one from the provider. */
const PROVIDER_KEY = "studio.provider";
const RETRY = 2_000;
const LONGEST_LEAD = 60_000;
const SOONEST_RENEWAL = 2_000;
const SOONEST_CHECK = 10_000;
const LATEST_CHECK = 3_600_000;
const RENEW = 3.5 * 24 * 3_600_000;
const tabs = new BroadcastChannel("devfest-studio:user");
const page = /** @type {{ studioUser?: Promise<Response> | null }} */ (globalThis);
/** The response to the call of early.js, if that ran before. */
let early = page.studioUser ?? undefined;
page.studioUser = null; // from now on it makes no call
/** @type {Me | null} */
let current = null;

/** The user; null if nobody is signed in. */
export const me = () => current;

/**
 * The name under which pages show the owner of something. Events of earlier versions have only the
 * user id, which may be an address of e-mail in those that others do not see.
 *
 * @param {{ userId?: string | null, displayName?: string }} owner
 * @returns {string} "" if there is nothing to show
 */
export function nameOf({ userId, displayName }) {
  if (displayName) return displayName;
  if (current && userId === current.user) return current.displayName;
  return userId?.includes("@") ? "" : (userId ?? "");
}

/** The options for a connection of this user. */
export const access = () => ({ token: bearer(), user: current?.user ?? "" });

const isFromProvider = () => provider.isConfigured && localStorage.getItem(PROVIDER_KEY) !== null;

/**
 * Begins a session. Rejects if the token is not accepted.
 *
 * @param {string} token
 * @param {boolean} [fromProvider]
 */
export async function signIn(token, fromProvider = false) {
  takeEarly(); // from before the session
  authorize(token);
  try {
    await call("/session", { method: "POST" });
    authorize(null);
    current = await call("/me").catch((/** @type {Refusal} */ failure) => {
      if (failure.status !== 401) throw failure;
      authorize(token);
      return call("/me");
    });
  } catch (failure) {
    authorize(null);
    throw failure;
  }
  if (fromProvider) localStorage.setItem(PROVIDER_KEY, "yes");
  else localStorage.removeItem(PROVIDER_KEY);
  tabs.postMessage(current?.user);
}

/** @param {string} token of the provider */
async function signInFromProvider(token) {
  try {
    await signIn(token, true);
  } catch (failure) {
    if (/** @type {Refusal} */ (failure).status !== 401) throw failure;
    throw new provider.SignInError(await provider.whyRefused(token), failure);
  }
}

/**
 * Completes a sign-in, if the provider has just returned to this page.
 *
 * @returns {Promise<string>} why it failed, a name in `words.signInTroubles`; "" without a failure
 */
export async function completeSignIn() {
  const response = provider.takeResponse();
  if (!response) return "";
  try {
    await signInFromProvider(await provider.redeem(response));
    return "";
  } catch (failure) {
    localStorage.removeItem(PROVIDER_KEY);
    return failure instanceof provider.SignInError ? failure.reason : "failed";
  }
}

/** Leaves the page for the provider, if the session was one from it and it is not away. */
async function returnToProvider() {
  if (!isFromProvider()) return false;
  try {
    await provider.authorize({ silent: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Begins a session again after its end, without the user, and loads the page again.
 *
 * @returns {Promise<boolean>} false if only the user can do so
 */
export async function resume() {
  if (isFromProvider() && provider.canRenew()) {
    try {
      await signInFromProvider(await provider.renewToken());
      reload();
      return true;
    } catch {
      // the provider may still know the user
    }
  }
  return returnToProvider();
}

/**
 * Renews a session from the provider each time before it ends.
 *
 * @param {() => boolean} isBusy whether the page must not be left
 */
export function keep(isBusy) {
  if (!current || !isFromProvider()) return;
  const left = Date.parse(current.expiresAt) - now();
  if (left < -LONGEST_LEAD) return;
  const due = left - Math.min(LONGEST_LEAD, left / 4);
  const wait = Math.min(LATEST_CHECK, Math.max(SOONEST_RENEWAL, due));
  setTimeout(async () => {
    if (due <= wait) await prolong(isBusy).catch(() => {}); // until the session ends, see onEnd
    keep(isBusy);
  }, wait);
}

/** @param {() => boolean} isBusy */
async function prolong(isBusy) {
  if (isRenewed(await call("/me").catch(() => null))) return;
  if (provider.canRenew()) await signInFromProvider(await provider.renewToken());
  else if (!isBusy()) await returnToProvider();
}

/**
 * Whether another tab has renewed the session.
 *
 * @param {Me | null} latest
 */
function isRenewed(latest) {
  if (latest?.user !== current?.user || !latest || !current) return false;
  if (latest.expiresAt <= current.expiresAt) return false;
  current = latest;
  return true;
}

/**
 * Renews the access of a guest when less than half of its week is left, so that nobody has to scan a
 * pass twice. Without success the present one stays.
 */
export async function renew() {
  if (!current?.groups.includes("guest") || Date.parse(current.expiresAt) - now() > RENEW) return;
  try {
    const { token } = await call("/passes/renew", { method: "POST" });
    await signIn(token);
  } catch {
    // the pass has expired, or the next page tries again
  }
}

async function endSession() {
  await call("/session", { method: "DELETE" });
  tabs.postMessage(null);
}

/**
 * Ends the session, also at the provider if it came from there.
 *
 * @returns {Promise<boolean>} whether the page is being left for the provider
 */
export async function signOut() {
  const leaves = isFromProvider();
  await push.unsubscribe().catch(() => {}); // the browser may be used by somebody else next
  await endSession();
  localStorage.removeItem(PROVIDER_KEY);
  return leaves && provider.signOutAtProvider();
}

/** Loads the page again, for the user who has just signed in or out. */
export function reload() {
  const token = bearer();
  if (token) location.hash = String(new URLSearchParams({ token }));
  location.reload();
}

/**
 * Finds out who the user is. Signs in with the token in the page's address (#token=…), which is
 * then removed from the address.
 *
 * @param {(failure: Refusal, wait: number) => void} onTrouble is called before each wait in
 *     milliseconds while the studio cannot be asked
 * @returns {Promise<boolean>} false if a token or a session was not accepted
 */
export async function identify(onTrouble) {
  const given = takeToken();
  const token = given ?? localStorage.getItem(OLD_KEY);
  for (;;) {
    try {
      if (token) await signIn(token);
      else current = await call("/me", { early: takeEarly() });
      localStorage.removeItem(OLD_KEY);
      return true;
    } catch (failure) {
      const { status, code } = /** @type {Refusal} */ (failure);
      if (status === 401) {
        localStorage.removeItem(OLD_KEY);
        if (!given && code === "invalid_token") await endSession().catch(() => {});
        if (!given && (await returnToProvider())) return new Promise(() => {});
        return !given && code !== "invalid_token";
      }
      onTrouble(/** @type {Refusal} */ (failure), RETRY);
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

/**
 * Calls back when the session has ended. A stream ends by itself, except that anonymous access would
 * continue it without the user.
 *
 * @param {() => void} action
 */
export function onEnd(action) {
  if (!current) return;
  const left = Date.parse(current.expiresAt) - now();
  const wait = Math.min(LATEST_CHECK, Math.max(SOONEST_CHECK, left));
  setTimeout(async () => {
    try {
      if (left <= wait) current = await call("/me"); // another tab may have renewed it
      onEnd(action);
    } catch (failure) {
      if (/** @type {Refusal} */ (failure).status === 401) action();
      else onEnd(action);
    }
  }, wait);
}

/**
 * Calls back when the open page is given a token, or when another user signs in, or out, in another
 * tab.
 *
 * @param {(token: string | null) => void} action gets the token
 */
export function onOtherUser(action) {
  addEventListener("hashchange", () => {
    const token = takeToken();
    if (token) action(token);
  });
  tabs.onmessage = ({ data }) => {
    if (data !== (current?.user ?? null)) action(null);
  };
}

/** Returns the response to the call of early.js once, if there is one. */
function takeEarly() {
  const taken = early;
  early = undefined;
  return taken;
}

/** Removes the token from the address and returns it; null if there is none. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) history.replaceState(null, "", addressOfPage());
  return token || null;
}
