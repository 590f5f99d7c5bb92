"""The corrections inside the PDF of a letter, as JSON and CSV, and how they are read back.

PDF/A-3 (ISO 19005-3, 6.8) allows files of any kind inside, each with its relationship to the
document, a date and a media type, and named by the catalogue.
"""

import csv
import io
import json
from typing import Any

import pikepdf

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.domain.letter_data import (
    CSV_NAME,
    JSON_NAME,
    WORKBOOK_NAME,
    LetterDataError,
    LetterRow,
    csv_lines,
    letter_data,
    rows_from_data,
    rows_of,
)
from hr_portal.domain.letters import LetterFacts

MOST_BYTES = 128 * 1024**2
"""Of a file unpacked; the JSON of 50,000 corrections has about 15 MB."""

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def embed(letter: pikepdf.Pdf, facts: LetterFacts, workbook: bytes = b"") -> None:
    """Put the corrections of a letter into its PDF; the same facts give the same bytes.

    `workbook` is the table of a letter that does not print it.
    """
    content = json.dumps(letter_data(facts), ensure_ascii=False, indent=1).encode()
    files = [
        (JSON_NAME, content, "application/json", "Koreksi pada surat ini, untuk dibaca program"),
        (CSV_NAME, as_csv(list(rows_of(facts.people))), "text/csv", "Koreksi pada surat ini"),
    ]
    if workbook:
        files.append((WORKBOOK_NAME, workbook, WORKBOOK_TYPE, "Lampiran I surat ini"))
    for name, data, media_type, about in files:
        day = f"D:{facts.issued_on:%Y%m%d}000000Z"
        letter.attachments[name] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]  # stubs lag
            letter,
            data,
            filename=name,
            mime_type=media_type,
            description=about,
            creation_date=day,
            mod_date=day,
            relationship=pikepdf.Name.Data,
        )
    names = letter.Root.Names.EmbeddedFiles
    letter.Root.AF = pikepdf.Array(_specifications(names))


def as_csv(rows: list[LetterRow]) -> bytes:
    """Return rows as the CSV of a letter: UTF-8 with BOM, semicolons, CRLF."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(csv_lines(iter(rows)))
    return text.getvalue().encode("utf-8-sig")


def read_data(pdf: bytes) -> dict[str, Any]:
    """Return the JSON inside the PDF of a letter.

    Raises LetterError LET-DATA: no PDF, one without it, or with something else in its place.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            held = opened.attachments.get(JSON_NAME)
            content = None if held is None else _bytes(held)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        raise _unreadable("berkas ini bukan PDF yang utuh", "it is no sound PDF") from error
    if content is None:
        raise _unreadable(
            f"PDF ini tidak memuat {JSON_NAME}; hasil pindai dan PDF yang dicetak ulang memang tidak",
            f"the PDF holds no {JSON_NAME}; a scan or a reprinted PDF does not",
        )
    try:
        data = json.loads(content)
        rows_from_data(data)
    except (ValueError, RecursionError, LetterDataError) as error:
        raise _unreadable(
            f"{JSON_NAME} di dalamnya bukan data surat versi 1", "its data are not of version 1"
        ) from error
    return dict(data)


def read_workbook(pdf: bytes) -> bytes:
    """Return the workbook of a letter whose table is a file, byte for byte.

    Raises LetterError LET-DATA: no PDF, or one without it.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            held = opened.attachments.get(WORKBOOK_NAME)
            content = None if held is None else _bytes(held)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        raise _unreadable("berkas ini bukan PDF yang utuh", "it is no sound PDF") from error
    if content is None:
        raise _unreadable(
            "koreksinya tercetak pada halaman suratnya, bukan dalam berkas Excel",
            "its corrections are printed on its pages, not in a workbook",
        )
    return content


def read_rows(pdf: bytes) -> list[LetterRow]:
    """Return the corrections inside the PDF of a letter; raises as `read_data` does."""
    return rows_from_data(read_data(pdf))


def _bytes(held: pikepdf.AttachedFileSpec) -> bytes:
    file = held.get_file()
    if int(file.size or 0) > MOST_BYTES:
        raise ValueError("too large")
    content = bytes(file.read_bytes())
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    return content


def _specifications(names: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the file specifications of a tree of names, in its order."""
    found = list(names.get("/Names", []))[1::2]
    for child in names.get("/Kids", []):
        found.extend(_specifications(child))
    return found


def _unreadable(why: str, why_en: str) -> LetterError:
    return LetterError(
        "LET-DATA",
        f"Isi surat tidak dapat dibaca: {why}. Gunakan PDF yang diunduh dari portal.",
        f"The letter's content can't be read: {why_en}. Use the PDF downloaded from the portal.",
    )
