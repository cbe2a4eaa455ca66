// Shows the OpenAPI document at /api/v1/docs with Swagger UI. All addresses are relative to that page.

import { byId } from "./dom.js";

const { SwaggerUIBundle } = /** @type {any} */ (globalThis);

/** @param {HTMLElement | null} servers */
const nameServers = (servers) =>
  servers?.querySelector("select")?.setAttribute("aria-label", "Server");

/**
 * The parts of Swagger UI below this page's own header, without its `main`, and changed where not
 * everybody could use them.
 *
 * @param {any} system
 */
const Page = ({ React }) => ({
  components: {
    PageLayout: (/** @type {any} */ { getComponent }) => {
      const part = (/** @type {string} */ name) => React.createElement(getComponent(name, true));
      return React.createElement(
        "div",
        { className: "swagger-ui" },
        part("SvgAssets"),
        React.createElement(
          "div",
          { className: "scheme-container" },
          part("ServersContainer"),
          part("AuthorizeBtnContainer"),
        ),
        part("operations"),
        part("Models"),
      );
    },
  },
  wrapComponents: {
    // The original is a link inside the button that opens the call.
    DeepLink:
      () =>
      (/** @type {{ text: string }} */ { text }) =>
        React.createElement("span", null, text),
    // The original has no name.
    Servers: (/** @type {unknown} */ Servers) => (/** @type {object} */ options) =>
      React.createElement("div", { ref: nameServers }, React.createElement(Servers, options)),
  },
});

/** Swagger UI has dark colours, but does not follow the user's system. */
function followColours() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}

followColours();
try {
  const response = await fetch("docs.json");
  if (!response.ok) throw new Error(`The document could not be loaded: status ${response.status}`);
  const spec = await response.json();
  byId("description").textContent = spec.info.description;
  SwaggerUIBundle({
    spec,
    dom_id: "#docs",
    deepLinking: true,
    validatorUrl: null,
    plugins: [Page],
    layout: "PageLayout",
  });
} catch (failure) {
  byId("failure").textContent = /** @type {Error} */ (failure).message;
  byId("failure").hidden = false;
}
