"""Outlets as data: what leaves in which form; and the answer that comes back."""

import pytest

from hr_portal.domain.agency_answers import AnswerError, answer_of, lines_of
from hr_portal.domain.outlets import Line, Outlet, OutletColumn, cells, columns_of, files
from hr_portal.domain.table import UNCALCULATED

ABOUT = {"npp": "90000123", "company": "PT Contoh", "batch": "PKD-2026-00001"}
EMPLOYEE = {"kpj": "09900101101", "nik": "3171", "nama": "SITI", "tanggal_lahir": "", "kk": ""}


def outlet(*sources, left_out=()):
    columns = tuple(OutletColumn(source.upper(), source) for source in sources)
    return Outlet("x", "X", "X", "xlsx", columns, frozenset(left_out), 2, is_confirmed=True)


def test_an_outlet_picks_its_columns_and_numbers_only_what_it_carries():
    lines = [
        Line(2, "no_rekening", "No Rekening", "1", "2", EMPLOYEE),
        Line(3, "hp", "No HP", "", "0812", EMPLOYEE),
    ]
    picked = outlet("number", "kpj", "field", "after", "batch", "row", left_out=["no_rekening"])
    assert list(cells(picked, lines, ABOUT)) == [
        ("1", "09900101101", "No HP", "0812", "PKD-2026-00001", "3")
    ]


def test_dates_are_written_day_first_and_what_is_no_date_stays():
    who = {**EMPLOYEE, "tanggal_lahir": "1990-08-05"}
    lines = [
        Line(2, "tanggal_lahir", "Tanggal Lahir", "1990-08-05", "1990-05-08", who),
        Line(3, "tanggal_lahir", "Tanggal Lahir", "5 Agustus", "1990-05-08", EMPLOYEE),
        Line(4, "alamat", "Alamat Domisili", "1990-08-05", "Jalan Misal", EMPLOYEE),
    ]
    assert list(cells(outlet("tanggal_lahir", "before", "after"), lines, ABOUT)) == [
        ("05-08-1990", "05-08-1990", "08-05-1990"),
        ("", "5 Agustus", "08-05-1990"),
        ("", "1990-08-05", "Jalan Misal"),
    ]


def test_rows_are_cut_into_files_and_nothing_makes_no_file():
    assert [list(part) for part in files([1, 2, 3], 2)] == [[1, 2], [3]]
    assert files([], 2) == []


def test_columns_are_read_as_typed():
    assert columns_of("NO = number\n\n NO KPJ = kpj ") == (
        OutletColumn("NO", "number"),
        OutletColumn("NO KPJ", "kpj"),
    )


@pytest.mark.parametrize(
    "typed", ["", "KPJ", "= kpj", "KPJ = gaji", "A = kpj\na = nik", "X" * 61 + " = kpj"]
)
def test_columns_that_mean_nothing_are_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"kolom|Baris 1"):
        columns_of(typed)


HEAD = {0: "No.", 1: "No KPJ", 2: "Elemen Data", 3: "HASIL", 4: "Keterangan", 5: "Nomor Pengajuan"}


def answer(*rows):
    return lines_of([(1, {0: "Jawaban koreksi"}), (2, HEAD), *rows])


def test_an_answer_is_read_below_its_header_and_empty_results_wait():
    accepted, refused = answer(
        (3, {1: "09900101101", 2: "No HP", 3: "Diterima"}),
        (4, {1: "09900101102.0", 2: "NIK", 3: "ditolak", 4: "NIK tidak padan", 5: "PKD-1"}),
        (5, {1: "09900101103", 2: "NIK"}),
    )
    assert (accepted.kpj, accepted.field, accepted.answer) == ("09900101101", "hp", "accepted")
    assert (refused.kpj, refused.answer, refused.words, refused.batch) == (
        "09900101102",
        "refused",
        "NIK tidak padan",
        "PKD-1",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({1: "09900101101", 2: "No HP", 3: "mungkin"}, "“mungkin” pada baris 3. Tulis Diterima"),
        ({1: "09900101101", 2: "Gaji", 3: "Diterima"}, "“Gaji” tidak dikenal"),
        ({1: "SITI", 2: "No HP", 3: "Diterima"}, "bukan nomor"),
        ({2: "No HP", 3: "Diterima"}, "bukan nomor"),
        ({1: "9900101101,0", 2: "No HP", 3: "Diterima"}, "bukan nomor"),
        ({1: "9,9001E+09", 2: "No HP", 3: "Diterima"}, "sudah dibulatkan"),
        ({1: "09900101101", 2: "No HP", 3: UNCALCULATED}, "Baris 3: ada rumus yang belum dihitung"),
        ({1: "09900101101", 2: "No HP"}, "belum diisi"),
    ],
)
def test_a_line_that_says_nothing_certain_refuses_the_file(row, said):
    with pytest.raises(AnswerError) as refusal:
        answer((3, row))
    assert said in refusal.value.message


def test_unknown_results_are_told_together_with_their_rows():
    rows = [
        (n, {1: "09900101101", 2: "No HP", 3: f"Kata {n % 6}" if n < 9 else "Entah"})
        for n in range(3, 30)
    ]
    with pytest.raises(AnswerError) as refusal:
        answer(*rows)
    assert "“Kata 3” pada baris 3; " in refusal.value.message
    assert "; dan 2 lainnya. Tulis" in refusal.value.message
    assert "and 2 more" in refusal.value.message_en


def test_a_file_without_a_table_of_answers_is_refused():
    with pytest.raises(AnswerError, match="tidak ditemukan"):
        lines_of([(1, {0: "KPJ", 1: "Nama"})])
    rows = [(1, {0: "Jawaban"}), (4, {0: "Nomor Kartu", 1: "Data", 2: "Status"})]
    with pytest.raises(AnswerError) as refusal:
        answer_of([("Surat", [(1, {0: "Kepada Yth."})]), ("Hasil November", rows)])
    assert "baris 4, lembar “Hasil November”, belum memuat kolom KPJ." in refusal.value.message
    assert "row 4, sheet “Hasil November”, lacks the columns KPJ." in refusal.value.message_en


def test_the_answer_is_on_one_sheet_of_the_workbook_whichever():
    table = [(1, {0: "KPJ", 1: "Data", 2: "Hasil"}), (2, {0: "9900101101", 1: "NIK", 2: "ok"})]
    cover = ("Surat", [(1, {0: "Kepada Yth."})])
    (line,) = answer_of([cover, ("Jawaban", table)])
    assert (line.row, line.answer) == (2, "accepted")
    for sheets, said in (
        ([("A", table), cover, ("B", table)], "“A”, “B”"),
        ([cover], "tidak ditemukan"),
    ):
        with pytest.raises(AnswerError) as refusal:
            answer_of(sheets)
        assert said in refusal.value.message


def test_columns_that_the_agency_adds_beside_ours_are_read_together():
    head = {0: "KPJ", 1: "Data", 2: "Keterangan", 3: "Status", 4: "Catatan", 5: "Hasil"}
    head |= {6: "Jenis koreksi", 7: "No peserta"}
    same = {0: "09900101101", 1: "No HP", 2: "Baris 4", 3: "TOLAK", 4: "Nomor mati", 5: "Tolak"}
    (line,) = lines_of([(1, head), (2, same)])
    assert (line.answer, line.words) == ("refused", "Baris 4; Nomor mati")
    long = same | {4: "x" * 32_000}
    assert lines_of([(1, head), (2, long)])[0].words.endswith("x" * 32_000)
    for changed, said in (
        ({5: "Diterima"}, "“TOLAK” dan “Diterima”"),
        ({4: "x" * 40_000}, "32767"),
        ({6: "NIK"}, "dua kolom data berbeda, “No HP” dan “NIK”"),
        ({7: "09900101102"}, "dua kolom KPJ berbeda"),
    ):
        with pytest.raises(AnswerError) as refusal:
            lines_of([(1, head), (2, same | changed)])
        assert said in refusal.value.message
