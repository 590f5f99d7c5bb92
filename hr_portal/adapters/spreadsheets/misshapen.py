"""Tables of another shape than a list: told with the way to make one of them.

The old value above the new one, a table beside another, a name in pieces, a whole row in one
cell. None is read, because what belongs together would be a guess.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from hr_portal.adapters.spreadsheets.heading import HEAD_ROWS, Found
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.columns import Recognition
from hr_portal.domain.fields import FIELD, header_key
from hr_portal.domain.layouts import UNKNOWN, group_of, understand
from hr_portal.domain.table import Role
from hr_portal.domain.texts import Texts

SIGNS = {
    "\t": ("tab", "tab"), ";": ("titik koma (;)", "semicolon (;)"), ",": ("koma (,)", "comma (,)"),
    "|": ("garis tegak (|)", "vertical bar (|)"), "^": ("tanda ^", "sign ^"), "~": ("tanda ~", "sign ~"),
    ":": ("titik dua (:)", "colon (:)"),
}  # fmt: skip
"""What stands between columns, in both languages."""
_SPACES = ("spasi", "spaces")
_SURE = 6
"""A header's score from which its names leave no doubt."""
_FEWEST = 3
"""Fewer columns than this make no table."""
_LOOKED_AT = 200
_NUMBER = re.compile(r"[0-9]{9,17}")
"""A KPJ or a NIK, whole or not; an office's telephone has a word before it."""
_TICKS = frozenset({"V", "X", "√", "✓", "✔", "☑", "●", "YA", "Y"})
"""What marks a datum in a form where its new value stands elsewhere."""
_FIRST_NAMES = frozenset({"NAMADEPAN", "NAMAAWAL", "FIRSTNAME", "GIVENNAME"})
_LAST_NAMES = frozenset({"NAMABELAKANG", "NAMAAKHIR", "LASTNAME", "SURNAME", "FAMILYNAME"})
_MIDDLE_NAMES = frozenset({"NAMATENGAH", "MIDDLENAME"})
_PIECES = _FIRST_NAMES | _MIDDLE_NAMES | _LAST_NAMES


def misshapen(sheet: Sheet, found: Found, recognition: Recognition) -> tuple[str, str] | None:
    """Return which refusal fits a sheet that is no list, and the columns it names."""
    columns = [column_letters(column) for column in found.columns]
    roles = recognition.header.roles
    second = _second_table(found, understand(found.texts).roles)
    if second is not None:
        return "side-by-side", f"{columns[second]} “{found.texts[second][:40]}”"
    pieces = [at for at, text in enumerate(found.texts) if header_key(text) in _PIECES]
    keys = {header_key(found.texts[at]) for at in pieces}
    if Role("record", "nama") not in roles and keys & _FIRST_NAMES and keys & _LAST_NAMES:
        return "name-in-pieces", ", ".join(
            f"{columns[at]} “{found.texts[at][:40]}”" for at in pieces
        )
    if not any(role.part == "after" for role in roles):
        cards = [
            sheet.columns[column].values
            for column, role in zip(found.columns, roles, strict=True)
            if role.field == "kpj"
        ]
        for at, column in enumerate(found.columns):
            if _are_sides(sheet, column, found.last + 1, cards):
                return "sides-below", f"{columns[at]} “{found.texts[at][:40]}”"
    return None


def ticked(sheet: Sheet, found: Found, roles: Sequence[Role]) -> str:
    """Return the columns that only tick what column "Menjadi" has the value of, "" for none."""
    if Role("after") not in understand(found.texts).roles:
        return ""
    named = [
        f"{column_letters(column)} “{text[:40]}”"
        for column, text, role in zip(found.columns, found.texts, roles, strict=True)
        if role.part == "after"
        and role.field is not None
        and FIELD[role.field].kind != "code"
        and _are_ticks(sheet, column, found.last + 1)
    ]
    return ", ".join(named)


def _are_ticks(sheet: Sheet, column: int, start: int) -> bool:
    values = sheet.columns[column].values[start : start + _LOOKED_AT]
    said = {text.strip().upper() for text in values} - {""}
    return bool(said) and said <= _TICKS


def _second_table(found: Found, roles: tuple[Role, ...]) -> int | None:
    """Return the first column of a table beside the first one, with an empty column between."""
    for at, (left, right) in enumerate(pairwise(found.columns), 1):
        same = roles[at : at + _FEWEST]
        if (
            right - left > 1
            and len(same) == _FEWEST == len({*same} - {UNKNOWN})
            and {*same} <= {*roles[:at]}
        ):
            return at
    return None


def _are_sides(sheet: Sheet, column: int, start: int, cards: Sequence[Texts]) -> bool:
    """Tell whether a column says "Semula" and "Menjadi" by turns, one below the other."""
    held = sheet.columns[column].values[start : start + _LOOKED_AT]
    rows = [row for row, text in enumerate(held, start) if text.strip()]
    sides = [group_of(" ".join(held[row - start].split())) for row in rows]
    if not sides or sides != ["before", "after"] * (len(sides) // 2):
        return False
    # Of one person: the second row has no KPJ or the same one.
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return all(values[new] in {"", values[old]} for old, new in pairs for values in cards)


def header_in_one_cell(sheet: Sheet) -> tuple[str, str] | None:
    """Return what separates the names of a header that lies in one cell; None where none does."""
    for cells in sheet.head(HEAD_ROWS):
        if len(cells) != 1:
            continue
        ((_, text),) = cells.values()
        for sign, words in SIGNS.items():
            if understand(_split(text, sign)).score >= _SURE:
                return words
        if understand(re.split(r" {2,}", text)).score >= _SURE:
            return _SPACES
    return None


def row_in_one_cell(text: str, columns: int) -> tuple[str, str] | None:
    """Return what separates the values of a whole row that lies in one cell of so many columns."""
    for sign, words in SIGNS.items():
        pieces = _split(text, sign) if sign in text else []
        if len(pieces) >= max(columns - 1, _FEWEST) and any(map(_NUMBER.fullmatch, pieces)):
            return words
    return None


def _split(text: str, sign: str) -> list[str]:
    return [piece.strip(" \"'") for piece in text.split(sign)]
