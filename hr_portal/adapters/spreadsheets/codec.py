"""A report as bytes and back, column by column: what goes through the pipe.

No pickle: what comes out of the child is only ever lists of text, numbers and
arrays of known type. The stream is a head (JSON) and then frames of a known
order, each with its length, so that neither side holds the whole twice.
"""

import contextlib
import struct
from array import array
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from hr_portal.domain.report import ROW_EMPTY, Corrections, Findings, Report, Settled
from hr_portal.domain.table import Column, Remark, Role, Table, Witness
from hr_portal.domain.texts import Strings, Texts, sound_block

MAGIC = b"HRPR0007"
_LENGTH = struct.Struct("<Q")
_MAX_FRAME = 1 << 30


class Stream(Protocol):
    """What a report is read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""


class Garbled(ValueError):  # noqa: N818 - a verdict on bytes
    """The bytes are not a report."""


def _json(value: object) -> bytes:
    return orjson.dumps(value)


def encode(report: Report) -> Iterator[bytes]:
    """Yield a report as frames: its table, what is settled about it, what was found."""
    yield from encode_table(report.table)
    yield from encode_settled(report.settled)
    yield from encode_found(report)


def encode_table(table: Table) -> Iterator[bytes]:
    """Yield the frames of a table; a report's begin with them."""
    return _with_lengths(_table_frames(table))


def encode_settled(settled: Settled) -> Iterator[bytes]:
    """Yield the frames of what is settled, which follow those of its table."""
    return _with_lengths(_settled_frames(settled))


def encode_found(report: Report) -> Iterator[bytes]:
    """Yield the frames of a report that follow those of what is settled."""
    return _with_lengths(_found_frames(report))


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
        "remarks": [[one.kind, one.text, one.text_en, one.rows, one.cells] for one in table.remarks],
        "refused": [list(each) for each in table.refused],
        "own_columns": list(table.own_columns), "merged": table.merged,
        "witnesses": [astuple(one) for one in table.witnesses],
        "computed": [column.computed is not None for column in table.columns],
        "bases": table.bases, "fingerprint": table.fingerprint, "words": table.words,
        "names": table.names, "known_layout": table.known_layout,
    }  # fmt: skip
    yield MAGIC + _json(head)
    yield table.row_numbers.astype("<i4").tobytes()
    for column in table.columns:
        yield from _text_frames(column.values)
        yield column.kinds.astype(np.uint8).tobytes()
        if column.computed is not None:
            yield column.computed.astype(np.uint8).tobytes()


def _settled_frames(settled: Settled) -> Iterator[bytes]:
    table, asked = settled.table, settled.corrections
    pool = [column.values for column in table.columns]
    pool += [clean for clean in settled.clean if clean is not None]
    repeats = [_place_in(pool, values) for values in settled.employee.values()]
    head: dict[str, Any] = {
        "tidied_cells": list(settled.tidied_cells),
        "employee": dict(zip(settled.employee, repeats, strict=True)),
        "clean": [clean is not None for clean in settled.clean],
    }  # fmt: skip
    yield _json(head)
    yield settled.empty.astype(np.uint8).tobytes()
    for at, clean in enumerate(settled.clean):
        if clean is not None:
            # Where nothing was cleaned, the blocks are those of the raw column.
            yield from _text_frames(clean, beside=table.columns[at].values)
    for values, repeated in zip(settled.employee.values(), repeats, strict=True):
        if repeated is None:
            yield from _text_frames(values)
    for rows, columns in settled.tidied_cells.values():
        yield rows.astype("<i4").tobytes()
        yield columns.astype("<i4").tobytes()
    yield np.asarray(asked.row).astype("<i4").tobytes()
    for values in (asked.field_key, asked.before, asked.after):
        yield from _text_frames(values)


def _found_frames(report: Report) -> Iterator[bytes]:
    yield _json({"ruleset": report.ruleset})
    yield report.row_severity.astype(np.uint8).tobytes()
    texts, numbers = report.findings.columns()
    for number in numbers:
        yield np.asarray(number).astype("<i4").tobytes()
    for column in texts:
        yield from _text_frames(column)


def _place_in(pool: list[Strings], values: Strings) -> int | None:
    """Return which of the pool's columns is this very one."""
    return next((at for at, one in enumerate(pool) if one is values), None)


def _text_frames(values: Strings, beside: Strings | None = None) -> Iterator[bytes]:
    """Texts as two frames: how long each block is (-1 = as in the other column), the blocks."""
    encoded = values if isinstance(values, Texts) else Texts(values)
    others: list[bytes] = []
    if isinstance(beside, Texts) and beside.first == encoded.first:
        others = list(beside.blocks())
    lengths, sent = [encoded.first], []
    for at, block in enumerate(encoded.blocks()):
        if at < len(others) and others[at] is block:
            lengths.append(-1)
        else:
            sent.append(sound_block(block))
            lengths.append(len(sent[-1]))
    yield np.array(lengths, "<i4").tobytes()
    yield b"".join(sent)


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
    return decode_found(stream, decode_settled(stream, decode_table(stream)))


def decode_table(stream: Stream) -> Table:
    """Read the table that a report begins with; raises `Garbled`."""
    with _garbled():
        return _table(stream)


def decode_settled(stream: Stream, table: Table) -> Settled:
    """Read what is settled about a table that has been read; raises `Garbled`."""
    with _garbled():
        return _settled(stream, table)


def decode_found(stream: Stream, settled: Settled) -> Report:
    """Read the rest of a report; raises `Garbled`."""
    with _garbled():
        return _found(stream, settled)


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
        remarks=[Remark(kind, text, english, *map(tuple, at)) for kind, text, english, *at in
                 head["remarks"]],
        refused=[(number, text, english) for number, text, english in head["refused"]],
        own_columns=tuple(head["own_columns"]),
        merged=tuple((at, first, last) for at, first, last in head["merged"]),
        witnesses=tuple(Witness(*one) for one in head["witnesses"]),
        bases=head["bases"], fingerprint=head["fingerprint"], words=head["words"], names=head["names"],
        known_layout=head["known_layout"],
    )  # fmt: skip


def _settled(stream: Stream, table: Table) -> Settled:
    head = orjson.loads(_read(stream))
    empty = np.frombuffer(_read(stream), dtype=np.uint8).astype(np.bool_)
    rows = len(table)
    clean: list[Strings | None] = [
        _texts(stream, rows, beside=table.columns[at].values) if there else None
        for at, there in enumerate(head["clean"])
    ]
    pool = [column.values for column in table.columns]
    pool += [values for values in clean if values is not None]
    employee: dict[str, Strings] = {
        key: _texts(stream, rows) if repeated is None else pool[repeated]
        for key, repeated in head["employee"].items()
    }
    tidied_cells = {code: (_places(stream), _places(stream)) for code in head["tidied_cells"]}
    asked = array("i", _places(stream).tobytes())
    corrections = Corrections(asked, *(_texts(stream, len(asked)) for _ in range(3)))
    if len(empty) != rows or len(clean) != len(table.columns):
        raise Garbled("lengths disagree")
    return Settled(table, empty, corrections, clean, employee, tidied_cells)


def _found(stream: Stream, settled: Settled) -> Report:
    head = orjson.loads(_read(stream))
    severity = np.frombuffer(_read(stream), dtype=np.uint8)
    if not np.array_equal(severity == ROW_EMPTY, settled.empty):
        raise Garbled("other rows are empty")
    return Report.of(settled, head["ruleset"], severity, _findings(stream))


def _texts(stream: Stream, count: int, beside: Strings | None = None) -> Texts:
    first, *lengths = np.frombuffer(_read(stream), dtype="<i4").tolist()
    sent = _read(stream)
    others = list(beside.blocks()) if isinstance(beside, Texts) else []
    blocks, at = [], 0
    for place, length in enumerate(lengths):
        if length < 0:
            blocks.append(others[place])
        else:
            blocks.append(sent[at : at + length])
            at += length
    return Texts.of_blocks(blocks, first, count)


def _places(stream: Stream) -> NDArray[np.int32]:
    return np.frombuffer(_read(stream), dtype="<i4").astype(np.int32)


def _findings(stream: Stream) -> Findings:
    severity, row, column = _places(stream), _places(stream), _places(stream)
    found = Findings.of_columns(
        [_texts(stream, len(row)) for _ in range(6)],
        [
            array("B", severity.astype(np.uint8).tobytes()),
            array("i", row.tobytes()),
            array("i", column.tobytes()),
        ],
    )
    if not len(severity) == len(row) == len(column):
        raise Garbled("lengths disagree")
    if not all(params is None or isinstance(params, dict) for params in found.params):
        raise Garbled("no parameters")
    return found


def _column(stream: Stream, rows: int, *, computed: bool) -> Column:
    values = _texts(stream, rows)
    kinds = np.frombuffer(_read(stream), dtype=np.uint8)
    marks = np.frombuffer(_read(stream), dtype=np.uint8).astype(np.bool_) if computed else None
    if len(kinds) != rows or (marks is not None and len(marks) != rows):
        raise Garbled("lengths disagree")
    return Column(values, kinds, marks)
