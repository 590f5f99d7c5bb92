"""A report as bytes and back, column by column: what goes through the pipe.

No pickle: what comes out of the child is only ever lists of text, numbers and
arrays of known type. The stream is a head (JSON) and then frames of a known
order, each with its length, so that neither side holds the whole twice.
"""

import contextlib
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets.references import Values, recall, tell
from hr_portal.domain.report import Corrections, Findings, Report
from hr_portal.domain.table import Column, Remark, Role, Table

MAGIC = b"HRPR0004"
_LENGTH = struct.Struct("<Q")
_MAX_FRAME = 1 << 30
_SAMPLES = 1_000
_FINDING_COLUMNS = (
    "code", "case", "severity", "row", "column", "field_key", "value", "suggestion", "params",
)  # fmt: skip


class Stream(Protocol):
    """What a report is read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""


class Garbled(ValueError):  # noqa: N818 - a verdict on bytes
    """The bytes are not a report."""


def _json(value: object) -> bytes:
    return orjson.dumps(value)


def encode(report: Report) -> Iterator[bytes]:
    """Yield a report as frames: its table, then what the check made of it."""
    yield from encode_table(report.table)
    yield from encode_check(report)


def encode_table(table: Table) -> Iterator[bytes]:
    """Yield a table as frames; each is complete with its length."""
    yield from _with_lengths(_table_frames(table))


def encode_check(report: Report) -> Iterator[bytes]:
    """Yield all of a report but its table, which the reader has already."""
    yield from _with_lengths(_check_frames(report))


def _with_lengths(frames: Iterator[bytes]) -> Iterator[bytes]:
    for frame in frames:
        yield _LENGTH.pack(len(frame))
        yield frame


def _table_frames(table: Table) -> Iterator[bytes]:
    head: dict[str, Any] = {
        "file": table.file, "sheet": table.sheet, "layout": table.layout,
        "header_row": table.header_row, "headers": table.headers, "letters": table.letters,
        "roles": [[role.part, role.field] for role in table.roles],
        "empty_rows": table.empty_rows, "epoch_1904": table.epoch_1904, "source": table.source,
        "remarks": [[each.kind, each.text, each.text_en, list(each.rows)] for each in table.remarks],
        "refused": [list(each) for each in table.refused],
        "own_columns": list(table.own_columns), "merged": table.merged,
        "computed": [column.computed is not None for column in table.columns],
        "bases": table.bases, "fingerprint": table.fingerprint, "words": table.words,
        "names": table.names, "known_layout": table.known_layout,
    }  # fmt: skip
    yield MAGIC + _json(head)
    yield table.row_numbers.astype("<i4").tobytes()
    for column in table.columns:
        yield from _column_frames(column.values)
        yield column.kinds.astype(np.uint8).tobytes()
        if column.computed is not None:
            yield column.computed.astype(np.uint8).tobytes()


def _check_frames(report: Report) -> Iterator[bytes]:
    table = report.table
    head: dict[str, Any] = {
        "ruleset": report.ruleset, "tidied": dict(report.tidied),
        "tidied_cells": list(report.tidied_cells),
        "employee": list(report.employee),
        "clean": [clean is not None for clean in report.clean],
    }  # fmt: skip
    yield _json(head)
    yield report.row_severity.astype(np.uint8).tobytes()
    pool: list[Values] = [column.values for column in table.columns]
    for at, clean in enumerate(report.clean):
        if clean is not None:
            # A clean column is mostly the raw one; only that is worth a look.
            yield _text(tell(clean, None, [table.columns[at].values]))
    pool += [clean for clean in report.clean if clean is not None]
    for key in report.employee:
        yield _text(tell(report.employee[key], None, pool))
    for rows, columns in report.tidied_cells.values():
        yield rows.astype("<i4").tobytes()
        yield columns.astype("<i4").tobytes()
    for name in _FINDING_COLUMNS:
        yield _text(getattr(report.findings, name))
    yield from _correction_frames(report.corrections, pool)


def _column_frames(values: list[str]) -> Iterator[bytes]:
    """A column as texts, or as its few different texts and which of them each row has."""
    sample = values[:: max(1, len(values) // _SAMPLES)]
    few = len(set(sample)) * 2 <= len(sample)
    listed = list(dict.fromkeys(values)) if few else values
    if len(listed) * 4 > len(values):
        yield _text(values)
        yield b""
        return
    number = {text: at for at, text in enumerate(listed)}
    yield _text(listed)
    yield np.array([number[text] for text in values], dtype="<i4").tobytes()


def _correction_frames(corrections: Corrections, pool: list[Values]) -> Iterator[bytes]:
    """Corrections field by field: those of one field come from one column, mostly."""
    fields = list(dict.fromkeys(corrections.field_key))
    number = {field: at for at, field in enumerate(fields)}
    of_field = np.array([number[field] for field in corrections.field_key], dtype="<i4")
    rows = np.array(corrections.row, dtype="<i4")
    yield _json(fields)
    yield of_field.tobytes()
    yield rows.tobytes()
    for at in range(len(fields)):
        places = np.flatnonzero(of_field == at).tolist()
        own = [corrections.row[place] for place in places]
        for values in (corrections.before, corrections.after):
            yield _text(tell([values[place] for place in places], own, pool))


def _text(values: list[Any]) -> bytes:
    try:
        return _json(values)
    except TypeError:
        # A lone half of a surrogate pair can't be written as UTF-8.
        return _json(_whole(values))


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _read(stream: Stream) -> bytes:
    prefix = stream.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        raise Garbled("the stream ends early")
    (length,) = _LENGTH.unpack(prefix)
    if length > _MAX_FRAME:
        raise Garbled("a frame is too long")
    frame = stream.read(length)
    if len(frame) < length:
        raise Garbled("a frame is cut short")
    return frame


def decode(stream: Stream) -> Report:
    """Read a report from a stream of frames; raises `Garbled`."""
    return decode_check(stream, decode_table(stream))


def decode_table(stream: Stream) -> Table:
    """Read a table from a stream of frames; raises `Garbled`."""
    with _garbled():
        return _table(stream)


def decode_check(stream: Stream, table: Table) -> Report:
    """Read what a check made of a table; raises `Garbled`."""
    with _garbled():
        return _check(stream, table)


@contextlib.contextmanager
def _garbled() -> Iterator[None]:
    try:
        yield
    except Garbled:
        raise
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise Garbled(str(error)) from None


def _table(stream: Stream) -> Table:
    first = _read(stream)
    if not first.startswith(MAGIC):
        raise Garbled("not a report")
    head = orjson.loads(first[len(MAGIC) :])
    numbers = np.frombuffer(_read(stream), dtype="<i4").astype(np.int32)
    columns = [_column(stream, len(numbers), computed=computed) for computed in head["computed"]]
    if len(columns) != len(head["roles"]):
        raise Garbled("lengths disagree")
    return Table(
        file=head["file"], sheet=head["sheet"], layout=head["layout"],
        header_row=head["header_row"], headers=head["headers"], letters=head["letters"],
        roles=[Role(part, field) for part, field in head["roles"]],
        columns=columns, row_numbers=numbers, empty_rows=head["empty_rows"],
        epoch_1904=head["epoch_1904"], source=head["source"],
        remarks=[Remark(kind, text, english, tuple(at)) for kind, text, english, at in
                 head["remarks"]],
        refused=[(number, text, english) for number, text, english in head["refused"]],
        own_columns=tuple(head["own_columns"]),
        merged=tuple((at, first, last) for at, first, last in head["merged"]),
        bases=head["bases"], fingerprint=head["fingerprint"], words=head["words"], names=head["names"],
        known_layout=head["known_layout"],
    )  # fmt: skip


def _check(stream: Stream, table: Table) -> Report:
    head = orjson.loads(_read(stream))
    severity = np.frombuffer(_read(stream), dtype=np.uint8)
    rows = len(table)
    raw: list[Values] = [column.values for column in table.columns]
    clean = [
        _recalled(stream, [raw[at]], rows) if there else None
        for at, there in enumerate(head["clean"])
    ]
    pool = raw + [values for values in clean if values is not None]
    employee = {key: _recalled(stream, pool, rows) for key in head["employee"]}
    tidied_cells = {code: (_places(stream), _places(stream)) for code in head["tidied_cells"]}
    findings = Findings(**{name: _list(stream) for name in _FINDING_COLUMNS})
    corrections = _corrections(stream, pool)
    if len(severity) != rows:
        raise Garbled("lengths disagree")
    return Report(
        table, head["ruleset"], severity, findings, corrections, clean, employee,
        Counter(head["tidied"]), tidied_cells,
    )  # fmt: skip


def _recalled(stream: Stream, pool: Sequence[Values], rows: int) -> list[Any]:
    values = recall(_list(stream), None, pool)
    if len(values) != rows:
        raise Garbled("lengths disagree")
    return values


def _corrections(stream: Stream, pool: Sequence[Values]) -> Corrections:
    fields = _list(stream)
    of_field, rows = _places(stream), _places(stream)
    row = rows.tolist()
    made = Corrections(row=row, field_key=[fields[at] for at in of_field.tolist()])
    made.before, made.after = [""] * len(row), [""] * len(row)
    if len(of_field) != len(row):
        raise Garbled("lengths disagree")
    for at in range(len(fields)):
        places = np.flatnonzero(of_field == at).tolist()
        own = [row[place] for place in places]
        for target in (made.before, made.after):
            values = recall(_list(stream), own, pool)
            for place, value in zip(places, values, strict=True):
                target[place] = value
    return made


def _places(stream: Stream) -> NDArray[np.int32]:
    return np.frombuffer(_read(stream), dtype="<i4").astype(np.int32)


def _list(stream: Stream, rows: int | None = None) -> list[Any]:
    values = orjson.loads(_read(stream))
    if not isinstance(values, list) or (rows is not None and len(values) != rows):
        raise Garbled("lengths disagree")
    return values


def _column(stream: Stream, rows: int, *, computed: bool) -> Column:
    values, which = _list(stream), _places(stream).tolist()
    if which or not values:
        values = [values[at] for at in which]
    kinds = np.frombuffer(_read(stream), dtype=np.uint8)
    marks = np.frombuffer(_read(stream), dtype=np.uint8).astype(np.bool_) if computed else None
    if len(values) != rows or len(kinds) != rows or (marks is not None and len(marks) != rows):
        raise Garbled("lengths disagree")
    return Column(values, kinds, marks)
