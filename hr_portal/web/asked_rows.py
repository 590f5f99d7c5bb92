"""Which rows a form over many rows means: all that wait, a filter's, or those typed."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final

from hr_portal.services import many_verdicts
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor
from hr_portal.web.current import portal

MOST_TYPED: Final = 20_000
"""Rows that a typed list may name."""
_RANGE: Final = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")


def asked_rows(batch_id: str, scope: str, named: Sequence[int], seen_at: dt.datetime | None) -> Any:  # noqa: ANN401 - "rest" or a list
    """The rows a form over many means, also those of them that were judged since it was opened.

    Raises Invalid where it names none.
    """
    if many_verdicts.ONLY.get(scope) is None:
        return named
    found = many_verdicts.rows_of(portal(), actor(), batch_id, scope, seen_at)
    if not found:
        raise Invalid(
            "Tidak ada lagi baris yang menunggu dalam pilihan ini.",
            "No row of this choice is waiting any more.",
            fields={"scope": "Kosong"},
        )
    return found


def typed_rows(typed: str) -> list[int]:
    """Row numbers as people list them: "38, 203, 214-220".

    Raises Invalid where something is no number, a range runs backwards, or nothing is named.
    """
    rows: set[int] = set()
    count = 0
    for part in re.split(r"[,;\s]*[,;\n]\s*", typed.strip()):
        if not part:
            continue
        found = _RANGE.fullmatch(part.strip())
        if found is None:
            raise _no_rows(
                f"“{part[:30]}” bukan nomor baris. Tulis misalnya: 38, 203, 214-220.",
                f"“{part[:30]}” is not a row number. Write for example: 38, 203, 214-220.",
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first or last - first >= MOST_TYPED:
            raise _no_rows(
                f"Rentang “{part}” terbalik atau terlalu panjang. Tulis nomor kecil lebih dahulu, misalnya 214-220.",
                f"The range “{part}” runs backwards or is too long. Write the smaller number first: 214-220.",
            )
        count += last - first + 1
        if count > MOST_TYPED:
            raise _no_rows(
                f"Daftar ini menyebut lebih dari {MOST_TYPED} baris. Bagi menjadi beberapa kali.",
                f"This list names more than {MOST_TYPED} rows. Decide them in parts.",
            )
        rows.update(range(first, last + 1))
    if not rows:
        raise _no_rows(
            "Tulis nomor baris yang diputuskan, misalnya: 38, 203, 214-220.",
            "Write the numbers of the rows to decide, for example: 38, 203, 214-220.",
        )
    return sorted(rows)


def _no_rows(message: str, message_en: str) -> Invalid:
    return Invalid(message, message_en, fields={"rows": "Nomor baris"})
