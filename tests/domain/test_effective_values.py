"""What is checked: menjadi where given, else the record; employees, not lines."""

from tests.domain.sheets import CORRECTION, PERSON, day, found, judge, num, person, verdicts

KK = "3171011203159001"


def rows(*changes, **cells):
    """Lines of one employee in the per-correction layout: (data, semula, menjadi)."""
    return [
        {**PERSON, "No KK": KK, **cells, "Data": data, "Semula": before, "Menjadi": after}
        for data, before, after in changes
    ]


def test_an_old_nik_of_15_digits_is_fine_when_the_new_one_is_good():
    report = judge(rows(("NIK", "317101450890901", "3171014508909013"), NIK="317101450890901"))
    assert verdicts(report) == ["W NIK-18"]


def test_the_same_holds_in_a_sheet_of_one_row_an_employee():
    row = person(kk=KK, nik="317101450890901") | {"NIK (Menjadi)": "3171014508909013"}
    assert verdicts(judge([row])) == ["W NIK-18"]


def test_a_record_that_is_replaced_in_one_line_is_not_judged_in_the_others():
    report = judge(rows(
        ("NIK", "317101450890901", "3171014508909013"), ("Gelar", "", "S.E."),
        ("Email", "", "siti@contoh.example"), NIK="317101450890901",
    ))  # fmt: skip
    assert [code for code, *_ in found(report)] == ["NIK-18"]


def test_a_record_that_stays_is_judged_on_every_line():
    report = judge(rows(("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"), NIK="317101"))
    assert [(code, row) for code, _, _, row, _ in found(report)] == [("NIK-01", 2), ("NIK-01", 3)]


def test_the_kpj_is_always_judged():
    row = person(kpj="123") | {"No KPJ (Menjadi)": "09999990025"}
    assert verdicts(judge([row])) == ["E KPJ-04"]


def test_a_new_kpj_is_judged_as_a_kpj():
    assert verdicts(judge([person() | {"No KPJ (Menjadi)": "0009999900171"}])) == ["E KPJ-05"]


def test_cross_field_rules_compare_effective_values():
    good = rows(("Tanggal Lahir", "06-08-1990", "05-08-1990"), **{"Tanggal Lahir": "06-08-1990"})
    assert verdicts(judge(good)) == []
    bad = rows(("Tanggal Lahir", "05-08-1990", "07-08-1990"), **{"Tanggal Lahir": "05-08-1990"})
    assert found(judge(bad)) == [("NIK-11", "", "W", 2, "Menjadi")]


def test_a_new_nik_is_compared_with_the_birth_date_on_record():
    report = judge(
        rows(("NIK", "3171014608909013", "3171014508909013"), **{"Tanggal Lahir": "05-08-1990"})
    )
    assert [code for code, *_ in found(report)] == ["NIK-18"]


def test_a_difference_is_said_once_an_employee():
    report = judge(rows(("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"),
                        **{"Tanggal Lahir": "06-08-1990", "Jenis Kelamin": "L"}))  # fmt: skip
    assert [(code, row) for code, _, _, row, _ in found(report)] == [("NIK-11", 2), ("NIK-13", 2)]


def test_a_correction_in_one_line_serves_the_other_lines():
    report = judge(rows(("NIK", "3171014508909021", "3171014508909013"),
                        ("Tanggal Lahir", "06-08-1990", "05-08-1990"),
                        **{"Tanggal Lahir": "06-08-1990", "NIK": "3171014508909021"}))  # fmt: skip
    assert [code for code, *_ in found(report)] == ["NIK-18"]
    assert report.employee["nik"] == ["3171014508909013"] * 2
    assert report.employee["tanggal_lahir"] == ["1990-08-05"] * 2


def test_lines_of_one_employee_are_not_two_people():
    report = judge(rows(("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"),
                        ("No HP", "", "081200000001"), ("Kode Pos", "", "10110"),
                        **{"Tanggal Lahir": "05-08-1990"}))  # fmt: skip
    assert verdicts(report) == []


def test_lines_of_one_kpj_must_be_one_person():
    lines = rows(
        ("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"), NIK="3171010508909021"
    )
    lines[1]["NIK"] = "3171010508909033"
    report = judge(lines)
    assert [(code, row) for code, _, _, row, _ in found(report)] == [("KPJ-07", 2), ("KPJ-07", 3)]


def test_titles_and_marks_do_not_make_another_person():
    lines = rows(("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"))
    lines[1]["Nama Lengkap"] = "Siti  Contohan"
    assert verdicts(judge(lines)) == []


def test_another_birth_date_makes_another_person():
    lines = rows(("Gelar", "", "S.E."), ("Email", "", "siti@contoh.example"),
                 **{"Tanggal Lahir": "05-08-1990"})  # fmt: skip
    lines[1]["Tanggal Lahir"] = "05-08-1991"
    assert {code for code, *_ in found(judge(lines))} == {"KPJ-07", "NIK-11"}


def test_rows_without_a_kpj_are_each_their_own():
    report = judge([person(kpj=""), person(kpj="", nama="BUDI CONTOH", nik="3171010508909021")])
    assert verdicts(report) == ["E REQ-01/empty", "E REQ-01/empty"]


def test_a_damaged_kpj_joins_no_rows():
    report = judge([person(kpj="9,99E+10"), person(kpj="9,99E+10", nik="3171010508909021")])
    assert [code for code, *_ in found(report)] == ["CELL-10", "CELL-10"]


def test_a_kpj_that_lost_its_zero_is_the_same_employee():
    lines = [person(kpj=num(9999990017)), person(nama="BUDI CONTOH", gelar_baru="")]
    lines[1]["Email (Menjadi)"] = "siti@contoh.example"
    assert [code for code, *_ in found(judge(lines))] == ["KPJ-03", "KPJ-07", "KPJ-07"]


def test_erasing_makes_the_value_empty_and_is_not_judged():
    row = person(**{"Email": "salah", "Email (Menjadi)": " hapus ", "Gelar (Menjadi)": ""})
    report = judge([row])
    assert verdicts(report) == []
    assert report.corrections.after == ["HAPUS"]


def test_an_erased_birth_date_is_not_compared_with_the_nik():
    row = person(kk=KK, lahir="06-08-1990") | {"Tanggal Lahir (Menjadi)": "HAPUS"}
    report = judge([row])
    assert verdicts(report) == []
    assert report.employee["tanggal_lahir"] == [""]


def test_the_family_card_is_wanted_for_a_change_of_identity():
    for header, value in (("NIK", "3171014508909021"), ("Nama Lengkap", "SITI UMPAMA"),
                          ("Tempat Lahir", "BANDUNG"), ("Tanggal Lahir", "05-08-1990")):  # fmt: skip
        row = person(kk="") | {f"{header} (Menjadi)": value}
        assert ("REQ-01", "kk", "E", 2, "No KK") in found(judge([row])), header
        assert "REQ-01" not in {code for code, *_ in found(judge([row | {"No KK": KK}]))}


def test_a_family_card_in_another_line_of_the_employee_is_enough():
    lines = rows(
        ("Nama Lengkap", "SITI CONTOHAN", "SITI UMPAMA"), ("No KK", "", KK), **{"No KK": ""}
    )
    assert "REQ-01" not in {code for code, *_ in found(judge(lines))}


def test_a_family_card_on_another_line_of_the_employee_is_enough():
    lines = rows(("Nama Lengkap", "SITI CONTOHAN", "SITI UMPAMA"), ("Gelar", "", "S.E."))
    lines[0]["No KK"] = ""
    assert "REQ-01" not in {code for code, *_ in found(judge(lines))}


def test_an_erased_family_card_does_not_count():
    row = person(kk=KK) | {"No KK (Menjadi)": "HAPUS", "Nama Lengkap (Menjadi)": "SITI UMPAMA"}
    assert ("REQ-01", "kk", "E", 2, "No KK") in found(judge([row]))


def test_the_family_card_is_asked_for_once_an_employee():
    lines = rows(("Nama Lengkap", "SITI CONTOHAN", "SITI UMPAMA"), ("Tempat Lahir", "", "BANDUNG"))
    for line in lines:
        del line["No KK"]
    assert found(judge(lines), "REQ-01") == [("REQ-01", "kk-column", "E", 2, None)]


def test_a_name_on_record_may_be_empty_when_the_new_one_is_given():
    row = person(kk=KK, nama="") | {"Nama Lengkap (Menjadi)": "SITI UMPAMA"}
    assert verdicts(judge([row])) == []


def test_corrections_carry_clean_values_in_the_order_of_rows_and_fields():
    row = person(kk=KK, lahir="5/8/1991") | {
        "Gelar (Menjadi)": "",
        "No HP (Menjadi)": "0812-0000-0001",
        "No HP": "",
        "Tanggal Lahir (Menjadi)": day("1990-08-05"),
        "Jenis Kelamin (Menjadi)": "perempuan",
    }
    wanted = judge([row]).corrections
    assert list(zip(wanted.row, wanted.field_key, wanted.before, wanted.after, strict=True)) == [
        (0, "tanggal_lahir", "1991-08-05", "1990-08-05"),
        (0, "jenis_kelamin", "", "P"),
        (0, "hp", "", "+6281200000001"),
    ]


def test_semula_is_cleaned_like_the_new_value():
    report = judge(
        rows(("No HP", "0812-0000-0009", "081200000001"), ("Email", "", "siti@contoh.example"))
    )
    assert report.corrections.before == ["+6281200000009", ""]
    semula = report.table.headers.index("Semula")
    assert report.clean[semula] == ["+6281200000009", ""]


def test_fields_that_share_a_column_are_each_cleaned_in_it():
    report = judge(rows(("No HP", "", "0812-0000-0001"), ("Email", "", " siti@contoh.example"),
                        ("Nama Ibu Kandung", "", "sri umpama")))  # fmt: skip
    menjadi = report.table.headers.index("Menjadi")
    assert report.clean[menjadi] == ["+6281200000001", "siti@contoh.example", "SRI UMPAMA"]


def test_without_semula_the_record_is_the_old_value():
    report = judge(rows(("NIK", "", "3171014508909021")))
    assert report.corrections.before == ["3171014508909013"]
    assert verdicts(report) == ["W NIK-18"]


def test_a_menjadi_that_names_no_field_is_no_correction():
    assert len(judge([{**CORRECTION, "Data": "Zodiak"}]).corrections) == 0
