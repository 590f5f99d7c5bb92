"""The two languages of the screens: Indonesian is the source, English the translation.

The catalogue is read straight from its `.po` file when the portal starts, so there is no compiled
copy to build, to commit or to forget.
"""

import io
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale

LANGUAGES: Final = ("id", "en")
COOKIE: Final = "bahasa"
FOLDER: Final = Path(__file__).resolve().parent.parent / "translations"


class PoBabel(Babel):  # type: ignore[misc]  # Flask-Babel ships no types
    """Flask-Babel with the catalogues of `FOLDER`, read once."""

    domain_instance: Domain

    def init_app(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        """Joins the application. Raises OSError where the English catalogue is missing."""
        super().init_app(app, *args, **kwargs)
        self.domain_instance = Domain()
        self.domain_instance.cache = {
            ("id", "messages"): NullTranslations(),
            ("en", "messages"): catalogue(FOLDER / "en" / "LC_MESSAGES" / "messages.po"),
        }


def catalogue(file: Path) -> Translations:
    """The sentences of one `.po` file. Raises OSError where it is missing."""
    compiled = io.BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=file.parent.parent.name))
    compiled.seek(0)
    return Translations(fp=compiled)


def choose_language() -> str:
    """The language of this request: the cookie of the footer's switch, else Indonesian."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """`id` or `en`; Indonesian outside a request."""
    return str(get_locale().language) if has_request_context() else LANGUAGES[0]


def said(message: str, message_en: str) -> str:
    """The one of two sentences that this request's language wants."""
    return message_en if language() == "en" else message


def init_app(app: Flask) -> None:
    """Puts the languages into the application and its templates."""
    PoBabel(app, default_locale=LANGUAGES[0], locale_selector=choose_language)
    app.jinja_env.globals.update(language=language, said=said)
