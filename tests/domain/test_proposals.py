"""What was probably meant: offered where one reading is sound, never a digit from nowhere."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr_portal.domain.checking import check
from hr_portal.domain.report import Severity
from hr_portal.domain.rules import message
from hr_portal.domain.suggestions import (
    Fix,
    column_fixes,
    fixes_in,
    fixes_of,
    is_offered,
    is_proposal,
)
from hr_portal.domain.table import Kind, Witness
from tests.domain.sheets import CORRECTION, TODAY, day, judge, num, person
from tests.domain.sheets import table as table_of

KPJ, OTHER_KPJ = "09999990017", "09999990025"
NIK, KK = "3171014508909013", "3171011203159001"
OTHER_NIK = "3171014508909021"
PERSON = {
    "KPJ": KPJ, "NIK": NIK, "Nama Lengkap": "SITI CONTOHAN", "No KK": KK,
    "Tanggal Lahir": "05-08-1990", "Gelar (Menjadi)": "S.E.",
}  # fmt: skip


def proposals(*rows, history=None):
    """(code, proposal) of all findings; a swap as its cells."""
    table = table_of([{**PERSON, **row} for row in rows])
    report = check(table, today=TODAY, **({"history": history} if history else {}))
    return {
        (f.row, f.code): fixes(table, f) if f.suggestion is None else f.suggestion
        for f in report.findings
        if is_offered(f)
    }


def fixes(table, finding):
    return {table.headers[one.column]: one.after for one in fixes_in(finding, table)}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("317IO145O8909O13", NIK),
        ("3171 0145 O890 9013", "3171 0145 0890 9013"),
        ("317101450890901Z", None),  # no look-alike of a digit
        ("O171014508909013", None),  # no region 01
        ("3171014508909O1", None),  # 15 digits
        ("3171O14508919013", None),  # read so, it differs from the date of birth
    ],
)
def test_letters_in_a_nik_are_read_as_digits_where_that_is_sound(written, meant):
    assert proposals({"NIK": written}).get((0, "CELL-04")) == meant


@pytest.mark.parametrize(
    ("header", "number", "code"),
    [
        ("NIK", NIK, "NIK-01"), ("No KK", KK, "KK-01"), ("KPJ", KPJ, "KPJ-01"),
        ("No HP (Menjadi)", "081200000001", "TEL-01"), ("Kode Pos (Menjadi)", "12345", "POS-01"),
    ],
)  # fmt: skip
def test_digits_of_another_script_are_read_as_what_they_are(header, number, code):
    arabic = "".join(chr(0x660 + int(digit)) for digit in number)
    assert proposals({header: arabic})[0, code] == number


def test_a_number_that_is_too_short_stays_so_in_any_script():
    assert (0, "NIK-01") not in proposals({"NIK": "٣١٧١٠١٤٥٠٨٩٠٩٠١"})


def test_letters_in_other_numbers_are_read_as_digits_where_that_is_sound():
    assert proposals({"No KK": "317101I203159OO1"})[0, "CELL-04"] == KK
    bank = {"Kode Bank (Menjadi)": "014", "No Rekening (Menjadi)": "9OOOOOO112"}
    assert proposals(bank)[0, "CELL-04"] == "9000000112"
    assert proposals({"No HP (Menjadi)": "O812OOOOOO01"})[0, "TEL-01"] == "081200000001"
    assert proposals({"No HP (Menjadi)": "O21765"}) == {}
    assert proposals({"No HP (Menjadi)": "0217654321"}) == {}


def test_a_reading_that_somebody_else_has_already_is_not_offered():
    other = {"KPJ": OTHER_KPJ, "Nama Lengkap": "BUDI UMPAMA"}
    assert proposals({"NIK": "317IO145O8909O13"}, other) == {}


def test_nik_and_kk_in_each_others_column_are_one_proposal():
    found = proposals({"NIK": KK, "No KK": NIK})
    assert found
    assert all(one == {"NIK": NIK, "No KK": KK} for one in found.values())
    assert (0, "NIK-11") in found
    assert proposals({"NIK": KK, "No KK": NIK, "Tanggal Lahir": "", "KPJ": KPJ}) == {}
    assert proposals({"NIK": num(KK), "No KK": NIK}).get((0, "NIK-11")) is None


def test_nik_and_kpj_in_each_others_column_are_one_proposal():
    found = proposals({"NIK": KPJ, "KPJ": NIK})
    assert found[0, "KPJ-06"] == found[0, "NIK-01"] == {"KPJ": KPJ, "NIK": NIK}


def test_a_name_and_a_number_in_each_others_column_are_one_proposal():
    found = proposals({"NIK": "SITI CONTOHAN", "Nama Lengkap": NIK})
    assert found[0, "NAM-12"] == {"NIK": NIK, "Nama Lengkap": "SITI CONTOHAN"}
    found = proposals({"KPJ": "SITI CONTOHAN", "Nama Lengkap": KPJ})
    assert found[0, "NAM-12"] == {"KPJ": KPJ, "Nama Lengkap": "SITI CONTOHAN"}
    assert proposals({"NIK": "", "Nama Lengkap": NIK}) == {}, "there is no name to put there"
    assert proposals({"NIK": "SITI CONTOHAN", "Nama Lengkap": NIK[:-1]}) == {}
    assert proposals({"Nama Lengkap": NIK}) == {}, "the NIK stands where it belongs, too"


def test_what_a_program_destroyed_comes_from_another_row_and_says_so():
    damaged, sound = (
        {"NIK": num(NIK[:15] + "0")},
        {"Gelar (Menjadi)": "", "Email (Menjadi)": "a@b.example"},
    )
    table = table_of([{**PERSON, **row} for row in (damaged, sound)])
    report = check(table, today=TODAY)
    (finding,) = [f for f in report.findings if f.code == "CELL-05"]
    assert finding.suggestion == NIK
    assert message(finding, table).endswith(f"Usulan: {NIK}, dari baris 3.")
    assert message(finding, table, "en").endswith(f"Proposal: {NIK}, from row 3.")


@pytest.mark.parametrize("cell", [num(NIK[:15] + "0"), "3.17101450890901E+15", "3,171E+15"])
def test_a_destroyed_nik_comes_from_the_npwp_of_the_row(cell):
    found = proposals({"NIK": cell, "NPWP": NIK})
    assert NIK in found.values()
    assert proposals({"NIK": cell}) == {}


@pytest.mark.parametrize(
    "slip",
    ["3171015408909013", "3171014508909018"[:-1] + "4", NIK[:-1], NIK + "3", "317101450890913"],
)
def test_one_wrong_digit_is_mended_from_the_npwp_of_the_row(slip):
    report = check(table_of([{**PERSON, "NIK": slip, "NPWP": NIK}]), today=TODAY)
    found = [f for f in report.findings if f.field == "nik" and f.severity >= Severity.OVERRIDE]
    for one in found:
        assert one.suggestion == NIK
        assert one.params["origin"] == "kolom NPWP baris ini"


def test_two_slips_or_two_candidates_are_no_proposal():
    assert proposals({"NIK": NIK[:-2], "NPWP": NIK}) == {}
    rows = [{**PERSON, "NIK": text} for text in (NIK[:-1], NIK, NIK[:-1] + "4")]
    assert (0, "NIK-01") not in proposals(*rows)
    assert proposals({"NIK": "NIK HILANG", "NPWP": NIK}) == {}


def sexes(*words, nik=None):
    rows = []
    for at, word in enumerate(words):
        who = {"KPJ": f"0999999{at:04}", "NIK": nik or "", "Jenis Kelamin (Menjadi)": word}
        rows.append(who)
    return rows


def test_w_and_p_are_read_as_wanita_and_pria_over_the_whole_column():
    table = table_of([{**PERSON, **row} for row in sexes("W", "P", "w")])
    (finding,) = [f for f in check(table, today=TODAY).findings if f.code == "COD-02"]
    assert is_offered(finding)
    column = table.columns[finding.column]
    rows, kinds = table.row_numbers.tolist(), column.kinds.tolist()
    found = column_fixes("COD-02", finding.column, rows, column.values, kinds)
    assert [(one.before, one.after) for one in found] == [("W", "P"), ("P", "L"), ("w", "P")]
    assert fixes_in(finding, table) == found
    assert column_fixes("DAT-14", finding.column, rows, column.values, kinds) == []
    assert column_fixes("CELL-15", finding.column, rows, column.values, kinds) == []
    assert column_fixes("COD-02", 0, [2], ["W"], [int(Kind.NUMBER)]) == []


def test_w_and_p_are_left_alone_where_a_nik_says_otherwise():
    rows = [
        {**PERSON, **row, "NIK": nik}
        for row, nik in zip(sexes("W", "P"), (NIK, "3171014508909021"), strict=True)
    ]
    findings = check(table_of(rows), today=TODAY).findings
    assert not any(is_offered(f) for f in findings if f.code == "COD-02")


def test_swapped_dates_are_swapped_back_over_the_whole_column():
    people = zip((KPJ, OTHER_KPJ, "09999990033"), ("0508", "1305", "0505"), strict=True)
    written = (day("1990-05-08"), "13-05-1990", day("1990-05-05"))
    rows = [
        {**PERSON, "KPJ": kpj, "NIK": f"317101{born}909{at}", "Tanggal Lahir": date}
        for at, ((kpj, born), date) in enumerate(zip(people, written, strict=True), 101)
    ]
    table = table_of(rows)
    (finding,) = [f for f in check(table, today=TODAY).findings if f.code == "DAT-14"]
    assert is_offered(finding)
    assert fixes_in(finding, table) == [Fix(2, finding.column, "1990-05-08", "05-08-1990")]
    assert column_fixes("DAT-14", 0, [2], ["kapan saja"], [int(Kind.DATE)]) == []


def test_beside_other_data_only_the_dates_of_the_finding_are_swapped():
    mended = [day(f"2020-0{at}-0{at + 2}") for at in range(1, 5)] + ["13-05-2020", "14-05-2020"]
    rows = [
        {**CORRECTION, "KPJ": f"099999900{at}7", "NIK": f"317101450890902{at}"[:16],
         "Data": "Tanggal Mulai", "Menjadi": value}
        for at, value in enumerate(mended, 10)
    ]  # fmt: skip
    rows.append({**CORRECTION, "Data": "No HP", "Menjadi": day("2020-01-02")})
    table = table_of(rows)
    (finding,) = [f for f in check(table, today=TODAY).findings if f.code == "DAT-14"]
    assert [(fix.row, fix.after) for fix in fixes_in(finding, table)] == [
        (at + 1, f"0{at}-0{at + 2}-2020") for at in range(1, 5)
    ]


def merged_rows(top=KPJ):
    """Two corrections of one person, whose cells are merged over both rows (2 and 3)."""
    first = {**CORRECTION, "KPJ": top, "NIK": NIK, "Nama Lengkap": "SITI CONTOHAN"}
    second = {"Data": "Email", "Menjadi": "siti@contoh.example"}
    return table_of([first, second, {**CORRECTION, "KPJ": ""}])


def offered(table):
    found = check(table, today=TODAY).findings
    return {(f.row, f.field): (f.suggestion, (f.params or {}).get("origin")) for f in found}


def test_what_is_merged_over_several_rows_is_offered_for_each():
    made = merged_rows()
    made.merged = ((0, 2, 3), (1, 2, 3), (2, 2, 3))
    told = offered(made)
    assert told[1, "kpj"] == (KPJ, "sel gabungan A2:A3")
    assert told[1, "nik"] == (NIK, "sel gabungan B2:B3")
    assert told[1, "nama"] == ("SITI CONTOHAN", "sel gabungan C2:C3")
    assert told[2, "kpj"] == (None, None)


@pytest.mark.parametrize(
    ("top", "areas"),
    [
        (KPJ, ()),
        (KPJ, ((0, 4, 6),)),  # another area
        (KPJ, ((0, 3, 4),)),  # it is the first of its area, and blank
        (KPJ, ((0, 1, 3),)),  # its first row is the header's
        (num(9999990017), ((0, 2, 3),)),  # a number may have lost digits
    ],
)
def test_nothing_is_offered_where_the_merged_cell_is_not_its_witness(top, areas):
    made = merged_rows(top)
    made.merged = areas
    assert offered(made)[1, "kpj"] == (None, None)


def numbered(*rows):
    """Rows of a list that numbers its employees."""
    first = {"No": "1", **CORRECTION, "KPJ": KPJ, "NIK": NIK, "Nama Lengkap": "SITI CONTOHAN"}
    asks = (
        {"Data": "Email", "Menjadi": "s@contoh.example"},
        {"Data": "Kode Pos", "Menjadi": "10110"},
    )
    return table_of([first, *({**asked, **row} for asked, row in zip(asks, rows, strict=False))])


WHO = ("kpj", "nik", "nama")


def over_cells(*rows, key="NIK"):
    """Proposals for numbers that lie below one header and the nameless columns right of it."""
    width = max(map(len, rows))
    told = [
        {**PERSON, "KPJ": f"0999999{at:04}", "No KK": "", "Nama Lengkap": f"SITI A{'B' * at}",
         "Tanggal Lahir": "", key: row[0]}
        | {f"kotak {place}": row[place] if place < len(row) else "" for place in range(1, width)}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    for row in told:
        row[key] = row.pop(key)
        row |= {name: row.pop(name) for name in list(row) if name.startswith("kotak")}
    table = table_of(told)
    table.headers = [("" if name.startswith("kotak") else name) for name in table.headers]
    report = check(table, today=TODAY)
    return [
        next((f"{f.suggestion} {f.params['origin']}" for f in report.findings
              if f.row == row and f.suggestion and "origin" in (f.params or {})), "")
        for row in range(len(rows))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "offered"),
    [
        (
            ["31710145 08909013", "31710145 08909021"],
            [f"{NIK} sel F2:G2", f"{OTHER_NIK} sel F3:G3"],
        ),
        (["3171 0145 0890 9013"], [f"{NIK} sel F2:I2"]),
        ([" ".join(NIK)], [f"{NIK} sel F2:U2"]),
        ([f"_ {NIK}"], [f"{NIK} sel G2"]),  # below the right half of a merged header
        (
            ["31710145 08909013", "31710145 08909021", "317101450 8909039"],
            [f"{NIK} sel F2:G2", f"{OTHER_NIK} sel F3:G3", ""],
        ),
        (["31710145 08909013", OTHER_NIK, "3171014508909039"], ["", "", ""]),  # most are whole
        (["317101450890901 3"], [""]),  # a digit beside a number is another thing
        (["31710145 X 08909013"], [""]),
        (["31710145 0890901 30 99999"], [""]),
    ],
)
def test_a_number_over_several_cells_is_offered_whole_where_all_are_cut_alike(rows, offered):
    assert over_cells(*([part.strip("_") for part in row.split()] for row in rows)) == offered


def test_pieces_of_a_number_that_were_stored_as_numbers_are_taken_for_what_they_are():
    assert over_cells([num("31710145"), num("12909013")]) == ["3171014512909013 sel F2:G2"]
    assert over_cells([num("31710145"), num("8909013")]) == [""]  # its 0 is gone
    assert over_cells(["", num("3171014512909013")]) == [""]  # 16 digits of a number are no witness
    assert over_cells(["0999999", "9917"], key="No KK") == [""]
    assert over_cells(["31710112", "03159001"], key="No KK") == [f"{KK} sel F2:G2"]


def test_idem_is_offered_as_the_nearest_cell_above_that_says_something():
    told = offered(numbered(
        {"No": "2", "KPJ": "idem", "NIK": '"', "Nama Lengkap": "s.d.a."},
        {"No": "3", "KPJ": "s.d.a", "NIK": "ditto", "Nama Lengkap": '-"-'},
    ))  # fmt: skip
    for row in (1, 2):
        assert [told[row, key] for key in WHO] == [
            (KPJ, "sel B2 di atasnya"), (NIK, "sel C2 di atasnya"), ("SITI CONTOHAN", "sel D2 di atasnya"),
        ]  # fmt: skip


def test_idem_is_no_digit_where_nothing_above_can_say_it():
    assert offered(table_of([{**CORRECTION, "KPJ": "idem"}]))[0, "kpj"] == (None, None)
    lost = table_of([{**CORRECTION, "KPJ": num(9999990017)}, {**CORRECTION, "KPJ": "idem"}])
    assert offered(lost)[1, "kpj"] == (None, None)


def test_idem_of_a_new_value_is_that_of_the_same_field_only():
    first = {**CORRECTION, "Data": "Alamat Domisili", "Menjadi": "Jalan Misal"}
    other = {**CORRECTION, "KPJ": OTHER_KPJ, "NIK": OTHER_NIK, "Nama Lengkap": "BUDI CONTOH"}
    same = table_of([first, {**other, "Data": "Alamat Domisili", "Menjadi": "idem"}])
    assert offered(same)[1, "alamat"] == ("Jalan Misal", "sel F2 di atasnya")
    another = table_of([first, {**other, "Data": "Sebab Berhenti", "Menjadi": "idem"}])
    assert offered(another)[1, "sebab_berhenti"] == (None, None)
    erased = table_of(
        [{**first, "Menjadi": "HAPUS"}, {**other, "Data": "Alamat Domisili", "Menjadi": "sda"}]
    )
    assert offered(erased)[1, "alamat"] == (None, None)


def test_of_a_kpj_merged_with_itself_the_one_in_semula_is_offered():
    row = {**CORRECTION, "KPJ": KPJ, "Data": "KPJ Digabung", "Menjadi": KPJ}
    told = offered(table_of([{**row, "Semula": OTHER_KPJ}]))
    assert told[0, "kpj_digabung"] == (OTHER_KPJ, "sel E2")
    for nothing in ("", KPJ, num(9999990025), "09999"):
        assert offered(table_of([{**row, "Semula": nothing}]))[0, "kpj_digabung"] == (None, None)


def test_idem_in_place_of_a_datum_is_offered_as_the_one_above():
    other = {**CORRECTION, "KPJ": OTHER_KPJ, "NIK": OTHER_NIK, "Nama Lengkap": "BUDI CONTOH"}
    first = {**CORRECTION, "Data": "Email", "Menjadi": "a@contoh.example"}
    told = offered(table_of([first, {**other, "Data": "sda", "Menjadi": "b@contoh.example"}]))
    assert told[1, "data"] == ("Email", "sel D2 di atasnya")


def test_rows_below_an_employee_without_number_and_name_are_offered_theirs():
    told = offered(numbered({}, {}))
    for row in (1, 2):
        assert [told[row, key] for key in WHO] == [
            (KPJ, "sel B2 di atasnya"), (NIK, "sel C2 di atasnya"), ("SITI CONTOHAN", "sel D2 di atasnya"),
        ]  # fmt: skip


def apart(table):
    table.row_numbers[1:] += 1
    return table


GOING_ON = {"No": "", "Data": "Email", "Menjadi": "a@contoh.example"}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (numbered({"No": "2"}), 1),  # numbered: somebody else, whose KPJ is missing
        (numbered({"NIK": OTHER_NIK}), 1),  # it names somebody
        (apart(numbered({})), 1),  # a blank row lies between
        (table_of([CORRECTION, {"Data": "Email", "Menjadi": "a@contoh.example"}]), 1),  # no numbers
        (table_of([GOING_ON, {"No": "1", **CORRECTION}]), 0),  # nobody above
        (table_of([{"No": "1", **CORRECTION, "NIK": ""}, GOING_ON]), 1),
        (table_of([{"No": "1", **CORRECTION, "KPJ": num(9999990017)}, GOING_ON]), 1),
    ],
)
def test_nobody_is_offered_for_a_row_that_does_not_go_on_with_them(table, row):
    assert offered(table)[row, "kpj"] == (None, None)


@pytest.mark.parametrize(
    ("header", "written", "meant"),
    [
        ("NIK", "3,171,014,508,909,013", NIK),
        ("NIK", "31'71'01'450890'9013", NIK),
        ("NIK", "NIK: " + NIK, NIK),
        ("NIK", "31710145089090,13", None),  # one comma may be that of a decimal
        ("No HP (Menjadi)", "HP : 081200000001", "081200000001"),
        ("No HP (Menjadi)", "81,200,000,001", "81200000001"),
        ("No HP (Menjadi)", "8,12E+11", None),
    ],
)
def test_signs_that_group_digits_and_words_before_them_are_left_out(header, written, meant):
    found = proposals({header: written})
    assert next((one for (row, code), one in found.items() if code != "NIK-11"), None) == meant


@pytest.mark.parametrize(
    ("header", "written", "meant"),
    [
        ("NIK", f"{NIK}'", NIK), ("NIK", f'"{NIK}"', NIK), ("NIK", f"*{NIK}*", NIK),
        ("NIK", f"{NIK} (KTP)", NIK), ("NIK", f"{NIK} SEUMUR HIDUP", NIK),
        ("NIK", f"{NIK},00", None), ("NIK", f"{NIK}x", None), ("NIK", f"{NIK} / {OTHER_NIK}", None),
        ("NIK", f"{NIK[:12]}XXXX", None),
        ("KPJ", f"KPJ{KPJ}", KPJ), ("KPJ", f"JH{KPJ[1:]}", None), ("KPJ", f"A{KPJ}", None),
        ("NPWP (Menjadi)", f"NPWP {NIK}", NIK), ("Kode Pos (Menjadi)", "10110 Jakarta", "10110"),
        ("No HP (Menjadi)", "081200000001 (WA)", "081200000001"),
        ("No HP (Menjadi)", "081200000001 WA", "081200000001"),
        ("No HP (Menjadi)", "telp: 081200000001.", "081200000001"),
        ("No HP (Menjadi)", "081200000001,", "081200000001"),
        ("No HP (Menjadi)", "081200000001 ext 3", None), ("No HP (Menjadi)", "(021) 5550001 rumah", None),
        ("No Rekening (Menjadi)", "BCA 9000000112", "9000000112"),
        ("No Rekening (Menjadi)", "BSI 9000000112", "9000000112"),
        ("No Rekening (Menjadi)", "9000000112 a.n. Siti", "9000000112"),
        ("No Rekening (Menjadi)", "Rp 5.000.000", None),
        ("Kode Bank (Menjadi)", "BCA KCP Contoh", "014"), ("Kode Bank (Menjadi)", "002/BRI", "002"),
        ("Kode Bank (Menjadi)", "014 Bank Misal", None),
        ("Email (Menjadi)", "Siti <siti@contoh.example>", "siti@contoh.example"),
        ("Email (Menjadi)", "mailto:siti@contoh.example", "siti@contoh.example"),
        ("Email (Menjadi)", "siti@contoh.example (kantor)", "siti@contoh.example"),
        ("Email (Menjadi)", "siti@contoh,example", "siti@contoh.example"),
        ("Email (Menjadi)", "siti umpama@contoh.example", None),
        ("Tanggal Lahir", "Jakarta / 5 Agustus 1990", "05-08-1990"),
        ("Tanggal Lahir", "tgl 05-08-1990 (KTP)", "05-08-1990"), ("Tanggal Lahir", "5th August 1990", "05-08-1990"),
        ("Tanggal Lahir", "O5-O8-l990", "05-08-1990"), ("Tanggal Lahir", "33090", "05-08-1990"),
        ("Tanggal Lahir", "٠٥-٠٨-١٩٩٠", "05-08-1990"), ("Tanggal Lahir", "05,08,1990", "05-08-1990"),
        ("Tanggal Lahir", "5\\8\\1990", "05-08-1990"), ("Tanggal Lahir", "05,08,90", None),
        ("Tanggal Lahir", "A5-08-1990", None), ("Tanggal Lahir", "05-08-1990/06-08-1990", None),
        ("Tanggal Lahir", "tgl 06-08-1990", None),  # another date than that of the NIK
        ("Tanggal Lahir", "5 Agutsus 1990", "05-08-1990"), ("Tanggal Lahir", "5 Agusttus 1990", "05-08-1990"),
        ("Tanggal Lahir", "Jakarta, 5 Agusus 1990", "05-08-1990"), ("Tanggal Lahir", "5 Agvstus 1990", "05-08-1990"),
        ("Tanggal Lahir", "6 Agutsus 1990", None), ("Tanggal Lahir", "5 Agtsuus 1990", None),
        ("Tanggal Mulai (Menjadi)", "5 Septmber 2020", "05-09-2020"),
        ("Tanggal Mulai (Menjadi)", "5 Jumi 2020", None), ("Tanggal Mulai (Menjadi)", "5 Xember 2020", None),
        ("Tanggal Mulai (Menjadi)", "31 Septmber 2020", None), ("Tanggal Lahir", "05--08-1990", "05-08-1990"),
        ("No HP (Menjadi)", "062 812 0000 0001", "081200000001"),
        ("No HP (Menjadi)", "0+6281200000001", "081200000001"),
        ("No HP (Menjadi)", "+081200000001", "081200000001"), ("No HP (Menjadi)", "06221 5550001", None),
        ("Nama Lengkap", "R0NI C0NTOH", "RONI CONTOH"), ("Nama Lengkap", "R0N1 CONTOH", None),
        ("Nama Lengkap", "RONI 0", None), ("Nama Lengkap", "BUD1 CONTOH", None),
        ("Tanggal Mulai (Menjadi)", "1/13/2020", "13-01-2020"), ("Tanggal Mulai (Menjadi)", "31/13/2020", None),
        ("Tanggal Mulai (Menjadi)", "43831", None),  # no NIK confirms a serial
        ("Tanggal Lahir", "Aug-05-1990", "05-08-1990"), ("Tanggal Lahir", "August 5th, 1990", "05-08-1990"),
        ("Tanggal Lahir", "1990-Aug-05", "05-08-1990"), ("Tanggal Lahir", "1990 08 05", "05-08-1990"),
        ("Tanggal Lahir", "0508-1990", "05-08-1990"), ("Tanggal Lahir", "05-081990", "05-08-1990"),
        ("Tanggal Lahir", "Aug-06-1990", None), ("Tanggal Lahir", "1990 31 08", None),
        ("Tanggal Lahir", "05-08-19 90", None), ("Tanggal Lahir", "08-05-1990 12:00:00 AM", None),
        ("Tanggal Lahir", "050890", "05-08-90"), ("Tanggal Lahir", "060890", None),
        ("Tanggal Lahir", "05-08-'90", "05-08-90"), ("Tanggal Lahir", "tgl 05-08-90", "05-08-90"),
        ("Tanggal Lahir", "08/05/90", "05-08-1990"), ("Tanggal Lahir", "08/06/90", None),
        ("Tanggal Lahir", "8 Mei 90", None), ("Tanggal Mulai (Menjadi)", "050820", None),
        ("Tanggal Mulai (Menjadi)", "08/05/20", None), ("Tanggal Mulai (Menjadi)", "Aug-05-20", None),
        ("Tanggal Mulai (Menjadi)", "Okt.5.2020", "05-10-2020"),
        ("No HP (Menjadi)", "++6281200000001", "081200000001"),
        ("No HP (Menjadi)", "+62 +81200000001", "081200000001"),
        ("No HP (Menjadi)", "081200000001 / 0812-0000-0001", "081200000001"),
        ("No HP (Menjadi)", "(021) 5550001 / 081200000001", "081200000001"),
        ("No HP (Menjadi)", "081200000001 / 081200000002", None),
        ("No HP (Menjadi)", "08120000 / 081200000002", None), ("No HP (Menjadi)", "021-5550001 / 021-5550002", None),
        ("Email (Menjadi)", "siti @contoh.example", "siti@contoh.example"),
        ("Email (Menjadi)", "siti(at)contoh.example", "siti@contoh.example"),
        ("Email (Menjadi)", "siti@@contoh.example", "siti@contoh.example"),
        ("Email (Menjadi)", "siti umpama @contoh.example", None), ("Email (Menjadi)", "siti at contoh.example", None),
        ("Jenis Kelamin", "PEREMPAUN", "P"), ("Jenis Kelamin", "wantia", "P"), ("Jenis Kelamin", "2.0", "P"),
        ("Jenis Kelamin", "Cewek", "P"), ("Jenis Kelamin", "LAKI-LAIK", None),  # the NIK says a woman
        ("Jenis Kelamin", "FMALE", None), ("Status Kawin", "BELUM KAWN", "T"), ("Status Kawin", "KAWN", None),
        ("Kewarganegaraan", "Malaysia", "WNA MALAYSIA"), ("Kewarganegaraan", "INDONESA", "WNI"),
        ("Kewarganegaraan", "ATLANTIS", None), ("Status Kerja", "KONTRK", "PKWT"),
        ("Nama Lengkap", "TN. BUDI CONTOH", "BUDI CONTOH"), ("Nama Lengkap", "A/N SITI CONTOHAN", "SITI CONTOHAN"),
        ("Nama Lengkap", "3. SITI CONTOHAN", "SITI CONTOHAN"), ("Nama Lengkap", "SITI CONTOHAN,", "SITI CONTOHAN"),
        ("Nama Lengkap", "SITI CONTOHAN (ALMH)", "SITI CONTOHAN"), ("Nama Lengkap", "(SITI CONTOHAN)", "SITI CONTOHAN"),
        ("Nama Lengkap", "SITI CONTOHAN (ISTRI)", None), ("Nama Lengkap", "AN. SITI CONTOHAN", None),
        ("Nama Lengkap", "SITI CONTOHAN.", None), ("Nama Lengkap", "SITI 3. CONTOHAN", None),
        ("Nama Lengkap", "NS. SITI CONTOHAN, S.KEP.", "SITI CONTOHAN"),
        ("Nama Rekening (Menjadi)", "an. Siti Contohan", "SITI CONTOHAN"),
        ("Nama Rekening (Menjadi)", "SITI CONTOHAN QQ BUDI", None),
    ],
)  # fmt: skip
def test_one_number_date_or_address_with_something_around_it_is_offered_bare(
    header, written, meant
):
    found = proposals({header: written})
    assert list(found.values()) == ([meant] if meant else [])


def test_a_finding_about_no_cell_has_no_fix():
    assert fixes_of(0, 3, "x", "y", None) == []
    assert fixes_of(4, -1, "x", "y", None) == []
    assert fixes_of(4, 3, "x", None, None) == []
    assert fixes_of(4, 3, "x", "y", None) == [Fix(4, 3, "x", "y")]
    assert fixes_of(4, 3, "x", None, {"fixes": json.dumps([[4, 3, "a", "b"]])}) == [
        Fix(4, 3, "a", "b")
    ]
    assert not is_proposal(None, None)


def employees(draw):
    """A sheet of a few employees, each with a fault or two of the kinds that are proposed for."""
    rows = []
    for at in range(draw(st.integers(1, 4))):
        month, serial = draw(st.integers(1, 12)), 9020 + at
        row = {
            **PERSON,
            "KPJ": f"0999999{at:04}",
            "NIK": f"3171014508{month:02}{serial}"[:8] + f"{month:02}90{serial}",
            "Tanggal Lahir": f"05-{month:02}-1990",
            "Nama Lengkap": f"SITI {'ABCDE'[at] * 5}",
        }
        for fault in draw(st.lists(st.sampled_from(sorted(FAULTS)), max_size=2, unique=True)):
            FAULTS[fault](row)
        rows += [row] * draw(st.integers(1, 2))
    return rows


FAULTS = {
    "kpj": lambda row: row.update(KPJ=num(row["KPJ"].lstrip("0"))),
    "letters": lambda row: row.update(NIK=row["NIK"].replace("0", "O", 2)),
    "swap": lambda row: row.update({"NIK": row["No KK"], "No KK": row["NIK"]}),
    "cards": lambda row: row.update({"NIK": row["KPJ"], "KPJ": row["NIK"]}),
    "date": lambda row: row.update({"Tanggal Lahir": "-".join((row["Tanggal Lahir"][3:5], "05", "1990"))}),
    "title": lambda row: row.update({"Nama Lengkap": "DRS. " + row["Nama Lengkap"]}),
    "slip": lambda row: row.update(NIK=row["NIK"][:-1], NPWP=row["NIK"]),
    "number": lambda row: row.update(NIK=num(row["NIK"][:15] + "0"), NPWP=row["NIK"]),
}  # fmt: skip


@given(st.composite(employees)())
@settings(deadline=None, max_examples=60)
def test_taking_a_proposal_never_leaves_a_worse_verdict(rows):
    rows = [dict(row) for row in rows]
    before = table_of(rows)
    report = check(before, today=TODAY)
    worst = report.row_severity.tolist()
    for finding in report.findings:
        number = int(before.row_numbers[finding.row]) if finding.row >= 0 else 0
        changed = [dict(row) for row in rows]
        for fix in fixes_of(
            number, finding.column, finding.value, finding.suggestion, finding.params
        ):
            header = before.headers[fix.column]
            was = rows[fix.row - 2].get(header, "")
            same = [at for at, row in enumerate(rows) if row["KPJ"] == rows[fix.row - 2]["KPJ"]]
            for at in same:  # a value on record is mended on all rows of its employee
                if rows[at].get(header, "") == was:
                    changed[at][header] = fix.after
        after = check(table_of(changed), today=TODAY).row_severity.tolist()
        assert all(now <= then for now, then in zip(after, worst, strict=True)), finding


def test_columns_are_not_swapped_back_where_somebody_else_would_be_worse_off():
    rows = [{**PERSON, "KPJ": "09999990000"}, {**PERSON, "NIK": "09999990001"}]
    rows[1]["KPJ"] = rows[0]["No KK"]  # as a NIK it would be the other one's family card
    assert "KPJ-06" in check(table_of(rows), today=TODAY).findings.code
    assert not any(
        f.params and "fixes" in f.params for f in check(table_of(rows), today=TODAY).findings
    )
    rows[1]["KPJ"] = "3171011203159007"
    assert any(
        f.params and "fixes" in f.params for f in check(table_of(rows), today=TODAY).findings
    )


def test_only_rows_with_the_same_value_are_mended_along():
    other = {"NIK": NIK, "Gelar (Menjadi)": "", "Email (Menjadi)": "siti@contoh.example"}
    assert proposals({"NIK": "317IO145O8909O13"}, other) == {(0, "CELL-04"): NIK}


def witness(**changes):
    held = {
        "name": "SITI CONTOHAN", "birth": "1990-08-05", "kpj": KPJ, "nik": NIK, "sheet": "Data",
        "kpj_cell": "A9", "nik_cell": "B9",
    }  # fmt: skip
    return Witness(**{**held, **changes})


def from_witnesses(*known, **cells):
    """What other sheets offer for a row whose NIK Excel has rounded, with its origin."""
    table = table_of([{**PERSON, "NIK": num(NIK[:15] + "0"), **cells}])
    table.witnesses = known
    return {key: told for (_, key), told in offered(table).items() if told[0]}


def test_another_sheet_is_asked_for_the_one_number_of_the_same_person():
    nik = {"nik": (NIK, "lembar “Data” sel B9")}
    assert from_witnesses(witness()) == nik
    assert from_witnesses(witness(birth="")) == nik  # the KPJ says who it is
    assert from_witnesses(witness(birth="", kpj="")) == {}
    assert from_witnesses(witness(birth="1990-08-06")) == {}
    assert from_witnesses(witness(), witness(nik=OTHER_NIK)) == {}
    assert from_witnesses(witness(kpj=OTHER_KPJ)) == {}
    assert from_witnesses(witness(nik="3171014508909113")) == {}  # not what is left of it
    assert from_witnesses(witness(name="BUDI CONTOH")) == {}
    assert from_witnesses(witness(), NIK="") == nik
    card = {"kpj": (KPJ, "lembar “Data” sel A9")}
    assert from_witnesses(witness(), NIK=NIK, KPJ="") == card
    assert from_witnesses(witness(), **{"NIK": NIK, "No KK": "317101120315900"}) == {}


def test_a_new_value_and_a_sheet_without_the_other_number_are_not_mended_from_another_sheet():
    assert from_witnesses(witness(), **{"NIK": NIK, "NIK (Menjadi)": num(NIK[:15] + "0")}) == {}
    table = table_of([{key: value for key, value in PERSON.items() if key != "KPJ"} | {"NIK": ""}])
    table.witnesses = (witness(),)
    assert offered(table)[0, "nik"] == (NIK, "lembar “Data” sel B9")


@pytest.mark.parametrize("said", ["tetap", "Tidak diubah!", "(tidak ada perubahan)"])
def test_what_says_that_nothing_changes_is_offered_as_left_out(said):
    new, record = {"Alamat Domisili (Menjadi)": said}, {"Alamat Domisili": said}
    for cells, meant in ((new, "TIDAK BERUBAH"), (record, None)):
        report = judge([person() | cells])
        assert [one.suggestion for one in report.findings if one.code == "CELL-18"] == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("perubahan no HP", "No HP"), ("Update No. HP", "No HP"), ("NO HP SALAH", "No HP"), ("ganti", None),
     ("Kontak", None)],
)  # fmt: skip
def test_a_datum_is_known_among_words_that_ask_for_its_correction(said, meant):
    row = {**CORRECTION, "Data": said, "Menjadi": "081200000001"}
    assert [one.suggestion for one in judge([row]).findings if one.code == "COD-01"] == [meant]
