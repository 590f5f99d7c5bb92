"""The two languages of the screens: Indonesian is the source, English the translation.

The catalogue is read straight from its `.po` file when the portal starts, so there is no compiled
copy to build, to commit or to forget.
"""

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_translations

from hr_portal.domain.rules import Lang
from hr_portal.domain.told import Told
from hr_portal.services.errors import ServiceError

LANGUAGES: Final = ("id", "en")
COOKIE: Final = "bahasa"
FOLDER: Final = Path(__file__).resolve().parent.parent / "translations"


@functools.cache
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


def language() -> Lang:
    """`id` or `en`; Indonesian outside a request."""
    if not has_request_context():
        return "id"
    if "language" not in g:
        locale = get_locale()
        g.language = "en" if locale and locale.language == "en" else "id"
    return cast("Lang", g.language)


def said(message: str, message_en: str) -> str:
    """The one of two sentences that this request's language wants."""
    return message_en if language() == "en" else message


def beside(error: ServiceError, otherwise: str = "") -> dict[str, str]:
    """What stands beside the fields of a refused form, by their names, in this language.

    `otherwise` is the field of a refusal that names none.
    """
    fields: dict[str, object] = getattr(error, "fields", {})
    if otherwise and not fields:
        return {otherwise: said(error.message, error.message_en)}
    return {
        name: said(told, told.english) if isinstance(told, Told) else str(told)
        for name, told in fields.items()
    }


def init_app(app: Flask) -> None:
    """Puts the languages into the application and its templates.

    Raises OSError where the English catalogue is missing.
    """
    babel = Babel(  # type: ignore[no-untyped-call]
        app, default_locale=LANGUAGES[0], locale_selector=choose_language
    )
    with app.app_context():
        babel.domain_instance = _Sentences()  # type: ignore[no-untyped-call]
        # Flask-Babel would look for compiled files; what it finds in its cache it takes.
        babel.domain_instance.cache |= {
            ("id", "messages"): NullTranslations(),
            ("en", "messages"): catalogue(FOLDER / "en" / "LC_MESSAGES" / "messages.po"),
        }
    # As Flask-Babel's own, but looked up once a request: a page of rows asks two hundred times.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _translations().upgettext(context, text),
        npgettext=lambda context, one, many, count: _translations().unpgettext(
            context, one, many, count
        ),
    )
    app.jinja_env.globals.update(language=language, said=said)


class _Sentences(Domain):
    """Flask-Babel's own, looked up once a request for sentences in Python too."""

    def get_translations(self) -> NullTranslations:
        """The sentences in this request's language."""
        return _translations(super().get_translations)


def _translations(ask: Callable[[], NullTranslations] = get_translations) -> NullTranslations:
    """The sentences in this request's language."""
    if not has_request_context():
        return ask()
    held: NullTranslations | None = g.get("translations")
    if held is None:
        held = g.translations = ask()
    return held
