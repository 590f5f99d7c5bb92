"""Texts that a program has spoilt: what is wrong, and the one text that was meant."""

import pytest

from hr_portal.domain.garbled import fault_of, meant
from tests.domain.sheets import judge, person


@pytest.mark.parametrize(
    ("text", "case", "whole"),
    [
        ("Jl.&nbsp;Misal 1 &amp;amp; 2", "code", "Jl. Misal 1 & 2"), ("D&#39;Contoh", "code", "D'Contoh"),
        (r"Jl. Misal 1\r\nRT 01", "code", "Jl. Misal 1 RT 01"), ("Misal_x000D_ 5", "code", "Misal 5"),
        ("Jl.%20Misal", "code", "Jl. Misal"), ("Jl. Misal<br>RT 01", "code", None),
        ("Jl. Misal&lt;br/&gt;RT 01", "code", None), ("Griya â€œIndahâ€\x9d", "encoding", "Griya “Indah”"),
        ("ANDRÃ© CONTOHAN", "encoding", "ANDRé CONTOHAN"), ("RENÃƒÂ©E", "encoding", "RENéE"),
        ("BANDUNGÂ", "encoding", "BANDUNG"), ("NUR ÔÇÿAINI", "encoding", "NUR ‘AINI"), ("REN\ufffdE", "lost", None),
        ("Â &amp; \ufffd", "lost", None), ("&amp;" * 4, "code", "&&&&"), ("&amp;amp;amp;amp;", "code", None),
    ],
)  # fmt: skip
def test_what_was_meant_is_what_undoing_gives(text, case, whole):
    assert fault_of(text) == case
    assert meant(text) == whole


@pytest.mark.parametrize(
    "text",
    [
        "R&D Center",
        "Toko A & B; C",
        "Jl. Café Ä 5",
        "Å",
        "< 5 m",
        "C:\\Misal",
        "<b>x</b>",
        "&halo;",
        "Nº ½",
        "玉",
    ],
)
def test_what_people_write_is_no_fault(text):
    assert fault_of(text) is None


def test_a_spoilt_name_is_offered_as_far_as_it_is_a_name():
    kk = {"No KK": "3171011203159001"}
    names = {
        "SITI&nbsp;CONTOH": "SITI CONTOH",
        "SITI &amp; BUDI": None,
        "JOSÃ‰ CONTOH": "JOSÉ CONTOH",
    }
    for found, told in names.items():
        report = judge([person() | kk | {"Nama Lengkap (Menjadi)": found}])
        told_of = {one.field: one.suggestion for one in report.findings if one.code == "CELL-19"}
        assert told_of == {"nama": told}, found


def test_addresses_and_places_are_looked_at_too():
    report = judge(
        [person() | {"Alamat Domisili": "Jl. A", "Alamat Domisili (Menjadi)": "Jl. B &amp; C"}]
    )
    assert [(one.code, one.suggestion) for one in report.findings] == [("CELL-19", "Jl. B & C")]
