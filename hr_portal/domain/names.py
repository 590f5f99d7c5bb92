"""Names: the form they are kept in, and what may be wrong (section 7 of the law).

Permendagri 73/2022 is not retroactive: a name recorded before 21 April 2022
stays valid, so nearly everything here only asks to compare with the KTP-el.
"""

import re
import unicodedata
from typing import NamedTuple

from hr_portal.domain.cleaning import BETWEEN_OLD_AND_NEW, HYPHENS, new_of_both, stand_in, tidy

LEADING_TITLES = frozenset(
    {"H", "HJ", "DR", "DRS", "DRA", "IR", "PROF", "KH", "DRG", "DRH", "NS", "APT"}
)
"""Titles before a name, with or without a point."""

TRAILING_TITLES = frozenset({
    "SH", "SE", "SKOM", "SPD", "SPDI", "ST", "SSI", "SSOS", "SIP", "SKM", "SAG", "SP", "SPT", "SKEP",
    "SPSI", "SFARM", "SHUM", "SAK", "SIKOM", "SS", "SSN", "STP", "SKED", "STR", "STRKES", "STRKEB",
    "AMDKOM", "AMDT", "AMDAK", "AMDPAR", "STRT", "STRKOM", "STRAK", "STRM", "SGZ", "SHUT", "STH", "SFIL", "SPI", "SDS",
    "CHRP", "CHRM", "SMB", "SAB", "SAP", "SHI", "SEI", "SSTP", "MM", "MSI", "MPD", "MT", "MH", "MKOM", "MKES",
    "MBA", "MSC", "MA", "MAG", "MAK", "MP", "MKN", "MIKOM", "MSE", "MENG", "AMD", "AMDKEB", "AMDKEP",
    "AMAK", "BA", "BSC", "PHD", "NERS", "NS", "APT", "CPA", "SPOG", "SPA", "SPB", "SPPD", "AKT",
    "AMF", "AMK", "AMKEB", "AMKG", "BENG", "LC", "MAP", "MARS", "MFARM", "MHUM", "MKEB", "MKEP", "MMT", "MPDI", "MPSI",
    "MSN", "MTH", "MTI", "SPDK", "SPDSD", "SST",
})  # fmt: skip
"""Titles after a name, without their points; taken only after a comma or with points."""

CLOSINGS = frozenset({
    "AMD", "AMDKEB", "AMDKEP", "AMK", "AMKEB", "MBA", "MKES", "MKOM", "MPD", "MSC", "MSI", "PHD", "SFARM", "SHUM",
    "SIKOM", "SKEP", "SKOM", "SPD", "SPDI", "SPSI", "SSI", "SSOS", "SST",
})  # fmt: skip
"""Titles that nobody is called: taken without points too, after two words at least."""
_LEAST_BEFORE = 2

PLAIN = re.compile(
    rf"(?!.* (?:{'|'.join(sorted(CLOSINGS))})$)"
    rf"(?!.*(?:{'|'.join(word for word in BETWEEN_OLD_AND_NEW if word.isalpha())}))"
    r"(?!(?:HJ?|DR[SAGH]?|IR|PROF|KH|NS|APT|ALMH?|ALMARHUM(?:AH)?|IBU|TIDAK ADA) )(?!.* ALMH?$)"
    r"(?!TIDAK ADA$)(?=.{5,60}$)"
    r"[A-Z]{2,}(?: [A-Z]{2,})+",
    re.ASCII,
)
"""An ASCII name in upper case, two or more words without a title: nothing to say of it."""

OPENINGS = LEADING_TITLES | {"IBU", "TIDAK"}
"""First words of what `PLAIN` may not match; none has more than seven letters."""
LATE = " ALM"
"""How a word begins that says somebody has died; `PLAIN` matches none at either end."""

_PLAIN_MARKS = HYPHENS | str.maketrans(dict.fromkeys("’‘‛´`ʹʻʼʽʾʿˈˊˋ′＇", "'"))
"""Quotes, with those of transliterated Arabic and of telephones, and dashes."""
_USUAL_MARKS = frozenset("'.,-/")
_ABBREVIATED = re.compile(r"(MUH|MOH|MOCH|MUCH|MHD|MUHD|ABD|ABDL|SIT|AHM|ACH)\.(?: |$)")
_LATE = r"ALM(?:H|ARHUM|ARHUMAH)?"
_MOTHER_PREFIX = re.compile(rf"((?:{_LATE}|IBU)\.?|\({_LATE}\.?\)) ")
_MOTHER_SUFFIX = re.compile(rf",? (\({_LATE}\.?\)|{_LATE}\.?)$")
_ADDRESSED = re.compile(r"(?:(?:TN|NY|NN|SDRI?|BPK?|A\.N)\.|A/N) ?(?=[A-Z])")
"""How somebody is addressed, or in whose name something is: "TN. BUDI", "A.N. SITI"."""
_OF_HOLDER = re.compile(r"AN\. ?(?=[A-Z])")
"""The same before the holder of an account; elsewhere it may shorten a name."""
_NUMBERED = re.compile(r"[0-9]{1,3}[.)] ?(?=[^\W\d_]{2})", re.ASCII)
"""The number of a line in a list: "1. SITI"."""
_LATE_AFTER = re.compile(rf",? ?\({_LATE}\.?\)$")
_AT_THE_ENDS = ' ,;:*"()[]<>_-'
"""Signs that are no part of a name at its ends; a point may be one of an abbreviation."""
_PAIRED = frozenset('"()[]<>')
_NOT_LETTERS = re.compile(r"[^A-Z ]")
_GLUED_TITLE = re.compile(rf"((?:{'|'.join(sorted(LEADING_TITLES))})\.)([A-Z]{{2}}.*)")
"""A title before a name without a blank between them: "H.BUDI"."""
_ONLY_NUMBER = re.compile(r"[0-9][0-9 .\-/]*", re.ASCII)
SWAPPED_LENGTHS = frozenset({11, 13, 16})
"""NAM-12: a bare number this long in a name column is a KPJ, KIS, NIK or KK."""
LONGEST = 60
_MOST_FINDINGS_OF_MARKS = 10


class NameFinding(NamedTuple):
    """One thing about a name; `case` and `params` as in the law."""

    code: str
    case: str = ""
    suggestion: str | None = None
    params: dict[str, str | int] | None = None


def canonical(tidied: str) -> str:
    """Return the kept form: upper case, NFC, single spaces, plain marks (NAM-10)."""
    return unicodedata.normalize("NFC", tidied.translate(_PLAIN_MARKS).upper())


def comparable(name: str) -> str:
    """Return a canonical name without titles and punctuation, for comparing."""
    bare, _titles = _without_titles(name)
    decomposed = unicodedata.normalize("NFKD", bare)
    return " ".join(_NOT_LETTERS.sub("", decomposed.replace("-", " ").upper()).split())


def name_meant(tidied: str, *, holder: bool) -> str | None:
    """Return a name without what stands around it: an address, a line's number, signs, "(ALM)".

    None where nothing does. `holder` says that it is the holder of an account.
    """
    name = canonical(tidied)
    bare = name
    for around in (_NUMBERED, _ADDRESSED, *([_OF_HOLDER] if holder else [])):
        found = around.match(bare)
        bare = bare[found.end() :] if found else bare
    bare = _LATE_AFTER.sub("", bare).strip(_AT_THE_ENDS)
    return bare if bare not in {name, ""} and _PAIRED.isdisjoint(bare) else None


def look_at(name: str, *, of: str) -> list[NameFinding]:
    """Return what is to be said of a canonical name, in the order of its chain.

    `of` is the field's key: names of employees and mothers are judged in
    full, other names only as far as NAM-03 (and NAM-12).
    """
    stands = stand_in(name, "name")
    if stands is not None and (stands[0] == "CELL-13" or any(map(str.isalpha, name))):
        return [NameFinding(*stands)]
    if new_of_both(name) is not None:
        return [NameFinding("CELL-18", "both")]
    number = _ONLY_NUMBER.fullmatch(name)
    if number and (length := sum("0" <= c <= "9" for c in name)) in SWAPPED_LENGTHS:
        return [NameFinding("NAM-12", "number", None, {"length": length})]
    letters = [c for c in name if c.isalpha()]
    found: list[NameFinding] = []
    if not letters:
        return [NameFinding("NAM-01", "no-letters")]
    if len(letters) == 1:
        found.append(NameFinding("NAM-01", "one-letter"))
    if any(unicodedata.category(c) == "Nd" for c in name):
        found.append(NameFinding("NAM-02"))
    foreign = [c for c in letters if not _is_latin(c)]
    if foreign:
        found.append(NameFinding("NAM-03", "", _latin_twin(name), {"letters": _list(foreign)}))
    if found or of not in {"nama", "nama_ibu"}:
        return found
    return _advice(name, mother=of == "nama_ibu")


def _advice(name: str, *, mother: bool) -> list[NameFinding]:
    """Return the warnings and notes of a name that is a name."""
    found: list[NameFinding] = []
    accented = [c for c in name if _is_accented(c)]
    if accented:
        found.append(NameFinding("NAM-04", "", None, {"letters": _list(accented)}))
    if len(name) > LONGEST:
        found.append(NameFinding("NAM-05", "", None, {"length": len(name)}))
    bare, titles = _without_titles(name)
    bare, prefix = _without_late(bare) if mother else (bare, "")
    if " " not in bare and not titles and not prefix:
        found.append(NameFinding("NAM-06"))
    short = _ABBREVIATED.match(bare)
    rest = bare[short.end() :] if short else bare
    marks = [c for c in rest if not (c.isalpha() or c == " " or unicodedata.combining(c))]
    odd = [c for c in marks if c not in _USUAL_MARKS]
    if odd:
        found.append(NameFinding("NAM-07", "odd", None, {"marks": _list(odd)}))
    elif marks:
        found.append(NameFinding("NAM-07", "usual", None, {"marks": _list(marks)}))
    if titles:
        found.append(NameFinding("NAM-08", "", bare, {"titles": ", ".join(titles)}))
    if short:
        found.append(NameFinding("NAM-09", "", None, {"short": short[1] + "."}))
    if prefix:
        found.append(NameFinding("NAM-11", "", bare, {"prefix": prefix}))
    return found


def _without_late(name: str) -> tuple[str, str]:
    """Return a mother's name without "ALMH." or "IBU" before or after it, and that word."""
    before = _MOTHER_PREFIX.match(name)
    name = name[before.end() :] if before else name
    after = _MOTHER_SUFFIX.search(name)
    name = name[: after.start()] if after else name
    said = before or after
    return name, said[1] if said else ""


def _without_titles(name: str) -> tuple[str, list[str]]:
    """Return a canonical name without its titles, and the titles as written."""
    titles: list[str] = []
    body, *after = (part.strip() for part in name.split(","))
    words = body.split()
    if words and (glued := _GLUED_TITLE.fullmatch(words[0])):
        words[:1] = glued.groups()
    while len(words) > 1 and _title_key(words[0]) in LEADING_TITLES:
        titles.append(words.pop(0))
    while len(words) > 1 and _is_title_after(words):
        titles.append(words.pop())
    if after and all(_are_titles(part) for part in after):
        titles += after
        return " ".join(words), titles
    return ", ".join([" ".join(words), *after]), titles


def _is_title_after(words: list[str]) -> bool:
    """Tell whether the last word is a title: by its points, or because it is no name."""
    last = words[-1]
    if "." in last:
        return _title_key(last) in TRAILING_TITLES
    return last in CLOSINGS and len(words) > _LEAST_BEFORE


def _are_titles(part: str) -> bool:
    if _title_key(part.replace(" ", "")) in TRAILING_TITLES:
        return True
    return bool(part) and all(_title_key(word) in TRAILING_TITLES for word in part.split())


def _title_key(word: str) -> str:
    return word.replace(".", "")


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN ")


def _is_accented(character: str) -> bool:
    return not character.isascii() and (unicodedata.combining(character) > 0 or character.isalpha())


def _latin_twin(name: str) -> str | None:
    """Return the name in ASCII where only its width differs, else nothing."""
    twin = tidy(name, compatible=True)
    return twin if all(_is_latin(c) for c in twin if c.isalpha()) else None


def _list(characters: list[str]) -> str:
    return " ".join(list(dict.fromkeys(characters))[:_MOST_FINDINGS_OF_MARKS])
