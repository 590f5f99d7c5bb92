"""A report goes through the pipe and comes out the same; nothing else does."""

import io
from dataclasses import asdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.adapters.spreadsheets import codec
from hr_portal.adapters.spreadsheets.tables import read_table
from hr_portal.domain.checking import check
from hr_portal.domain.report import ROW_EMPTY
from samples import november, sheets, stories


def plain(value):
    """A report as nested plain values, arrays as lists with their type."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.tolist()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def report_of(story):
    data = sheets.write(story)
    return check(read_table(data, story.file), today=date(2026, 11, 21))


@pytest.mark.parametrize(
    "story", [*november.stories(), *stories.all_stories()], ids=lambda story: story.stem
)
def test_a_report_comes_back_the_same(story):
    report = report_of(story)
    again = codec.decode(io.BytesIO(b"".join(codec.encode(report))))
    assert plain(asdict(again)) == plain(asdict(report))


def test_merged_cells_come_back_the_same():
    report = report_of(stories.clean()[0])
    report.table.merged = ((0, 2, 3), (1, 2, 5))
    again = codec.decode(io.BytesIO(b"".join(codec.encode(report))))
    assert again.table.merged == report.table.merged


def test_a_report_that_calls_other_rows_empty_than_were_settled_is_garbled():
    report = report_of(stories.clean()[0])
    settled = b"".join((*codec.encode_table(report.table), *codec.encode_settled(report.settled)))
    report.row_severity[0] = ROW_EMPTY
    with pytest.raises(codec.Garbled, match="empty"):
        codec.decode(io.BytesIO(settled + b"".join(codec.encode_found(report))))


def test_half_characters_come_out_as_replacement_characters():
    report = report_of(stories.clean()[0])
    report.table.columns[3].values[0] = "SI\ud83dTI"
    again = codec.decode(io.BytesIO(b"".join(codec.encode(report))))
    assert again.table.columns[3].values[0] == "SI?TI"


@given(st.binary(max_size=200))
def test_bytes_that_are_no_report_are_garbled_and_nothing_worse(data):
    with pytest.raises(codec.Garbled):
        codec.decode(io.BytesIO(data))


@given(st.data())
def test_a_damaged_report_is_garbled_or_a_report(data):
    whole = b"".join(codec.encode(report_of(stories.clean()[1])))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    byte = data.draw(st.integers(0, 255))
    spoilt = whole[:at] if cut else whole[:at] + bytes([byte]) + whole[at + 1 :]
    try:
        codec.decode(io.BytesIO(spoilt))
    except codec.Garbled:
        return
    assert not cut
