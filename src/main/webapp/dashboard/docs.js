// Shows the OpenAPI document at /api/v1/docs.

const { SwaggerUIBundle } = /** @type {any} */ (globalThis);

SwaggerUIBundle({
  url: new URL("../api/v1/docs.json", import.meta.url).href,
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
