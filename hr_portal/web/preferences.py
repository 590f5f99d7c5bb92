"""Language and theme of this browser: two cookies, set by links, kept for a year.

They are links and not forms because nothing on the server changes, so they work before signing in,
without a session and after a form's token has run out.
"""

from typing import Final

from flask import Blueprint, Flask, Response, make_response, redirect, request, url_for
from werkzeug.exceptions import NotFound

from hr_portal.web import i18n
from hr_portal.web.access import OPEN, needs
from hr_portal.web.security import cookie, safe_next

blueprint = Blueprint("preferences", __name__)

THEMES: Final = ("auto", "light", "dark")
THEME_COOKIE: Final = "tampilan"


def theme() -> str:
    """The theme of this request: `light`, `dark`, or `auto`, which follows the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


@blueprint.get("/bahasa/<code>")
@needs(OPEN)
def choose_language(code: str) -> Response:
    """Sets the language and goes back. Raises NotFound for another than ours."""
    return _keep(i18n.COOKIE, code, i18n.LANGUAGES)


@blueprint.get("/tampilan/<name>")
@needs(OPEN)
def choose_theme(name: str) -> Response:
    """Sets the theme and goes back. Raises NotFound for another than ours."""
    return _keep(THEME_COOKIE, name, THEMES)


def _keep(name: str, value: str, allowed: tuple[str, ...]) -> Response:
    if value not in allowed:
        raise NotFound
    answer = make_response(redirect(safe_next(request.args.get("next")) or url_for("home.start")))
    cookie(answer, name, value)
    return answer


def init_app(app: Flask) -> None:
    """Joins the application and tells templates the theme."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["theme"] = theme
