// Asks who the user is while the page still loads its other script, which takes the response. This
// saves a round trip.

import { STUDIO } from "../client/address.js";

// With a token or a provider's response in the address, the session has yet to begin. The other
// script removes them, and may run first.
if (!("studioUser" in globalThis) && location.hash.length < 2) {
  const response = fetch(`${STUDIO}api/v1/me`);
  response.catch(() => {}); // whoever takes it handles the failure
  Object.assign(globalThis, { studioUser: response });
}
