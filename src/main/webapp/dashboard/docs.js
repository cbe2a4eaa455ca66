// Shows the OpenAPI document; see /api/v1/docs.
window.SwaggerUIBundle({
  url: new URL("../api/v1/docs.json", import.meta.url).href,
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
