"""The mapping sheet that may lie among documents: which file is whose, and what it is.

A csv under a name with "pemetaan" or "mapping" in it, with a header. Columns are
known by their names: the file; NIK, KPJ or row; the kind. Anything else is left alone.
"""

import csv
import io
import re

from hr_portal.domain.matching import Line

NAME = re.compile(r"(?:pemetaan|mapping)[^/\\]*\.(?:csv|txt)$", re.IGNORECASE)
MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 20_000

_FILE = frozenset({"FILE", "BERKAS", "NAMA BERKAS", "NAMA FILE", "FILE NAME", "DOKUMEN"})
_WHOSE = frozenset(
    {"NIK", "KPJ", "NIK ATAU KPJ", "NIK KPJ", "BARIS", "ROW", "NO KPJ", "NO NIK", "NIK OR KPJ"}
)
_KIND = frozenset({"JENIS", "KIND", "JENIS DOKUMEN", "TYPE", "KIND OF DOCUMENT"})


def is_mapping_sheet(path: str) -> bool:
    """Say whether a file of that name is a mapping sheet, not a document."""
    return NAME.search(path) is not None


def read_mapping(data: bytes) -> list[Line] | None:
    """Return the lines of a mapping sheet; None where it has no such columns.

    UTF-8 with or without BOM, else cp1252; separated by semicolons, commas or tabs.
    """
    if len(data) > MOST_BYTES or b"\0" in data:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    separator = max(";,\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return None
    if not rows or len(rows) > MOST_LINES:
        return None
    names = [" ".join(re.findall("[A-Z]+", cell.upper())) for cell in rows[0]]
    file = next((at for at, name in enumerate(names) if name in _FILE), None)
    whose = [at for at, name in enumerate(names) if name in _WHOSE]
    kind = next((at for at, name in enumerate(names) if name in _KIND), None)
    if file is None or not whose:
        return None
    lines = []
    for row in rows[1:]:
        cells = [cell.strip() for cell in row] + [""] * (len(names) - len(row))
        told = next((cells[at] for at in whose if cells[at]), "")
        if cells[file]:
            lines.append(Line(cells[file], told, cells[kind] if kind is not None else ""))
    return lines
