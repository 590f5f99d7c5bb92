import json
from dataclasses import replace

import pytest

from hr_portal.domain.letter_data import (
    CSV_HEADER,
    LetterDataError,
    LetterRow,
    compared,
    csv_lines,
    letter_data,
    rows_from_data,
    rows_of,
)
from tests.domain.test_letters import FACTS, PERSON

ROW = LetterRow(
    PERSON.name, PERSON.kpj, PERSON.nik,
    "nama", "Nama Lengkap", "SITI CONTOHN", "SITI CONTOHAN", "KTP-el, KK",
)  # fmt: skip


def changed(**parts):
    return {**json.loads(json.dumps(letter_data(FACTS))), **parts}


def test_what_a_letter_holds_gives_back_its_rows():
    assert rows_from_data(changed()) == [ROW]


def test_a_letter_without_number_and_code_holds_blanks():
    bare = letter_data(replace(FACTS, number=None, verify_code=None))
    assert bare["letter"] == {"number": "", "date": "2026-11-21", "verification_code": ""}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([], "format"),
        (changed(format="surat-koreksi/2"), "format"),
        (changed(letter={"number": "1"}), "shape"),
        (changed(letter={"date": "kemarin"}), "shape"),
        (changed(people=None), "shape"),
        (changed(people=[{"name": 1, "kpj": "", "nik": "", "corrections": [{}]}]), "shape"),
        (changed(counts={"people": 1, "corrections": 2}), "counts"),
    ],
)
def test_what_is_no_content_of_a_letter_is_refused(content, why):
    with pytest.raises(LetterDataError, match=why):
        rows_from_data(content)


def test_a_csv_is_in_the_layout_of_an_upload_and_holds_no_formula():
    row = replace(ROW, before="=1+1", after="-5")
    header, line = csv_lines(iter([row]))
    assert header == CSV_HEADER
    assert line == ("1", ROW.kpj, ROW.nik, ROW.name, ROW.label, "'=1+1", "'-5", "KTP-el, KK")


def test_rows_are_compared_whatever_their_order_and_documents():
    other = replace(ROW, field="gelar", documents="")
    assert compared([ROW, other], [other, replace(ROW, documents="")]).is_same
    found = compared([ROW, ROW], [ROW, other])
    assert not found.is_same
    assert found.only_in_letter == (replace(ROW, documents=""),)
    assert found.only_in_batch == (other,)
    assert list(rows_of(FACTS.people)) == [ROW]
