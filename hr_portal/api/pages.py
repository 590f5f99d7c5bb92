"""The two pages of the interface that need no token: the OpenAPI document and its reader.

Swagger UI comes from its package and is served from here; nothing is fetched from elsewhere.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from hr_portal.api.door import BASE, for_everybody

section = Blueprint("api-docs", __name__, url_prefix=BASE)

SWAGGER: Final = Path(str(files("flask_swagger_ui") / "dist"))
SERVED: Final = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})
DOCUMENT: Final = "portal_openapi"
SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""As for the pages, but for the icons that Swagger UI's stylesheet holds within itself."""


@section.get("/openapi.json")
@for_everybody
def openapi() -> Response:
    """The OpenAPI document."""
    return jsonify(current_app.extensions[DOCUMENT].document())


@section.get("/docs")
@for_everybody
def docs() -> Response:
    """The OpenAPI document as a page to read and try."""
    answer = current_app.make_response(render_template("api/docs.html"))
    answer.headers["Content-Security-Policy"] = SECURITY_POLICY
    return answer


@section.get("/docs/<name>")
@for_everybody
def vendor(name: str) -> Response:
    """A file of Swagger UI, by a closed list."""
    if name not in SERVED:
        raise NotFound
    answer = send_from_directory(SWAGGER, name)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
