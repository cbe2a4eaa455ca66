// The page to which the provider returns the user. It passes the response on to the page that asked
// for it, which completes the sign-in (provider.js).

import { root } from "./api.js";
import { pageOfSignIn } from "./provider.js";
import { write } from "./words.js";

write();
const page = pageOfSignIn();
const target = page ? `${page}#${location.search.slice(1)}` : root("dashboard");
// Not in the history, so that "back" does not repeat the response.
location.replace(target);
