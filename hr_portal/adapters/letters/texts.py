"""The text of a letter: cleaned, broken in good places, and made into markup.

Text becomes markup only here and only through MarkupSafe, so that a name can
never be more than a name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from markupsafe import Markup, escape

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.domain.letter_choices import TEXTS as CHOSEN
from hr_portal.domain.letters import LetterFacts, Segment, identifier_groups
from hr_portal.domain.papers import NoticeFacts, PaperFacts

Facts = TypeVar("Facts", bound=PaperFacts | NoticeFacts)

MOST_ADDRESS_LINES = 6

MOST_BREAKS = 8
"""Places in one address of mail where a line may break; each costs time."""

LONG_WORD = 16
BREAK_EVERY = 6
LONGEST_MARKED_WORD = 60
"""Characters of words in a value with marks; about 20 capitals fill a column."""

_WORD = re.compile(r"\S+")

_IDENTIFIERS = {"nik", "kk", "npwp"}

_MAIL = re.compile(r"\S+@\S+")

_TIED_WORDS = re.compile(
    r"\bRT\.? ?[0-9]+ ?/ ?RW\.? ?[0-9]+,?"
    r"|\b(?:Nomor|No\.?|RT\.?|RW\.?|Blok|Kav\.?|Lantai|Lt\.?|Gang|Gg\.?|Km\.?) \w{1,6}\b,?",
    re.IGNORECASE,
)


def tidied(facts: LetterFacts) -> LetterFacts:
    """Return the facts as they can be printed.

    All text in NFC, without control and invisible format characters (a
    right-to-left mark could turn a name round), with single spaces; an address
    keeps up to MOST_ADDRESS_LINES lines. Raises LetterError LET-FONT for
    characters that are none: surrogates, private use, unassigned.
    """
    company = replace(_tidied(facts.company), address=_tidied_address(facts.company.address))
    branch = replace(_tidied(facts.branch), address=_tidied_address(facts.branch.address))
    choices = replace(
        facts.choices,
        **{name: _tidied_paragraphs(getattr(facts.choices, name)) for name in CHOSEN},
    )
    return replace(_tidied(facts), company=company, branch=branch, choices=choices)  # type: ignore[no-any-return]


def tidied_facts(facts: Facts) -> Facts:
    """Return the facts of another paper as `tidied` does, its branch's address in lines."""
    branch = replace(_tidied(facts.branch), address=_tidied_address(facts.branch.address))
    return replace(_tidied(facts), branch=branch)  # type: ignore[no-any-return]


def _tidied(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return _tidied_text(value)
    if isinstance(value, tuple):
        return tuple(_tidied(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: _tidied(getattr(value, item.name)) for item in fields(value)}
        )
    return value


def _tidied_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if category in ("Cs", "Co", "Cn"):
            raise unprintable([sign])
        if sign.isspace():
            kept.append(" ")
        elif category not in ("Cc", "Cf"):
            kept.append(sign)
    return " ".join("".join(kept).split())


def _tidied_address(text: str) -> str:
    """Return an address of a few lines; what is more goes on in the last."""
    lines = [line for line in map(_tidied_text, text.splitlines()) if line]
    most = MOST_ADDRESS_LINES - 1
    return "\n".join([*lines[:most], *([", ".join(lines[most:])] if lines[most:] else [])])


def _tidied_paragraphs(text: str) -> str:
    """Return text with its line breaks, and at most one blank line between paragraphs.

    A space that breaks no line stays one, as in "Pasal 9".
    """
    lines = "\n".join(
        "\u00a0".join(_tidied_text(part) for part in line.split("\u00a0"))
        for line in text.splitlines()
    )
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def unprintable(signs: Sequence[str]) -> LetterError:
    """Return the error for characters that Carlito doesn't have."""
    shown = ", ".join(
        f"{sign if sign.isprintable() else '?'} (U+{ord(sign):04X})" for sign in signs[:5]
    )
    return LetterError(
        "LET-FONT",
        f"Surat memuat huruf yang tidak ada pada Carlito, huruf surat ini: {shown}. "
        "Ganti huruf itu pada data pengajuan atau data perusahaan, lalu buat suratnya lagi.",
        f"The letter holds characters that its typeface Carlito does not have: {shown}. "
        "Replace them in the batch or in the company's data, then make the letter again.",
    )


def shown(value: str, name: str) -> Markup:
    """Return a value, its line breaks kept; if blank, a red mark saying what is missing."""
    if value:
        return as_markup(value)
    return Markup('<span class="kurang">[{}]</span>').format(name)


def value_markup(field: str, segments: tuple[Segment, ...]) -> Markup:
    """Return a value as markup: changes bold, 16-digit identifiers set apart 6-6-4."""
    if field == "alamat" and len(segments) == 1:
        return _address(segments[0].text)
    if field not in _IDENTIFIERS:
        return _joined(segments)
    *groups, last = identifier_groups(segments)
    return Markup("").join(
        [*(Markup('<span class="g">{}</span>').format(_joined(group)) for group in groups),
         _joined(last)]
    )  # fmt: skip


def _joined(segments: tuple[Segment, ...]) -> Markup:
    """Return segments as markup, the changed ones bold.

    The renderer breaks a word that is too long for its column only where it
    begins a line, and marks cut words into pieces. So long words get places to
    break; a word no column could show in a line or two goes without marks.
    """
    whole = "".join(text for text, _ in segments)
    words = list(_WORD.finditer(whole))
    if len(segments) == 1 or any(len(word[0]) > LONGEST_MARKED_WORD for word in words):
        return as_markup(whole)
    breaks = {
        place
        for word in words
        if len(word[0]) > LONG_WORD
        for place in range(word.start() + BREAK_EVERY, word.end(), BREAK_EVERY)
    }
    parts = []
    start = 0
    for text, changed in segments:
        end = start + len(text)
        cuts = [start, *sorted(place for place in breaks if start < place < end), end]
        pieces = Markup("<wbr>").join(as_markup(whole[a:b]) for a, b in pairwise(cuts))
        parts.append(Markup("<wbr>") if start in breaks else Markup(""))
        parts.append(Markup("<b>{}</b>").format(pieces) if changed else pieces)
        start = end
    return Markup("").join(parts)


def as_markup(text: str) -> Markup:
    """Return text as markup: its line breaks kept, an address of mail breakable at @ and dots."""
    escaped = str(escape(text))
    if "@" in escaped:
        escaped = _MAIL.sub(
            lambda mail: re.sub(r"([@.])", r"\1<wbr>", mail[0], count=MOST_BREAKS), escaped
        )
    return Markup(escaped.replace("\n", "<br>"))  # noqa: S704  # escaped above


def _address(text: str) -> Markup:
    """Return a postal address as markup, breaking no line within "Nomor 8" or "RT 001/RW 002"."""
    tied_words = _TIED_WORDS.sub(r'<span class="nowrap">\g<0></span>', str(as_markup(text)))
    return Markup(tied_words)  # noqa: S704  # escaped by _lines
