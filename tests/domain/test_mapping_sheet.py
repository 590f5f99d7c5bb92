"""The mapping sheet: known by its header, read line by line, and nothing of it guessed."""

import pytest

from hr_portal.domain.mapping_sheet import Cell, Line, Sheet, is_header, lines_of, people_of
from hr_portal.domain.roster import Roster

SITI, BUDI = ("09999990017", "3171014508909013"), ("09999990025", "3171011203859021")


def rows(*lines, first=1):
    """Lines of cells, texts or (number,) for a number cell; "" is an empty one."""
    return [
        (
            first + at,
            {
                column: Cell(one, is_number=False) if isinstance(one, str) else Cell(*one, True)
                for column, one in enumerate(line)
                if one
            },
        )
        for at, line in enumerate(lines)
    ]


@pytest.fixture(scope="module")
def roster():
    people = [(SITI, "SITI CONTOHAN"), (BUDI, "BUDI MISALNYA"), (SITI, "SITI CONTOHAN")]
    return Roster.of(
        (number, {"kpj": kpj, "nik": nik, "nama": name}, {})
        for number, ((kpj, nik), name) in enumerate(people, 2)
    )


@pytest.mark.parametrize(
    "header",
    [
        ("Berkas", "NIK", "KPJ", "Nama", "Jenis"),
        ("nama file", "No. KTP"),
        ("File Name", "Row", "Kind"),
        ("Jenis Dokumen", "Nama Berkas", "NIK / KPJ"),
        ("Dokumen", "Nomor KPJ"),
    ],
)
def test_a_sheet_is_known_by_its_header_below_a_title_too(header):
    title = ("Lampiran November",)
    lines = lines_of(rows(title, header, ["x"] * len(header)), "Lembar2")
    assert [(one.number, one.sheet, one.file) for one in lines] == [(3, "Lembar2", "x")]


@pytest.mark.parametrize(
    "header",
    [("NIK", "Nama", "Jenis"), ("Berkas", "Jenis"), ("Dokumen", "NIK", "Nama", "Nama (Menjadi)"), ("a",)],
)  # fmt: skip
def test_another_header_is_none(header):
    assert not is_header(rows(header)[0][1])
    assert lines_of(rows(header, ["1"] * len(header)), "x") is None


def test_a_line_without_a_file_is_one_not_filled_in_yet_and_the_first_of_two_columns_counts():
    lines = lines_of(
        rows(
            ("Berkas", "NIK", "Baris", "File", "Jenis"),
            ("", SITI[1], "", "lain.pdf"),
            (" scan  1.pdf ", SITI[1], ("2",), "lain.pdf", "KTP"),
        ),
        "s",
    )
    assert lines == [
        Line("scan 1.pdf", nik=SITI[1], row="2", kind="KTP", number=3, sheet="s"),
    ]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("NIK", ("3171014508909010",)),  # Excel keeps 15 digits
        ("NIK", ("9271014508909013",)),  # above what a double keeps
        ("NIK", "3,17101E+15"),
        ("NIK atau KPJ", ("3171014508909010",)),
        ("KPJ", ("9999990017",)),  # its zero is gone
        ("KPJ", "9,99999E+09"),
    ],
)
def test_a_number_that_a_program_has_changed_is_not_guessed(header, cell, roster):
    (line,) = lines_of(rows(("Berkas", header), ("a.pdf", cell)), "s")
    assert line.told == line.lost != ""
    assert people_of(line, roster) == (set(), "number-lost")


def test_a_number_cell_that_kept_all_digits_is_taken(roster):
    (line,) = lines_of(rows(("Berkas", "NIK"), ("a.pdf", (SITI[1],))), "s")
    assert people_of(line, roster) == ({0}, "")


def test_a_column_of_niks_that_all_end_in_0_was_cut():
    cut = lines_of(
        rows(("Berkas", "NIK"), ("a", "3171014508909010"), ("b", "3171011203859020"), ("c", "123")),
        "s",
    )
    assert [bool(one.lost) for one in cut] == [True, True, False]
    whole = lines_of(rows(("Berkas", "NIK"), ("a", "3171014508909010"), ("b", BUDI[1])), "s")
    assert not any(one.lost for one in whole)


def test_whose_a_line_is_or_why_that_is_not_known(roster):
    def found(**told):
        return people_of(Line("a.pdf", **told), roster)

    assert found(nik="3171 0145 0890 9013") == found(kpj="'0999.999.0017") == ({0}, "")
    assert found(row="3") == found(nik=BUDI[1], kpj=BUDI[0], row="3") == ({1}, "")
    assert found(either=BUDI[0]) == found(either=BUDI[1]) == found(either="3") == ({1}, "")
    assert found() == (set(), "nobody")
    for unknown in ({"nik": "1" * 16}, {"row": "99"}, {"row": "tiga"}, {"either": "9" * 16}):
        assert found(**unknown) == (set(), "unknown-number")
    assert found(nik=SITI[1], kpj=BUDI[0]) == (set(), "contradiction")
    twins = Roster.of(
        [(2, {"kpj": "1", "nik": SITI[1]}, {}), (3, {"kpj": "2", "nik": SITI[1]}, {})]
    )
    assert people_of(Line("a", nik=SITI[1]), twins) == ({0, 1}, "several-people")
    assert people_of(Line("a", nik=SITI[1], row="3"), twins) == ({1}, "")


def test_a_bare_name_tells_nothing_where_several_folders_have_it():
    sheet = Sheet([Line("ktp.jpg", nik=SITI[1]), Line("B/kk.jpg", nik=SITI[1])])
    assert sheet.of("KTP.JPG")[1] == ""
    assert sheet.of("A/ktp.jpg")[1] == "sheet-ambiguous"  # what else there is nobody knows
    assert sheet.among(["A/ktp.jpg", "A/x.jpg"]).of("A/ktp.jpg")[1] == ""
    assert sheet.among(["A/ktp.jpg", "B/ktp.jpg"]).of("B/ktp.jpg")[1] == "sheet-ambiguous"
    assert sheet.of("B/kk.jpg")[1] == ""
    assert sheet.of("A/kk.jpg") == sheet.of("lain.pdf") == ([], "")


def test_each_line_that_is_wrong_is_told_once_with_what_stands_there(roster):
    told = [
        Line("a.pdf", nik="1" * 16, kind="KTP", number=2),
        Line("a.pdf", nik=SITI[1], kind="kartu apa", number=3),
        Line("hilang.pdf", nik=SITI[1], kind="KTP", number=4),
        Line("b.pdf", nik=SITI[1], kind="KTP", number=5),
        Line("c.pdf", nik=SITI[1], kind="KTP", number=6),
        Line("c.pdf", kpj=BUDI[0], kind="KK", number=7),
        Line("kk bersama.pdf", nik=SITI[1], kind="KK", number=8),
        Line("kk bersama", kpj=BUDI[0], kind="KK", number=9),
        Line("kk bersama.pdf", kpj=SITI[0], kind="KK", number=10),
        Line("d.pdf", nik="x", lost="3,1E+15", number=11),
    ]
    paths = ["a.pdf", "x/b.pdf", "y/b.pdf", "c.pdf", "Kk Bersama.PDF", "d.pdf"]
    faults = Sheet(told).faults(roster, paths)
    assert [(one.line.number, one.code, one.value) for one in faults] == [
        (2, "unknown-number", "1" * 16),
        (3, "kind-unknown", "kartu apa"),
        (4, "no-file", ""),
        (5, "sheet-ambiguous", ""),
        (6, "kinds-several", ""),
        (7, "kinds-several", ""),
        (10, "line-twice", "8"),
        (11, "number-lost", "3,1E+15"),
    ]
    assert "baris 8" in faults[6].message
    assert "line 8" in faults[6].message_en
