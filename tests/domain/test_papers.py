"""What a branch gives back on paper, before it is laid out."""

import datetime as dt

import pytest

from hr_portal.domain.letters import Addressee
from hr_portal.domain.papers import (
    MOST_RUNS,
    Notice,
    NoticeFacts,
    NoticeLine,
    PaperFacts,
    PaperReason,
    moment_in_words,
    paper_from_json,
    paper_number,
    paper_to_json,
    runs,
)

DAY = dt.date(2026, 11, 28)
BRANCH = Addressee("Kantor Cabang Contoh", "Jalan Misal 1", "Jakarta")


def record(**more):
    told = {
        "kind": "berita_acara", "number": "0007/BA/2026", "issued_on": DAY, "moment": "Sabtu",
        "branch": BRANCH, "company": "PT Contoh", "npp": "XX009001", "batch": "PKD-2026-00142",
        "revision": 1, "rows": 3, "corrections": 4, "fields": (("Nama", 3), ("No HP", 1)), "documents": 0,
        "letter_number": "1/X", "letter_date": DAY, "file_sha256": "ab", "target": "",
        "reasons": (PaperReason("return", "KTP tidak terbaca", 2, "2–3"),),
    }  # fmt: skip
    return PaperFacts(**{**told, **more})


def notices():
    line = NoticeLine("hp", "No HP", "", "0812", "reject", "Nomor milik orang lain")
    return NoticeFacts(
        DAY, "Sabtu", BRANCH, "PT Contoh", "XX009001", "PKD-2026-00142", "Rahma",
        (Notice(2, "SITI", "09999990017", (line,)),),
    )  # fmt: skip


@pytest.mark.parametrize("facts", [record(), record(letter_date=None), notices()])
def test_a_snapshot_gives_the_facts_back(facts):
    assert paper_from_json(paper_to_json(facts)) == facts


@pytest.mark.parametrize("content", [None, {}, {"kind": "permohonan"}])
def test_what_is_no_paper_is_not_read_as_one(content):
    with pytest.raises(ValueError, match="not the facts"):
        paper_from_json(content)


def test_rows_are_told_in_runs():
    assert runs([]) == ""
    assert runs([2, 3, 4, 5, 9, 11, 12]) == "2–5, 9, 11–12"
    assert runs(range(2, 200, 2)).count(", ") == MOST_RUNS
    assert runs(range(2, 200, 2)).endswith(", …")


@pytest.mark.parametrize(
    ("offset", "zone"), [(7, "WIB"), (8, "WITA"), (9, "WIT"), (2, "UTC+0200"), (5.5, "UTC+0530")]
)
def test_a_moment_bears_its_day_and_zone(offset, zone):
    moment = dt.datetime(2026, 11, 28, 10, 15, tzinfo=dt.timezone(dt.timedelta(hours=offset)))
    assert moment_in_words(moment) == f"Sabtu, 28 November 2026 pukul 10.15 {zone}"


def test_the_number_tells_the_kind_and_the_year():
    assert paper_number("tanda_terima", 12, DAY) == "0012/TT/2026"
    assert paper_number("berita_acara", 12345, DAY) == "12345/BA/2026"
