"""A column read at once says what its cells say one by one: speed never changes a verdict."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hr_portal.domain.checks.columns import READERS, are_plain_names
from hr_portal.domain.checks.reading import Reading
from hr_portal.domain.cleaning import STAND_INS
from hr_portal.domain.emails import SHORT, SHORTEST_LIMIT, are_all_short
from hr_portal.domain.names import LONGEST, OPENINGS, PLAIN, canonical, look_at
from hr_portal.domain.table import Kind

FIELD_OF = {
    "digits": "kode_pos", "name": "nama", "code": "jenis_kelamin", "phone": "hp", "email": "email",
    "text": "alamat",
}  # fmt: skip
PHONES = st.from_regex(r"\A(08|62|0|\+62)[0-9 -]{6,13}\Z") | st.sampled_from(
    [
        "081234567890",
        "0812345678",
        "08123456789012",
        "081234567890\n",
        "08\n81234567890",
        "０８１２",
        "08",
        "",
    ]
)
WORDS = st.text("AZaz 09.-@\n\t é\u200b", max_size=12) | st.sampled_from(
    ["SITI CONTOHAN", "Siti Contohan", "HJ SITI", "siti@contoh.example", "A.B@C.CO", "L", "P", "-",
     "TIDAK ADA", "HAPUS", " SITI", "SITI ", "SITI  UMPAMA", "ıı aa", "10110", "1-0"]
)  # fmt: skip
CELLS = st.lists(PHONES | WORDS | st.text(max_size=6), max_size=14)


def read(kind, values):
    kinds = np.array([Kind.TEXT if value else Kind.EMPTY for value in values], np.uint8)
    reading = Reading(FIELD_OF[kind], list(values), kinds)
    READERS[kind](reading)
    return reading


def said(reading):
    """Of each cell: its clean value, its state, and the codes of its faults and tidyings."""
    codes = [set() for _ in reading.raw]
    for (code, case), fault in reading.faults.items():
        for place in fault.places:
            codes[place].add((code, case))
    for code, places in reading.tidied.items():
        for place in places:
            codes[place].add(code)
    return list(zip(reading.clean, reading.state.tolist(), codes, strict=True))


@pytest.mark.parametrize("kind", READERS)
@given(values=CELLS)
def test_a_column_is_read_as_its_cells_alone(kind, values):
    alone = [said(read(kind, [value]))[0] for value in values]
    assert said(read(kind, values)) == alone


@pytest.mark.parametrize("kind", READERS)
@given(values=st.lists(PHONES, min_size=1, max_size=8))
def test_a_column_of_one_kind_is_read_as_its_cells_alone(kind, values):
    alone = [said(read(kind, [value]))[0] for value in values]
    assert said(read(kind, values)) == alone


ADDRESSES = st.lists(
    st.sampled_from(["siti", ".", "@", "@contoh.example", "\n", "A", "x" * 50, "b.cc", "-", "é"]), max_size=4
).map("".join)  # fmt: skip


@given(values=st.lists(ADDRESSES, max_size=6))
@example(values=["a@b.cc\nd@e.ff"])
@example(values=["a@b.cc", ""])
@example(values=["x" * 58 + "@b.ccc", "x" * 59 + "@b.ccc"])
def test_addresses_are_told_together_as_one_by_one(values):
    short = [len(value) <= SHORTEST_LIMIT and SHORT.fullmatch(value) for value in values]
    assert are_all_short(values) == all(short)


NAME_PARTS = st.sampled_from(
    [*sorted(OPENINGS), *sorted(filter(str.isascii, STAND_INS)), "BUDI", "SITI", "AB", "S", "", "Ani", "A1",
     "X" * 56, "TIDAKADA", "PROFESORA", "HA", "@[", " ", "ALM", "ALMH", "ALMARHUM", "ALMIRA", "MENJADI"]
)  # fmt: skip
NAMES = st.lists(NAME_PARTS, max_size=3).map(" ".join)


@given(st.lists(NAMES | WORDS.filter(lambda word: "\n" not in word and word.isascii()), min_size=1))
@example(["SITI MENJADI SITA", "SEHARUSNYA BUDI", "BUDI UMPAMA"])
@example(["BUDI UMPAMA ALM", "ALMARHUM BUDI", "SITI ALMIRA", "BUDI UMPAMA"])
def test_plain_names_are_told_at_once_as_one_by_one(values):
    for value, is_plain in zip(values, are_plain_names(values).tolist(), strict=True):
        known = bool(PLAIN.fullmatch(value)) and value not in STAND_INS
        # Of a few the closer look says the same later: what begins as TIDAK ADA or ALMARHUM does.
        is_odd = value.startswith("TIDAK ") or " ALM" in f" {value}"
        assert is_plain == (known and not is_odd)
        assert not is_plain or len(value) <= LONGEST


@given(NAMES | WORDS)
def test_nothing_is_said_of_a_plain_name(name):
    if PLAIN.fullmatch(name.upper()) and name.isascii() and name.upper() not in STAND_INS:
        assert canonical(name) == name.upper()
        assert not look_at(canonical(name), of="nama")
