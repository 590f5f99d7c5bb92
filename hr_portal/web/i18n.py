"""The two languages of the screens: Indonesian is the source, English the translation.

The catalogue is read straight from its `.po` file when the portal starts, so there is no compiled
copy to build, to commit or to forget.
"""

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_translations
from markupsafe import Markup

from hr_portal.domain.rules import Lang
from hr_portal.domain.told import Told
from hr_portal.services.errors import ServiceError

LANGUAGES: Final[tuple[Lang, ...]] = ("id", "en")
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


@functools.cache
def _of(lang: Lang) -> NullTranslations:
    """The sentences of one language. Raises OSError where they are missing."""
    if lang == LANGUAGES[0]:
        return NullTranslations()
    return catalogue(FOLDER / lang / "LC_MESSAGES" / "messages.po")


def choose_language() -> str:
    """The language of this request: the cookie of the footer's switch, else Indonesian."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def language() -> Lang:
    """`id` or `en`; Indonesian outside a request."""
    try:
        known: Lang = g.language  # asked several hundred times by a page with counts
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return "id"
        locale = get_locale()
        known = g.language = "en" if locale and locale.language == "en" else "id"
    return known


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
        babel.domain_instance.cache |= {(lang, "messages"): _of(lang) for lang in LANGUAGES}
    # As Jinja's own with `newstyle`, without a context made anew for each sentence inside a loop:
    # a page of rows asks two hundred times. All our templates are HTML, so a sentence is markup,
    # and what is put into it is escaped.
    app.jinja_env.globals |= {"_": _sentence, "gettext": _sentence, "ngettext": _counted}
    app.jinja_env.globals.update(language=language, said=said)


class _Sentences(Domain):
    """Flask-Babel's own, looked up once a request for sentences in Python too."""

    def get_translations(self) -> NullTranslations:
        """The sentences in this request's language."""
        return _translations(super().get_translations)

    def gettext(self, string: str, **variables: object) -> str:
        """A sentence in this request's language, with its variables put in."""
        told = _translations().ugettext(string)
        return str(told if not variables else told % variables)


def _translations(ask: Callable[[], NullTranslations] = get_translations) -> NullTranslations:
    """The sentences in this request's language."""
    if not has_request_context():
        return ask()
    held: NullTranslations | None = g.get("translations")
    if held is None:
        held = g.translations = ask()
    return held


# --- sentences of the templates -------------------------------------------------------------------


def _sentence(text: str, /, **variables: object) -> Markup:
    if not variables:
        return _plain(text, language())
    return Markup(_translations().ugettext(text)) % variables  # noqa: S704 - as in `_plain`


@functools.lru_cache(maxsize=8192)
def _plain(text: str, lang: Lang) -> Markup:
    """A sentence that nothing is put into, as nearly all are; "%%" is one sign in it too."""
    told = _of(lang).ugettext(text)
    return Markup(told) % {}  # noqa: S704 - markup as the template that it stands in


def _counted(one: str, many: str, num: int, /, **variables: object) -> Markup:
    told = Markup(_translations().ungettext(one, many, num))  # noqa: S704 - as in `_plain`
    return told % ({"num": num} | variables)
