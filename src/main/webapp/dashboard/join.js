// The page on which whoever has a pass joins as a guest.

import { bearer, call, root } from "./api.js";
import { byId, setText } from "./dom.js";
import { dress } from "./occasion.js";
import { signIn } from "./session.js";
import { choose, language, words, write } from "./words.js";

/** @import { Refusal } from "./api.js" */

/** The address of the page stays as it is, so that a reload works. */
const pass = new URLSearchParams(location.hash.slice(1)).get("pass");

/** Opens the wall; see session.js for the token. */
function enter() {
  const token = bearer();
  location.href = root(`dashboard${token ? `#${new URLSearchParams({ token })}` : ""}`);
}

/** @param {SubmitEvent} event */
async function join(event) {
  event.preventDefault();
  const button = byId("join").querySelector("button");
  if (button) button.disabled = true;
  setText("message", "");
  try {
    const name = byId("name", HTMLInputElement).value.trim();
    const body = name ? { pass, name } : { pass };
    const { token } = await call("/passes/redeem", { method: "POST", body });
    await signIn(token);
    enter();
  } catch (failure) {
    const { status } = /** @type {Refusal} */ (failure);
    if (status === 404) setText("message", words.passUnknown);
    else if (status === 400) setText("message", words.nameRefused);
    else setText("message", words.refusal(failure));
    if (button) button.disabled = false;
  }
}

/** Tells somebody who comes back that there is nothing to do. */
async function recognise() {
  const me = await call("/me").catch(() => null);
  if (!me) return;
  setText("signed-in-as", words.signedInAs(me.displayName));
  byId("signed-in").hidden = false;
}

const languages = byId("language", HTMLSelectElement);
languages.value = language;
languages.addEventListener("change", () => choose(languages.value));
write();
dress().catch(() => {});
recognise();
if (pass) {
  byId("join").hidden = false;
  byId("join").addEventListener("submit", join);
} else {
  setText("message", words.passMissing);
}
