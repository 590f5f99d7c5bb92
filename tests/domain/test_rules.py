"""The law as a table: codes, words in both languages, sentences, the public page."""

import re
from pathlib import Path

import pytest

from hr_portal.domain.fields import FIELD
from hr_portal.domain.report import Severity
from hr_portal.domain.rulebook.naming import names_of
from hr_portal.domain.rules import (
    ORDER,
    RULE,
    RULES,
    RULESET,
    column_label,
    message,
    reference_markdown,
    sentence,
    severity,
    title,
)  # fmt: skip
from tests.domain.sheets import CORRECTION, judge, num, person

DOCS = Path(__file__).parents[2] / "docs"
CASES = [(rule, case) for rule in RULES for case in rule.cases]
SENTENCES = ["advice", "advice_en", "saw", "saw_en"]
KNOWN_WORDS = {
    "accepted", "accepted_en", "age", "answers", "bank", "batch", "before", "birth", "branch", "cells", "count",
    "date", "dates", "day", "district", "edition", "field", "field_en", "header", "length", "letters", "look",
    "look_en", "marks", "name", "npp", "p", "prefix", "province", "reason", "reason_en", "recorded",
    "refused", "regency", "rows", "sex", "sex_en", "short", "source", "source_en", "successor", "suggestion",
    "texts", "titles", "today", "usual", "value", "w", "which", "which_en", "zeros", "zones", "zones_en",
}  # fmt: skip


def test_codes_are_unique_and_numbered_in_order():
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    for prefix in {code[:-3] for code in codes}:
        own = [code for code in codes if code.startswith(prefix + "-")]
        assert own == sorted(own)
        assert [int(code[-2:]) for code in own] == list(range(1, len(own) + 1))


@pytest.mark.parametrize(
    ("prefix", "count"),
    [("CELL", 19), ("NIK", 18), ("KK", 9), ("KPJ", 8), ("NPP", 3), ("DIV", 1), ("TAX", 10), ("NAM", 12),
     ("DAT", 14), ("POB", 1), ("COD", 4), ("TEL", 8), ("EML", 2), ("POS", 2), ("BNK", 8), ("REQ", 1),
     ("ROW", 5), ("FIL", 10), ("HIS", 4)],
)  # fmt: skip
def test_no_rule_of_the_reference_is_missing(prefix, count):
    assert sum(rule.code.startswith(prefix + "-") for rule in RULES) == count


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{r.code}/{c.key}" for r, c in CASES])
def test_every_case_says_in_both_languages_what_was_seen_and_what_to_do(rule, case):
    for name in SENTENCES:
        text = getattr(case, name)
        assert text
        assert set(re.findall(r"\{(\w+)\}", text)) <= KNOWN_WORDS
    assert re.findall(r"\{(\w+)\}", case.saw) == re.findall(
        r"\{(\w+)\}", case.saw_en.replace("_en", "")
    )
    assert not re.search(r"\{\w+_en\}", case.advice)
    assert not re.search(r"\{(field|look|reason|sex|source|which|zones)\}", case.advice_en)
    assert case.advice.endswith(".")
    assert case.advice_en.endswith(".")
    assert not case.saw.endswith(".")
    for lang in ("id", "en"):
        assert 0 < len(title(rule.code, case.key, lang)) <= 50
    said = sentence(rule.code, case.key, where_row=14, cell="B14", column="NIK", value="x")
    assert "tidak valid" not in said
    assert said.startswith("Baris 14, kolom NIK, sel B14: ")


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_a_rule_without_cases_says_why(rule):
    assert rule.cases or (rule.note and rule.note_en)
    assert bool(rule.note) == bool(rule.note_en)
    assert rule.title
    assert rule.title_en
    assert ORDER[rule.code] == RULES.index(rule)


def test_an_unknown_case_is_a_broken_promise():
    with pytest.raises(KeyError):
        RULE["NIK-01"].case("other")
    with pytest.raises(KeyError):
        severity("NIK-01", "other")
    assert RULE["KK-02"].case("old").severity is Severity.WARNING


def test_notes_are_those_of_the_decisions():
    notes = {rule.code for rule, case in CASES if case.severity is Severity.NOTE}
    assert notes == {"NIK-04", "NIK-05", "NIK-07", "NAM-05", "NAM-06", "TAX-06", "ROW-04"}


def test_a_message_has_four_parts_in_both_languages():
    report = judge([person(nik=num(3171014508909010))])
    [finding] = report.findings
    assert message(finding, report.table) == (
        'Baris 2, kolom NIK, sel B2: tertulis "3171014508909010" dan sel berformat angka, sehingga'
        " digit terakhirnya menjadi 0. NIK harus disimpan sebagai teks, karena angka hanya menyimpan"
        " 15 digit; digit yang hilang tidak dapat ditebak. Ubah format kolom ke Teks, lalu ketik"
        " ulang dari KTP-el."
    )
    assert message(finding, report.table, "en").startswith(
        'Row 2, column NIK, cell B2: it says "3171014508909010" and the cell is formatted as a number'
    )


def test_a_cell_that_is_read_as_empty_is_not_called_blank():
    said = {
        f.code: message(f, report.table)
        for report in [judge([person(nik="-")])]
        for f in report.findings
    }
    assert 'tertulis "-", yang dibaca sebagai kosong. NIK wajib diisi.' in said["REQ-01"]
    said = {
        f.code: message(f, report.table, "en")
        for report in [judge([person(nik="")])]
        for f in report.findings
    }
    assert "the cell is empty" in said["REQ-01"]


def test_a_finding_of_a_row_names_the_row_and_one_of_the_file_the_column():
    report = judge([person(gelar_baru="")])
    assert message(next(iter(report.findings)), report.table).startswith("Baris 2: tidak ada kolom")
    many = judge(
        [person(kpj=f"0999999{1000 + i}", nik=f"3171014508909{i:02d}0") for i in range(1, 21)]
    )
    assert message(next(iter(many.findings)), many.table).startswith("Kolom NIK: 20 dari 20 nomor")
    assert sentence("DAT-14", value="").startswith("Seluruh berkas: ")
    assert sentence("DAT-14", lang="en").startswith("The whole file: ")


def test_a_stored_finding_makes_the_same_sentence():
    report = judge([{**CORRECTION, "Data": "No HP", "Menjadi": "02155500001"}])
    [finding] = report.findings
    stored = sentence(
        finding.code, finding.case, where_row=2, cell="F2", column="Menjadi", field="hp",
        value=finding.value, params=finding.params,
    )  # fmt: skip
    assert stored == message(finding, report.table)
    assert "kolom Menjadi (No HP), sel F2" in stored


def test_a_column_is_called_by_its_header_and_its_field():
    assert column_label("Tgl Lahir", "tanggal_lahir") == "Tgl Lahir"
    assert column_label("No HP (Menjadi)", "hp") == "No HP (Menjadi)"
    assert column_label("Tgl Lahir Baru", "tanggal_lahir") == "Tgl Lahir Baru"
    assert column_label("Menjadi", "hp") == "Menjadi (No HP)"
    assert column_label("Menjadi", "hp", "en") == "Menjadi (Mobile number)"
    assert column_label("", "hp") == "No HP"
    assert column_label(" Data\n", "data") == "Data"


def test_a_column_whose_header_names_the_datum_first_is_not_named_twice():
    assert column_label("NIK (Data Baru (sesuai KTP))", "nik") == "NIK (Data Baru (sesuai KTP))"
    assert column_label("NIK (Data Baru)", "kk") == "NIK (Data Baru) (No KK)"


def test_a_value_in_a_sentence_is_one_short_line():
    said = sentence("NAM-03", value="СИ\nТИ" + "X" * 100, where_row=3, params={"letters": "С\tИ"})
    assert "\n" not in said
    assert "\t" not in said
    assert "X" * 75 in said
    assert "X" * 90 not in said


def test_braces_and_markup_in_a_value_stay_as_they_are():
    said = sentence("EML-01", "form", value="{value} {0} <b>", column="Email", field="email")
    assert 'tertulis "{value} {0} <b>"' in said


def test_an_older_finding_without_its_words_still_makes_a_sentence():
    assert "…" in sentence("KK-09", value="3171011203159001")


def test_a_value_that_is_empty_is_called_empty():
    assert sentence("EML-01", "form", value="", column="Email").startswith(
        "Kolom Email: sel kosong."
    )
    assert sentence("EML-01", "form", column="Email", lang="en").startswith(
        "Column Email: the cell is empty."
    )


def test_a_form_has_fields_rather_than_cells():
    assert sentence("NIK-01", column="NIK", form=True, params={"length": 3}).startswith(
        "Isian NIK: "
    )
    assert sentence("ROW-01", "row", form=True).startswith("Isian ini: ")
    assert sentence("ROW-01", "row", form=True, lang="en").startswith("This entry: ")
    assert sentence("NIK-01", column="NIK", form=True, lang="en").startswith("Field NIK: ")


def test_every_field_is_named_in_sentences():
    for key in FIELD:
        assert "Data ini" not in sentence("REQ-01", "empty", field=key)
    assert "Data ini" in sentence("REQ-01", "empty")


def test_a_datum_is_written_small_inside_a_sentence_and_large_before_it():
    for key in FIELD:
        name, name_en = names_of(key)
        assert f"koreksi {name} yang sama" in sentence("ROW-02", "repeat", field=key)
        assert f"correction of {name_en} already" in sentence(
            "ROW-02", "repeat", field=key, lang="en"
        )
        assert re.match(r"the [a-z]|the (NIK|KPJ|KK|NPWP|NPP)\b", name_en)
        assert not re.match(r"[A-Z][a-z]", name)
    assert ". The account number is required." in sentence(
        "REQ-01", "empty", field="no_rekening", lang="en"
    )
    assert 'kolom "No Rekening"' in sentence("REQ-01", "column", field="no_rekening")


@pytest.mark.parametrize(
    ("code", "case", "field", "paper", "paper_en"),
    [
        ("NAM-02", "", "nama", "KTP-el", "KTP-el"),
        ("NAM-02", "", "nama_ibu", "Kartu Keluarga", "family card"),
        ("NAM-02", "", "nama_rekening", "buku tabungan", "bank book"),
        ("CELL-10", "", "hp", "formulir data karyawan", "employee's data form"),
        ("DAT-07", "doubtful", "tanggal_mulai", "dokumen kepegawaian", "personnel file"),
        ("CELL-17", "", "gelar", "ijazah", "diploma"),
    ],
)
def test_a_sentence_names_the_paper_on_which_the_datum_stands(code, case, field, paper, paper_en):
    said, said_en = (sentence(code, case, field=field, lang=lang) for lang in ("id", "en"))
    assert paper in said
    assert f"the {paper_en}" in said_en
    assert paper == "KTP-el" or "KTP-el" not in said + said_en


def test_one_digit_is_not_several():
    params = {"length": 1}
    said = sentence("KPJ-04", value="7", params=params, lang="en")
    assert '"7" (1 digit). A KPJ' in said
    assert "(2 digits)" in sentence("KPJ-04", value="77", params={"length": 2}, lang="en")


def test_the_public_page_is_made_from_the_rules():
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == reference_markdown()


def test_the_public_page_names_every_rule_and_case():
    page = reference_markdown()
    for rule, case in CASES:
        assert f"## {rule.code} · {rule.title}" in page
        assert not case.key or f"`{case.key}`" in page
    assert RULESET in page
    assert "{" not in page
