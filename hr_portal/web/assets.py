"""Addresses of static files: each carries a hash of the content, so it may be kept for a year."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, current_app, has_request_context, request, url_for
from flask.sansio.scaffold import Scaffold
from flask_bootstrap import Bootstrap5

VENDOR: Final = Blueprint(
    "vendor",
    __name__,
    static_folder=str(files("js_lib_htmx") / "static" / "htmx"),
    static_url_path="/vendor/htmx",
)
YEAR: Final = 365 * 24 * 3600
ENDPOINTS: Final = frozenset({"static", "vendor.static", "bootstrap.static"})


@cache
def version_of(file: Path) -> str:
    """Ten signs that change with the content. Raises OSError where the file is missing."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def asset(filename: str, endpoint: str = "static") -> str:
    """The address of a static file, with its version."""
    # A page asks some fifty times; only where the portal is mounted can change the answer.
    known: dict[tuple[str, str, str], str] = current_app.extensions["asset_addresses"]
    place = (request.script_root if has_request_context() else "", endpoint, filename)
    address = known.get(place)
    if address is None:
        owner: Scaffold = current_app
        if "." in endpoint:
            owner = current_app.blueprints[endpoint.partition(".")[0]]
        address = known[place] = url_for(
            endpoint, filename=filename, v=version_of(Path(str(owner.static_folder)) / filename)
        )
    return address


def is_asset() -> bool:
    """Whether this request asks for a static file."""
    return request.endpoint in ENDPOINTS


def init_app(app: Flask) -> None:
    """Serves our own files, Bootstrap's from Bootstrap-Flask, and htmx from its package."""
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.register_blueprint(VENDOR)
    app.extensions["asset_addresses"] = {}
    app.jinja_env.globals["asset"] = asset
