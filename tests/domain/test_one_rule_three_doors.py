"""A form, a JSON request and a sheet give the same verdict; order and size change nothing."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr_portal.domain.checking import check, check_row, check_rows
from hr_portal.domain.cleaning import DITTO, tidy
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.report import Finding
from hr_portal.domain.rules import message
from hr_portal.domain.table import Unreadable
from tests.domain.sheets import CORRECTION, TODAY, found, judge, num, person, table

RECORD = [f.key for f in FIELDS]
VALUES = st.one_of(
    st.sampled_from([
        "", "-", "0", "HAPUS", "hapus", "3171014508909013", "3171 0145 0890 9013", "317101450890901",
        "9109010107889004", "3171018508909013", "3171011203159001", "09999990017", "9999990017",
        "99X99990017", "0999999OO17", "SITI CONTOHAN", "Siti", "H. BUDI, S.E.", "BUD1", "王", "05-08-1990",
        "8/5/1990", "05-08-90", "05081990", "31/02/1990", "12 Agt 1990", "2030-01-01", "P", "laki-laki",
        "X", "K/1", "A+", "WNI", "081200000001", "81200000001", "+62 812-0000-0001", "02155500001",
        "+60123456789", "siti@contoh.example", "siti@contoh", "014", "14", "9000000112", "10110",
        "09.987.654.2-999.000", "3,17E+15", "3171014508909013.0", '="09999990017"', "ＳＩＴＩ", "PKWT",
        "TIDAK BERUBAH", "tetap", "Tidak ada", "idem", "#REF!", "JALAN&amp;nbsp;MISAL", "SITI &#39;A&#39;", "JosÃ©",
        "SITI \ufffdA", "SITI menjadi SITI A", "08/05/90", "JAKARTA, 05-08-1990", "L" * 101, "PEREMPAUN",
    ]),
    st.text(max_size=20),
)  # fmt: skip


def as_sheet(values):
    """The table of one row that the same values make in a workbook of text cells."""
    headers = {}
    for key in values:
        role, field = ("record", key) if isinstance(key, str) else key
        label = next(f.label for f in FIELDS if f.key == field)
        headers[label if role == "record" else f"{label} (Menjadi)"] = values[key]
    return table([headers])


def sheet_of(rows):
    """The table that several such rows make."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    labels = {key: as_sheet({key: ""}).headers[0] for key in keys}
    told_rows = [{labels[key]: value for key, value in row.items()} for row in rows]
    return table(told_rows, headers=[labels[key] for key in keys])


def told(report):
    """Everything a finding says but its place in the sheet: rows by order, not by number."""
    first = int(report.table.row_numbers[0])
    return [(*finding[:-1], placed(finding[-1], first)) for finding in report.findings]


def placed(params, first):
    if not params or "fixes" not in params:
        return params
    return params | {"fixes": [[one[0] - first, *one[1:]] for one in json.loads(params["fixes"])]}


@settings(max_examples=300)
@given(st.dictionaries(
    st.one_of(st.sampled_from(RECORD), st.tuples(st.just("after"), st.sampled_from(RECORD))),
    VALUES, min_size=1, max_size=8,
))  # fmt: skip
def test_a_form_and_a_sheet_give_the_same_verdict(values):
    form = check_row(values, today=TODAY)
    sheet = check(as_sheet(values), today=TODAY)
    assert told(form) == told(sheet)
    assert form.row_severity.tolist() == sheet.row_severity.tolist()
    assert form.corrections == sheet.corrections
    assert form.employee == sheet.employee
    for finding in form.findings:
        assert message(finding, form.table)
        assert message(finding, form.table, "en")


KEYS = st.one_of(st.sampled_from(RECORD), st.tuples(st.just("after"), st.sampled_from(RECORD)))


@settings(max_examples=100)
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=6), min_size=1, max_size=5))
def test_rows_of_a_request_and_a_sheet_of_them_give_the_same_verdict(rows):
    asked = check_rows(rows, today=TODAY, npp="90000123")
    sheet = check(sheet_of(rows), today=TODAY, npp="90000123")
    # the rows that a sentence names begin at 1 in a request, below the header in a sheet
    assert [f[:8] for f in told(asked)] == [f[:8] for f in told(sheet)]
    assert asked.row_severity.tolist() == sheet.row_severity.tolist()
    assert asked.corrections == sheet.corrections
    assert asked.counts() == sheet.counts()


@pytest.mark.parametrize("field", FIELDS, ids=[f.key for f in FIELDS])
def test_every_field_may_be_asked_for_on_record_and_anew(field):
    values = {field.key: field.example, ("after", field.key): field.example}
    assert told(check_row(values, today=TODAY)) == told(check(as_sheet(values), today=TODAY))


@given(VALUES, st.sampled_from([f.label for f in FIELDS] + ["", "Zodiak"]), VALUES)
def test_a_form_of_one_correction_and_its_sheet_give_the_same_verdict(after, data, before):
    identity = {"kpj": "09999990017", "nik": "3171014508909013", "nama": "SITI CONTOHAN"}
    form = check_row(
        {**identity, ("which", None): data, ("before", None): before, ("after", None): after},
        today=TODAY,
    )  # fmt: skip
    sheet = judge([{**CORRECTION, "Data": data, "Semula": before, "Menjadi": after}])
    assert told(form) == told(sheet)


IDENTITY = ("nik", "nama", "tanggal_lahir", "kk")


@settings(max_examples=150)
@given(st.lists(
    st.tuples(
        st.tuples(*(VALUES for _ in IDENTITY)),
        st.sampled_from([key for key in RECORD if key not in {*IDENTITY, "kpj"}]),
        VALUES.filter(lambda text: text.strip() != ""),
    ),
    min_size=1, max_size=4,
))  # fmt: skip
def test_one_correction_a_row_and_one_employee_a_row_have_the_same_verdict(rows):
    labels = {field.key: field.label for field in FIELDS}
    who = [
        {"KPJ": f"0999999{1000 + at}"} | dict(zip(map(labels.get, IDENTITY), cells, strict=True))
        for at, (cells, _, _) in enumerate(rows)
    ]
    named = [
        one | {"Data": labels[key], "Menjadi": value}
        for one, (_, key, value) in zip(who, rows, strict=True)
    ]
    wide = [
        one | {f"{labels[key]} (Menjadi)": value}
        for one, (_, key, value) in zip(who, rows, strict=True)
    ]
    first, second = judge(named), judge(wide)

    def verdict(report):
        return sorted(
            # a row without any new value has no cell that lacks one
            (f.code, int(f.severity), f.row, *((f.case, f.value) if f.code != "ROW-01" else ()))
            for f in report.findings
            if f.row >= 0
        )

    assert verdict(first) == verdict(second)
    assert first.counts() == second.counts()
    assert first.corrections == second.corrections


ALONE = VALUES.filter(lambda text: tidy(text, compatible=True).upper() not in DITTO)
"""What says something without the row above."""


@settings(max_examples=50)
@given(st.lists(st.tuples(ALONE, ALONE, ALONE, ALONE), min_size=1, max_size=6), st.randoms())
def test_a_row_alone_and_a_row_among_strangers_have_the_same_findings_of_their_own(cells, random):
    rows = [
        person(kpj=f"0999999{1000 + i}", nik=nik, nama=name, lahir=born, gelar_baru="")
        | {"No HP (Menjadi)": phone}
        for i, (nik, name, born, phone) in enumerate(cells)
    ]  # fmt: skip
    shared = {"NIK-16", "NIK-17", "KPJ-08", "TEL-07", "DAT-14"}

    def own(report, row):
        return [
            finding[:2] + finding[4:8] for finding in report.findings
            if finding.row == row and finding.code not in shared
        ]  # fmt: skip

    together = judge(rows)
    headers = list(rows[0])
    for place, row in enumerate(rows):
        assert own(together, place) == own(judge([row], headers=headers), 0)


def test_an_unknown_field_of_a_form_is_a_broken_promise():
    with pytest.raises(KeyError):
        check_row({"zodiak": "LEO"}, today=TODAY)


def test_the_labels_of_a_form_are_those_of_the_template():
    report = check_row(
        {"nik": "3", ("after", "hp"): "1", ("which", None): "", ("number", None): "1"}, today=TODAY
    )
    assert report.table.headers == ["NIK", "No HP (Menjadi)", "Data", "number"]
    assert [finding.code for finding in report.findings][:1] == ["REQ-01"]


def test_progress_ends_with_all_rows():
    told_of = []
    check(
        table([person(), person()]),
        today=TODAY,
        progress=lambda done, of: told_of.append((done, of)),
    )
    assert told_of[-1] == (2, 2)
    assert told_of == sorted(told_of)


def test_a_table_is_left_as_it_was_read():
    sheet = table([person(nik="3171 0145 0890 9013", nama="siti contohan", kpj=num(9999990017))])
    before = [list(column.values) for column in sheet.columns]
    report = check(sheet, today=TODAY)
    assert [column.values for column in sheet.columns] == before
    assert report.clean[sheet.headers.index("NIK")] == ["3171014508909013"]
    assert report.clean[sheet.headers.index("KPJ")] is None


def test_tidied_cells_are_counted_and_found():
    rows = [person(), person(kpj="09999990025", nik="3171-0105-0890-9021", nama="budi contoh")]
    report = judge(rows)
    assert report.tidied == {"CELL-03": 1, "NAM-10": 1}
    at_rows, at_columns = report.tidied_cells["CELL-03"]
    assert (at_rows.tolist(), at_columns.tolist()) == ([1], [report.table.headers.index("NIK")])


def test_tidied_semula_cells_are_counted_too():
    report = judge(
        [{**CORRECTION, "Data": "No HP", "Semula": "0812-0000-0009", "Menjadi": "081200000001"}]
    )
    assert report.tidied == {"TEL-04": 1}
    at_rows, at_columns = report.tidied_cells["TEL-04"]
    assert (at_rows.tolist(), at_columns.tolist()) == ([0], [report.table.headers.index("Semula")])


def test_findings_are_walked_one_by_one():
    report = judge([person(nik="3")])
    [finding] = report.findings
    assert isinstance(finding, Finding)
    assert finding.severity.json == "error"
    assert found(report) == [("NIK-01", "", "E", 2, "NIK")]
    assert report.table.cell(finding.row, finding.column) == "B2"


def test_a_refusal_carries_its_code_and_two_sentences():
    refusal = Unreadable("FILE-02", "Berkas kosong.", "The file is empty.")
    assert str(refusal) == "FILE-02"
    assert (refusal.code, refusal.message, refusal.message_en) == (
        "FILE-02", "Berkas kosong.", "The file is empty.",
    )  # fmt: skip


def test_columns_may_be_read_only():
    sheet = table([person(nik="3171014508909013\u200b")])
    for column in sheet.columns:
        column.kinds.flags.writeable = False
    assert len(check(sheet, today=TODAY).findings) == 0
    assert np.array_equal(sheet.row_numbers, [2])
