"""Whole rows: what must be there, what may stand once, what is empty."""

import numpy as np
import pytest

from hr_portal.domain.checking import check
from hr_portal.domain.report import ROW_EMPTY
from hr_portal.domain.rules import message
from hr_portal.domain.suggestions import Fix, fixes_in
from hr_portal.domain.table import Column, Kind, Remark, Role
from tests.domain.sheets import (
    CORRECTION,
    PERSON,
    TODAY,
    clock,
    error,
    formula,
    found,
    judge,
    num,
    person,
    table,
    verdicts,
)  # fmt: skip

KK = "3171011203159001"
NAMES = ("KPJ", "NIK", "Nama Lengkap")


@pytest.mark.parametrize("header", NAMES)
def test_required_cells_are_wanted_on_every_row(header):
    rows = [person(), person(kpj="09999990025", nik="3171010508909021") | {header: ""}]
    [finding] = found(judge(rows))
    assert finding[2:] == ("E", 3, header)


@pytest.mark.parametrize("header", NAMES)
def test_required_values_can_not_be_erased(header):
    row = person(kk=KK) | {f"{header} (Menjadi)": "Hapus"}
    code = "NAM-01" if header == "Nama Lengkap" else "REQ-01"
    assert (code, "erase", "E", 2, f"{header} (Menjadi)") in found(judge([row]))


def test_a_correction_without_menjadi_is_said_at_the_menjadi_cell():
    assert found(judge([{**CORRECTION, "Menjadi": ""}])) == [("ROW-01", "cell", "E", 2, "Menjadi")]
    assert found(judge([{**CORRECTION, "Menjadi": "-"}])) == [("ROW-01", "cell", "E", 2, "Menjadi")]


def test_the_finding_names_the_field_that_data_names():
    report = judge([{**CORRECTION, "Menjadi": ""}, {**CORRECTION, "Data": "Email", "Menjadi": ""}])
    assert report.findings.field_key == ["gelar", "email"]


def test_a_row_with_identity_only_asks_for_nothing():
    assert verdicts(judge([{**CORRECTION, "Data": "", "Menjadi": ""}])) == ["E ROW-01/cell"]
    assert found(judge([person(gelar_baru="")])) == [("ROW-01", "row", "E", 2, None)]


def test_menjadi_without_data_asks_for_data():
    report = judge([{**CORRECTION, "Data": ""}, CORRECTION])
    assert found(report) == [("REQ-01", "which", "E", 2, "Data")]


def test_an_unknown_datum_lists_what_is_accepted():
    report = judge([{**CORRECTION, "Data": "Zodiak"}])
    assert found(report) == [("COD-01", "data", "E", 2, "Data")]
    assert "Nama Ibu Kandung" in report.findings.params[0]["accepted"]
    assert report.findings.field_key == ["data"]


@pytest.mark.parametrize("word", ["hp", "No. HP", "HANDPHONE", " nomor hp ", "hp\u200b"])
def test_data_takes_labels_keys_and_aliases(word):
    report = judge([{**CORRECTION, "Data": word, "Menjadi": "081200000001"}])
    assert verdicts(report) == []
    assert report.corrections.field_key == ["hp"]


def test_an_error_in_the_data_column_is_an_error():
    assert verdicts(judge([{**CORRECTION, "Data": error()}])) == ["E CELL-13/error"]
    assert verdicts(judge([{**CORRECTION, "Data": formula()}])) == ["E CELL-13/formula"]
    assert verdicts(judge([{**CORRECTION, "Data": clock("13:00:00")}])) == ["E COD-01/data"]
    assert verdicts(judge([{**CORRECTION, "Data": num(7)}])) == ["E COD-01/data"]


def test_an_error_under_an_empty_data_asks_for_data():
    assert verdicts(judge([{**CORRECTION, "Data": "", "Menjadi": error()}])) == ["E REQ-01/which"]


def test_two_new_values_of_one_datum_conflict_and_name_each_other():
    report = judge([CORRECTION, {**CORRECTION, "Menjadi": "S.H."}])
    assert [(row, header) for *_, row, header in found(report, "ROW-02")] == [
        (2, "Menjadi"), (3, "Menjadi")
    ]  # fmt: skip
    assert [params["rows"] for params in report.findings.params] == ["3", "2"]


def test_the_same_line_twice_is_said_at_the_second():
    assert found(judge([CORRECTION, CORRECTION])) == [("ROW-02", "repeat", "E", 3, "Menjadi")]


def test_several_kpj_may_be_merged_into_one_but_each_once():
    line = {**CORRECTION, "Data": "KPJ Digabung"}
    several = [{**line, "Menjadi": "09999990025"}, {**line, "Menjadi": "09999990033"}]
    assert verdicts(judge(several)) == []
    assert verdicts(judge([several[0], several[0]])) == ["E ROW-02/repeat"]


def test_a_kpj_is_not_merged_with_itself():
    line = {**CORRECTION, "Data": "KPJ Digabung", "Menjadi": "09999990017"}
    assert verdicts(judge([line])) == ["W ROW-03/itself"]


@pytest.mark.parametrize(
    ("data", "before", "after"),
    [
        ("Gelar", "S.E.", " S.E. "), ("Nama Lengkap", "siti", "SITI"), ("HP", "0812-00000001", "081200000001"),
        ("Tanggal Lahir", "5/8/1990", "05-08-1990"), ("Jenis Kelamin", "PEREMPUAN", "P"),
    ],
)  # fmt: skip
def test_values_that_clean_to_the_same_change_nothing(data, before, after):
    row = {**CORRECTION, "No KK": KK, "Data": data, "Semula": before, "Menjadi": after}
    assert "W ROW-03" in verdicts(judge([row]))


def test_an_unchanged_value_of_a_column_a_field_changes_nothing():
    row = person(gelar_baru="") | {
        "Email": "Siti@Contoh.example",
        "Email (Menjadi)": "Siti@contoh.example",
    }
    assert verdicts(judge([row])) == ["W ROW-03"]


def test_a_correction_that_changes_nothing_may_be_left_out_in_one_word():
    rows = [
        person(),
        person(kpj="09999990025", nik="3171010508909021"),
    ]
    rows[0] |= {"Email": "siti@contoh.example", "Email (Menjadi)": "siti@contoh.example"}
    report = judge(rows)
    assert [(one.code, one.suggestion) for one in report.findings] == [("ROW-03", "TIDAK BERUBAH")]
    rows[0]["Email (Menjadi)"] = report.findings.suggestion[0]
    report = judge(rows)
    assert found(report) == [("ROW-04", "", "I", 2, "Email (Menjadi)")]
    assert report.corrections.field_key == ["gelar", "gelar"]


@pytest.mark.parametrize(
    ("header", "value"),
    [("NIK", "3171014508909013"), ("Tanggal Lahir", "05-08-1990"), ("No HP", "081200000001"), ("Jenis Kelamin", "P"),
     ("Alamat Domisili", "Jalan Misal 1"), ("Tanggal Berhenti", ""), ("Nama Lengkap", "SITI CONTOHAN"), ("NPWP", "")],
)  # fmt: skip
def test_every_kind_of_field_can_be_left_out(header, value):
    row = person(gelar_baru="") | {header: value, f"{header} (Menjadi)": " tidak  berubah "}
    report = judge([row])
    assert found(report) == [
        ("ROW-04", "row", "I", 2, None), ("ROW-04", "", "I", 2, f"{header} (Menjadi)"),
    ]  # fmt: skip
    assert len(report.corrections) == 0
    assert report.counts()["valid"] == 1


def test_a_row_that_is_left_out_is_judged_no_further_and_no_witness():
    left = person(nama="ORANG LAIN", nik="123", gelar_baru="TIDAK BERUBAH") | {"No HP": "x"}
    assert verdicts(judge([left, person()])) == ["I ROW-04/row", "I ROW-04"]
    alone = {"KPJ": "", "NIK": "", "Nama Lengkap": "", "Gelar (Menjadi)": "TIDAK BERUBAH"}
    assert verdicts(judge([alone])) == ["I ROW-04/row", "I ROW-04"]


def test_on_record_the_words_leave_nothing_out():
    row = person() | {"Alamat Domisili": "TIDAK BERUBAH"}
    assert "E CELL-18/text" in verdicts(judge([row]))


@pytest.mark.parametrize(
    "below",
    [
        {"NIK": "809013"}, {"NIK": num(809013), "Nama Lengkap": "WIJAYA"}, {"Nama Lengkap": "WIJAYA"},
        {"KPJ": "0017", "Menjadi": "M.M."}, {"Alasan": "pada KTP-el"},
    ],
)  # fmt: skip
def test_a_row_that_goes_on_in_the_next_is_told_in_both_and_not_put_together(below):
    top = {**CORRECTION, "NIK": "3171014508", "Alasan": "Salah ketik"}
    top["KPJ"] = "0999999" if "KPJ" in below else top["KPJ"]
    report = judge([top, below, {"Alasan": "yang baru"}])
    torn = [(row, case) for code, case, _, row, _ in found(report) if code == "ROW-05"]
    first = "above" if {"NIK", "Menjadi"} & below.keys() else "perhaps"
    assert torn == [(2, first), (3, "below"), (4, "below")]
    assert {one for one in report.findings.row if one > 0} == {1, 2}
    assert all(
        f.code == "ROW-05" and "baris 2" in message(f, report.table)
        for f in report.findings
        if f.row
    )
    assert set(report.corrections.row) == {0}


def test_a_row_whose_numbers_and_new_values_are_whole_may_be_confirmed():
    top = {**CORRECTION, "Alasan": "Salah ketik"}
    for below in ({"Nama Lengkap": "WIJAYA"}, {"Alasan": "pada KTP-el"}):
        report = judge([top, below])
        assert verdicts(report) == ["W ROW-05/perhaps", "E ROW-05/below"]
        assert set(report.corrections.row) == {0}
    assert (
        verdicts(judge([top, {"Nama Lengkap": "WIJAYA", "Menjadi": "M.M."}]))[0] == "E ROW-05/above"
    )


def test_a_list_of_names_without_kpj_does_not_go_on_for_ever():
    codes = [code for code, *_ in found(judge([CORRECTION, *[{"Nama Lengkap": "WIJAYA"}] * 9]))]
    assert codes.count("ROW-05") == 5


@pytest.mark.parametrize(
    "below",
    [
        {"NIK": "3171010508909021"}, {"No": "2", "Nama Lengkap": "WIJAYA"}, {"Data": "Email", "Menjadi": "x"},
        {"NIK": "80901"}, {"Tanggal Lahir": "05-08-1990"}, {"Keterangan": "x"},
    ],
)  # fmt: skip
def test_a_row_with_a_value_of_its_own_does_not_go_on(below):
    top = {**CORRECTION, "No": "1", "NIK": "3171014508", "Tanggal Lahir": "05-08-1990"}
    codes = {code for code, *_ in found(judge([top, below]))}
    assert "ROW-05" not in codes
    assert "REQ-01" in codes


def test_an_empty_semula_is_no_unchanged_value():
    assert verdicts(judge([{**CORRECTION, "Semula": "-"}])) == []
    assert verdicts(judge([person() | {"Gelar": ""}])) == []


def test_rows_that_clean_to_nothing_are_empty_and_say_nothing():
    hollow = {
        **dict.fromkeys(CORRECTION, ""),
        "No": "7",
        "KPJ": " ",
        "NIK": "-",
        "Semula": "\u200b",
    }
    report = judge([CORRECTION, hollow], headers=["No", *CORRECTION])
    assert verdicts(report) == []
    assert report.row_severity.tolist() == [0, ROW_EMPTY]
    assert report.counts() == {"total": 2, "valid": 1, "warning": 0, "invalid": 0, "empty": 1}
    assert not report.all_empty
    assert judge([hollow], headers=["No", *CORRECTION]).all_empty


@pytest.mark.parametrize(
    ("named", "listed"),
    [
        ("TTL", "Tempat Lahir, Tanggal Lahir"), ("Tempat & Tgl Lahir", "Tempat Lahir, Tanggal Lahir"),
        ("Nama dan NIK", "Nama Lengkap, NIK"), ("No HP/Email", "No HP, Email"),
    ],
)  # fmt: skip
def test_a_row_for_several_data_says_which(named, listed):
    report = judge([{**CORRECTION, "Data": named}])
    assert verdicts(report) == ["E COD-01/several"]
    assert [one["accepted"] for one in report.findings.params] == [listed]


def test_a_row_with_more_than_a_running_number_in_its_column_is_not_empty():
    rows = [{**CORRECTION, "No": "1"}, {"No": "2."}, {"No": "3171014508909013"}]
    report = judge(rows, headers=["No", *CORRECTION])
    assert report.counts()["empty"] == 1
    assert report.counts()["invalid"] == 1


def test_a_row_with_a_reason_only_is_not_empty():
    hollow = {**dict.fromkeys(PERSON, ""), "Alasan": "salah ketik", "Gelar (Menjadi)": ""}
    report = judge([person(), hollow], headers=[*PERSON, "Gelar (Menjadi)", "Alasan"])
    assert {row for *_, row, _ in found(report)} == {3}


def test_semula_alone_keeps_a_row():
    row = dict.fromkeys(CORRECTION, "") | {"Data": "Gelar", "Semula": "S.E."}
    assert "E ROW-01/cell" in verdicts(judge([row]))


def test_a_row_counts_once_by_its_worst():
    rows = [
        person(),
        person(kpj="09999990025", nik="9109010107889004", nama="SITI"),
        person(kpj="09999990033", nik="3171014508909021", lahir="06-08-1990"),
        person(kpj="09999990041", nik="3199010101909001", lahir="02-01-1990"),
        person(kpj="1", nik="3199010101909005", lahir="02-01-1990"),
    ]
    report = judge(rows)
    assert report.row_severity.tolist() == [0, 1, 2, 3, 4]
    assert report.counts() == {"total": 5, "valid": 2, "warning": 1, "invalid": 2, "empty": 0}


def test_findings_come_by_row_column_and_order_of_the_law():
    rows = [
        person(nik="31710145O8909013", kpj="1", nama="B", jk="L"),
        person(kpj="12", nik="3171014508909013", lahir="06-08-1990", jk="L"),
    ]
    order = [(f.row, f.column) for f in judge(rows).findings]
    assert order == sorted(order)
    again = [tuple(f[:6]) for f in judge(rows).findings]
    assert again == [tuple(f[:6]) for f in judge(rows).findings]


def test_hidden_rows_are_said():
    remark = Remark("hidden-rows", "…", "…", (3, 9))
    rows = [person(), person(kpj="09999990025", nik="3171010508909021")]
    assert found(judge(rows, remarks=[remark])) == [("FIL-05", "", "W", 3, None)]
    struck = Remark("struck-rows", "…", "…", (2,))
    assert found(judge(rows, remarks=[struck])) == [("FIL-08", "", "W", 2, None)]
    commented = Remark("comments", "…", "…", (3,))
    assert found(judge(rows, remarks=[commented])) == [("FIL-09", "", "W", 3, None)]
    unseen = Remark("unseen-cells", "…", "…", (2, 3), ("D2", "C3", "D3", "E3", "F3", "AB3"))
    report = judge(rows, remarks=[unseen])
    assert [each.params for each in report.findings if each.code == "FIL-10"] == [
        {"cells": "D2"}, {"cells": "C3, D3, E3, F3 …"},
    ]  # fmt: skip
    other = Remark("encoding", "…", "…", (3,))
    assert found(judge(rows, remarks=[other])) == []


def test_a_table_without_rows_has_no_findings():
    for headers in ([*PERSON, "Gelar (Menjadi)"], list(CORRECTION)):
        report = judge([], headers=headers)
        assert len(report.findings) == 0
        assert report.counts()["total"] == 0


def test_a_layout_without_its_columns_asks_for_corrections():
    sheet = table([CORRECTION])
    assert sheet.layout == "per-correction"
    lacking = judge([{**PERSON, "Data": "Gelar"}])
    assert verdicts(lacking) == ["E ROW-01/cell"]


def test_a_table_of_corrections_without_data_asks_for_data():
    sheet = table([{**PERSON, "Menjadi": "S.E."}])
    sheet.layout = "per-correction"
    report = check(sheet, today=TODAY)
    assert found(report) == [("REQ-01", "which", "E", 2, None)]
    assert len(report.corrections) == 0


def test_a_column_twice_is_read_twice():
    sheet = table([PERSON | {"Gelar (Menjadi)": "S.E."}])
    sheet.columns.append(Column(["317"], np.array([Kind.TEXT], np.uint8)))
    sheet.roles.append(Role("record", "nik"))
    sheet.headers.append("NIK")
    sheet.letters.append("E")
    report = check(sheet, today=TODAY)
    assert [(f.code, f.column) for f in report.findings] == [("NIK-01", 4)]
    assert report.employee["nik"] == ["3171014508909013"]


def test_a_row_that_names_no_datum_is_offered_to_be_left_out():
    employee = {**CORRECTION, "KPJ": "09999990025", "NIK": "3171014508909021"}
    rows = [
        CORRECTION,
        {**employee, "Data": "", "Menjadi": ""},
        {**employee, "Data": "", "Menjadi": "", "Semula": "S.H."},
        {**employee, "Menjadi": ""},
    ]
    report = judge(rows)
    told = [(one.code, one.row, one.suggestion) for one in report.findings if one.code == "ROW-01"]
    assert told == [("ROW-01", 1, "TIDAK BERUBAH"), ("ROW-01", 2, None), ("ROW-01", 3, None)]
    left = judge([CORRECTION, {**employee, "Data": "", "Menjadi": "tidak berubah"}])
    assert found(left) == [("ROW-04", "row", "I", 3, None)]
    assert len(left.corrections.row) == 1
    bare = [{key: row[key] for key in row if key != "Semula"} for row in rows[:2]]
    assert judge(bare).findings.suggestion == ["TIDAK BERUBAH"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Alasan", "Salah ketik"), ("Keterangan", "lihat KTP"), ("TTL Baru", "x"), ("Menjadi", "tidak ada"),
        ("Gelar (Menjadi)", "NULL"),
    ],
)  # fmt: skip
def test_a_row_that_says_why_has_lost_its_new_value_and_is_not_offered_to_be_left_out(header, said):
    for empty in ({**CORRECTION, "Data": "", "Menjadi": ""}, person(gelar_baru="")):
        if "Menjadi" in header and header not in empty:
            continue
        report = judge([empty | {header: said}, empty | {header: "-"}])
        told = list(zip(report.findings.row, report.findings.suggestion, strict=True))
        assert told == [(0, None), (1, "TIDAK BERUBAH")]


def test_an_employee_whom_nobody_corrects_is_offered_to_be_left_out_in_the_first_menjadi():
    other = person(kpj="09999990025", nik="3171010508909021", gelar_baru="-")
    rows = [person(), other | {"Email (Menjadi)": ""}]
    report = judge(rows)
    assert found(report) == [("ROW-01", "row", "E", 3, None)]
    [finding] = report.findings
    assert finding.suggestion == "TIDAK BERUBAH"
    assert fixes_in(finding, report.table) == [Fix(3, 3, "-", "TIDAK BERUBAH")]
    rows[1]["Gelar (Menjadi)"] = "TIDAK BERUBAH"
    left = judge(rows)
    assert verdicts(left) == ["I ROW-04/row", "I ROW-04"]
    assert left.corrections.row.tolist() == [0]


def test_without_a_column_of_new_values_nothing_can_be_left_out():
    assert judge([PERSON]).findings.suggestion == [None]
