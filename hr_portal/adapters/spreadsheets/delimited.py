"""Reading csv: which encoding, which separator, and every record accounted for.

A csv says nothing of itself, so everything is found by evidence and told on the
page. Quotes are taken strictly: where they do not close, nobody knows how many
rows the file has, and it is refused (security.md F5 and F12).
"""

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator

from hr_portal.adapters.spreadsheets.csvtext import prove
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import (
    HEADING_ALLOWANCE,
    RawColumn,
    Sheet,
    check_grid,
    too_many_columns,
    too_many_rows,
)
from hr_portal.adapters.spreadsheets.strings import too_long
from hr_portal.domain.layouts import understand
from hr_portal.domain.table import Kind

DELIMITERS = ";,\t|"
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 200_000
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n?|\n)', re.IGNORECASE)
_BLOCK = 5_000


def find_delimiter(text: str) -> str:
    """Choose the separator whose first records look most like a table of corrections.

    Known headers count most, then how many records have as many cells as the
    fullest of the first rows.
    """
    best = ((0, 0.0, 0), ",")
    for delimiter in DELIMITERS:
        records = list(itertools.islice(_lenient(text, delimiter), _SAMPLE_RECORDS))
        if not records:
            continue
        width = max(len(record) for record in records)
        if width < 2:  # noqa: PLR2004 - one column is no evidence
            continue
        known = max(understand([cell.strip() for cell in record[:600]]).score for record in records)
        same = sum(len(record) == width for record in records) / len(records)
        best = max(best, ((known, same, width), delimiter))
    return best[1]


def _lenient(text: str, delimiter: str) -> Iterator[list[str]]:
    sample = io.StringIO(text, newline="")
    try:
        for record in csv.reader(sample, delimiter=delimiter):
            if record:
                yield record
    except csv.Error:
        return


def read_csv(
    data: bytes | memoryview,
    file: str,
    limits: ReadLimits,
    progress: Callable[[int], None] | None = None,
) -> Sheet:
    """Read a csv into a sheet whose cells are all TEXT; raises Unreadable.

    Row numbers are those a spreadsheet program would show: the records in
    order, blank ones counted, a leading `sep=` line not.
    """
    text = prove(data, file)
    sample = text.head(_SAMPLE_CHARACTERS)
    said = _SEP_LINE.match(sample)
    if said:
        sample = sample[said.end() :]
    delimiter = said[1] if said and said[1] in DELIMITERS else find_delimiter(sample)
    lines = text.lines()
    if said:
        next(lines)
    sheet = Sheet("", source="csv", encoding=text.encoding, delimiter=delimiter)
    csv.field_size_limit(limits.max_cell_characters)
    first = 0
    for block in _blocks(_records(lines, delimiter, file, limits), _BLOCK):
        _take_block(sheet, block, first)
        first += len(block)
        if len(sheet.row_numbers) > limits.max_rows + HEADING_ALLOWANCE:
            raise too_many_rows(file, limits)
        check_grid(sheet, file, limits)
        if progress is not None:
            progress(len(sheet.row_numbers))
    sheet.finish()
    return sheet


def _blocks(records: Iterator[list[str]], size: int) -> Iterator[list[list[str]]]:
    while block := list(itertools.islice(records, size)):
        yield block


def _records(
    lines: Iterator[str], delimiter: str, file: str, limits: ReadLimits
) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    width = 0
    try:
        for record in reader:
            number += 1
            if len(record) > limits.max_columns and any(record[limits.max_columns :]):
                raise too_many_columns(file, limits)
            width = max(width, len(record))
            _check_swallowed(record, delimiter, width, number, file)
            yield record
    except csv.Error as error:
        if "field larger" in str(error):
            raise too_long(file, f"baris {number + 1}", limits) from None
        raise refuse("csv-quote", file, row=number + 1) from None


def _check_swallowed(record: list[str], delimiter: str, width: int, number: int, file: str) -> None:
    """Refuse a cell that holds what looks like whole rows: a quote was left open."""
    for cell in record:
        if "\n" in cell or "\r" in cell:
            longest = max(line.count(delimiter) for line in cell.splitlines() or [""])
            if width > 2 and longest >= width - 2:  # noqa: PLR2004 - two columns prove nothing
                raise refuse("csv-swallowed", file, row=number)


def _take_block(sheet: Sheet, block: list[list[str]], first: int) -> None:
    """Store records by column; `first` is how many came before them."""
    at = len(sheet.row_numbers)
    rows = [(first + place + 1, record) for place, record in enumerate(block) if any(record)]
    sheet.row_numbers.extend(number for number, _ in rows)
    columns = itertools.zip_longest(*(record for _, record in rows), fillvalue="")
    for column, values in enumerate(columns):
        raw = sheet.columns.get(column)
        if raw is None:
            if not any(values):
                continue
            raw = sheet.columns[column] = RawColumn()
        raw.pad(at)
        raw.values.extend(values)
        raw.kinds.extend(bytes([Kind.TEXT if value else Kind.EMPTY for value in values]))
