// Shows the OpenAPI document; see /api/v1/docs.
window.SwaggerUIBundle({
  url: "/api/v1/docs.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
