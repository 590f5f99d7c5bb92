"""The smallest parts of pages: an icon, a state in words, an identifier, a form's hidden field.

A page of rows has some thousand of them, so they are no macros, which cost five times as much.
Templates import them from `components/ui.html`, as its macros.
"""

from functools import lru_cache
from typing import Final

from flask import Flask
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.rules import Lang
from hr_portal.web.assets import asset
from hr_portal.web.i18n import LANGUAGES, language
from hr_portal.web.layout import State
from hr_portal.web.masking import ends

NUMBER_FIELDS: Final = frozenset(
    field.key for field in FIELDS if field.kind in {"digits", "phone", "date"}
)
"""Fields whose values stand in monospace, so that digits can be compared."""


def icon(name: str) -> Markup:
    """An icon of the cut sprite; the word beside it says the same, so it is hidden from readers."""
    return _icon(asset("icons.svg"), name)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str) -> Markup:
    return Markup(
        '<svg class="bi" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(sprite, name)


def word(state: State, text: str | None = None) -> Markup:
    """A state without the box of its chip, for tables and running text: colour, shape, word."""
    told = escape(text or str(state.label))
    return Markup(  # noqa: S704 - the tone is ours, the rest is escaped
        f'<span class="pk-word" data-s="{state.tone}">{icon(state.icon)}{told}</span>'
    )


def ident(shown: str | None, field: str | None = "") -> Markup:
    """A value that services have masked: ends and dots for the eye, words for a reader."""
    empty, hidden = _words(language())
    if not shown:
        return empty
    parts = ends(shown)
    if parts is not None:
        head, tail = escape(parts[0]), escape(parts[1])
        told = f"{head}{', ' if head else ''}{hidden}{', ' if tail else ''}{tail}"
        return Markup(  # noqa: S704 - escaped
            f'<span class="pk-id"><span aria-hidden="true">{escape(shown)}</span>'
            f'<span class="visually-hidden">{told}</span></span>'
        )
    if field in NUMBER_FIELDS:
        return Markup(f'<span class="pk-id">{escape(shown)}</span>')  # noqa: S704 - escaped
    return escape(shown)


@lru_cache(maxsize=len(LANGUAGES))
def _words(_lang: Lang) -> tuple[Markup, Markup]:
    """What stands for nothing, and the word for what is not shown, in this request's language."""
    empty = Markup(
        '<span class="text-body-secondary" aria-hidden="true">–</span>'
        '<span class="visually-hidden">{}</span>'
    ).format(_("kosong"))
    return empty, escape(_("disamarkan"))


def csrf() -> Markup:
    """The hidden field that every form with method=post needs."""
    token = escape(generate_csrf())
    return Markup(f'<input type="hidden" name="csrf_token" value="{token}">')  # noqa: S704 - escaped


def init_app(app: Flask) -> None:
    """Gives `components/ui.html` these parts."""
    app.jinja_env.globals.update(icon_part=icon, word_part=word, ident_part=ident, csrf_part=csrf)
