"""Files that LibreOffice saved, held against what python-calamine sees in them.

calamine is no reader of ours: it turns numbers into doubles and errors into
blanks. What remains comparable must agree.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import python_calamine

from hr_portal.adapters.spreadsheets.books import open_book
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.domain.table import Kind

SAMPLES = Path(__file__).parents[3] / "samples"
SAVED = sorted([*SAMPLES.glob("libreoffice-*.ods"), *SAMPLES.glob("libreoffice-*.xls")])


def agrees(kind, value, other):
    match kind:
        case Kind.TEXT:
            return value == other
        case Kind.NUMBER:
            return float(value) == float(other)
        case Kind.BOOLEAN:
            return other is (value == "TRUE")
        case Kind.DATE:
            plain = isinstance(other, date) and not isinstance(other, datetime)
            seen = datetime.combine(other, time()) if plain else other
            return datetime.fromisoformat(value) == seen
        case Kind.TIME:
            return isinstance(other, time | timedelta)
    return other == ""


@pytest.mark.libreoffice
@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_every_cell_of_every_sheet_is_seen_alike(path):
    reader = open_book(inspect(path.read_bytes(), path.name), DEFAULT_LIMITS)
    other = python_calamine.CalamineWorkbook.from_path(path)
    assert [place.name for place in reader.book.sheets] == other.sheet_names
    for place in reader.book.sheets:
        sheet = reader.read(place)
        rows = other.get_sheet_by_name(place.name).to_python(skip_empty_area=False)
        filled = {
            (row, column)
            for row, cells in enumerate(rows, 1)
            for column, cell in enumerate(cells)
            if cell != ""
        }
        for column, raw in sheet.columns.items():
            for at, number in enumerate(sheet.row_numbers):
                kind = Kind(raw.kinds[at])
                if kind != Kind.EMPTY:
                    seen = rows[number - 1][column]
                    assert agrees(kind, raw.values[at], seen), (place.name, number, column)
                    filled.discard((number, column))
        assert filled == set()


def test_there_are_files_to_compare():
    assert {path.suffix for path in SAVED} == {".ods", ".xls"}
