// Draws the OpenAPI document with Swagger UI. The token typed under Authorize stays in this page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.openapi,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    supportedSubmitMethods: ["get", "post"],
    validatorUrl: null,
    withCredentials: false,
  });
});
