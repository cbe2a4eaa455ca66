// Sign-in at the OpenID Connect provider of the studio: authorization code with PKCE (RFC 9700).
//
// Contract:
// - Tokens are in memory only. What must outlast the redirect (state, nonce and code verifier) is in
//   the storage of the tab until the response arrives.
// - The provider knows one address, signed-in.html. It leads back to the page that asked, so that
//   this page has the refresh token.
// - Failures are SignInErrors. The library is loaded when it is needed.

import { addressOfPage, beside, call, now, root, setClock } from "./api.js";

/** @import * as OAuth from "oauth4webapi" */

/**
 * What is stored while the user is at the provider.
 *
 * @typedef {object} Pending
 * @property {string} state
 * @property {string} nonce
 * @property {string} verifier
 * @property {string} page the address of the page that asked
 */

/** @typedef {{ oauth: typeof OAuth, server: OAuth.AuthorizationServer }} Provider */

const LIBRARY = "../vendor/oauth4webapi-3.8.8/index.js";
const PENDING = "studio.sign-in";
const PATIENCE = 10_000;
/** In seconds, like the studio's. */
const SKEW = 10;

/** @type {Record<string, string>} */
const REASONS = {
  access_denied: "cancelled",
  login_required: "login",
  interaction_required: "login",
  consent_required: "login",
  account_selection_required: "login",
  server_error: "away",
  temporarily_unavailable: "away",
};

const {
  issuer = "",
  clientId = "",
  scopes = "",
} = document.getElementById("sign-in")?.dataset ?? {};

/** @type {string | null} */
let refreshToken = null;
/** @type {string | undefined} */
let idToken;
/** @type {Promise<Provider> | null} */
let loading = null;

/** A sign-in that failed. */
export class SignInError extends Error {
  /**
   * @param {string} reason a name in `words.signInTroubles`
   * @param {unknown} [cause]
   */
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** Whether users sign in at a provider. */
export const isConfigured = issuer !== "";

/** The name of the provider for users. */
export const nameOfProvider = () => (isConfigured ? new URL(issuer).host : "");

/** Whether the session can be renewed without leaving the page. */
export const canRenew = () => refreshToken !== null;

const redirectUri = () => root("dashboard/signed-in.html");

/**
 * Leaves the page for the provider, which returns to it.
 *
 * @param {{ silent?: boolean }} [request] `silent`: the provider asks the user nothing
 */
export async function authorize({ silent = false } = {}) {
  if (!isSecureContext) throw new SignInError("insecure");
  await attempt(async ({ oauth, server }) => {
    /** @type {Pending} */
    const pending = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      page: addressOfPage(),
    };
    const target = new URL(String(server.authorization_endpoint));
    const query = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri(),
      scope: scopes,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
      ...(silent ? { prompt: "none" } : {}),
    };
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    if (silent) location.replace(target);
    else location.assign(target);
  });
}

/**
 * The address of the page that asked the provider; null if none did, or if it is no page of the
 * studio.
 *
 * @returns {string | null}
 */
export function pageOfSignIn() {
  /** @type {Pending | null} */
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  if (!pending) return null;
  const page = new URL(pending.page, location.origin);
  const studio = new URL(root(""));
  const isOwn = page.origin === studio.origin && page.pathname.startsWith(studio.pathname);
  return isOwn ? page.href : null;
}

/** Removes the provider's response from the address and returns it; null if there is none. */
export function takeResponse() {
  const response = new URLSearchParams(location.hash.slice(1));
  if (!response.has("state") || !(response.has("code") || response.has("error"))) return null;
  history.replaceState(null, "", addressOfPage());
  return response;
}

/**
 * Returns the access token for a response of the provider.
 *
 * @param {URLSearchParams} response
 */
export async function redeem(response) {
  /** @type {Pending | null} */
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  sessionStorage.removeItem(PENDING);
  if (pending?.state !== response.get("state") || !pending) throw new SignInError("stale");
  await askTime();
  return attempt(async ({ oauth, server }) => {
    const client = clientOf(oauth);
    const valid = oauth.validateAuthResponse(server, client, response, pending.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      valid,
      redirectUri(),
      pending.verifier,
      options(oauth),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: pending.nonce,
      requireIdToken: true,
    });
    return keep(tokens);
  });
}

/** Returns a new access token. After a failure other than an outage, there is no second attempt. */
export async function renewToken() {
  const token = String(refreshToken);
  try {
    return await attempt(async ({ oauth, server }) => {
      const client = clientOf(oauth);
      const answer = await oauth.refreshTokenGrantRequest(
        server,
        client,
        oauth.None(),
        token,
        options(oauth),
      );
      return keep(await oauth.processRefreshTokenResponse(server, client, answer));
    });
  } catch (failure) {
    if (/** @type {SignInError} */ (failure).reason !== "away") refreshToken = null;
    throw failure;
  }
}

/**
 * Leaves the page to sign out at the provider, which returns to the dashboard.
 *
 * @returns {Promise<boolean>} false if the provider is away or has no such page
 */
export async function signOutAtProvider() {
  refreshToken = null;
  try {
    return await attempt(async ({ server }) => {
      if (!server.end_session_endpoint) return false;
      const target = new URL(server.end_session_endpoint);
      if (idToken) target.searchParams.set("id_token_hint", idToken);
      target.searchParams.set("client_id", clientId);
      target.searchParams.set("post_logout_redirect_uri", root("dashboard"));
      location.assign(target);
      return true;
    });
  } catch {
    return false;
  }
}

/**
 * Finds out why the studio may have refused a token.
 *
 * @param {string} token
 * @returns {Promise<string>} the reason of a SignInError
 */
export async function whyRefused(token) {
  const claims = claimsOf(token);
  if (!claims) return "opaque";
  await askTime();
  const time = now() / 1_000;
  const early = Math.max(claims.nbf ?? 0, claims.iat ?? 0) > time + SKEW;
  return early || claims.exp < time - SKEW ? "clock" : "refused";
}

/** Sets the clock by the studio's: that of the device may be wrong. */
async function askTime() {
  const health = await call("/health").catch(() => null);
  setClock(health?.timestamp);
}

/**
 * @param {string} token
 * @returns {{ nbf?: number, iat?: number, exp: number } | null} null if the token is no JWT
 */
function claimsOf(token) {
  try {
    const payload = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(payload));
  } catch {
    return null;
  }
}

/** @param {OAuth.TokenEndpointResponse} tokens */
function keep(tokens) {
  refreshToken = tokens.refresh_token ?? refreshToken;
  idToken = tokens.id_token ?? idToken;
  return tokens.access_token;
}

/**
 * Calls the action with the provider, and rejects with a SignInError if that fails.
 *
 * @template T
 * @param {(provider: Provider) => Promise<T>} action
 */
async function attempt(action) {
  try {
    loading ??= load();
    return await action(await loading);
  } catch (failure) {
    throw failure instanceof SignInError ? failure : new SignInError(reasonOf(failure), failure);
  }
}

/** @returns {Promise<Provider>} */
async function load() {
  try {
    /** @type {typeof OAuth} */
    const oauth = await import(beside(LIBRARY));
    const at = new URL(issuer);
    const response = await oauth.discoveryRequest(at, options(oauth));
    return { oauth, server: await oauth.processDiscoveryResponse(at, response) };
  } catch (failure) {
    loading = null;
    throw failure;
  }
}

/** @param {typeof OAuth} oauth */
function options(oauth) {
  return {
    signal: AbortSignal.timeout(PATIENCE),
    [oauth.allowInsecureRequests]: issuer.startsWith("http:"), // only this machine, see the settings
  };
}

/**
 * @param {typeof OAuth} oauth
 * @returns {OAuth.Client}
 */
function clientOf(oauth) {
  return {
    client_id: clientId,
    [oauth.clockSkew]: Math.round((now() - Date.now()) / 1_000),
    [oauth.clockTolerance]: SKEW,
  };
}

/**
 * @param {any} failure
 * @returns {string} the reason of a SignInError
 */
function reasonOf({ name, code, error, cause }) {
  if (name === "AuthorizationResponseError") return REASONS[error] ?? "failed";
  if (code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") return "clock";
  const isUnreachable = code === undefined && (name === "TypeError" || name === "TimeoutError");
  return isUnreachable || cause?.status >= 500 ? "away" : "failed";
}
