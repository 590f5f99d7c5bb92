"""Whatever lies in a sheet: no fault of ours, and every filled row is accounted for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.recognise import to_table
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.domain.questions import HowToRead, Question, Unsure
from hr_portal.domain.table import Kind, Unreadable

CELLS = (
    "KPJ", "NIK", "Nama", "No", "Data", "Semula", "Menjadi", "No HP", "Email (Menjadi)", "Data Lama",
    "Data Baru", "Tangal Lahir", "Kolom1", "Rekening", "Nomor", "TGL", "", "", "Jumlah", "Mengetahui,",
    "Jakarta, 21 November 2026", "(1)", "16 digit", "wajib diisi", "Contoh", "09999990017",
    "3171014508909013", "3171010508909013", "SITI CONTOH", "05-08-1990", "081200000001",
    "a@contoh.example", "5", "L", "😀", "x" * 200,
)  # fmt: skip
LINES = (
    ("KPJ", "NIK", "Nama", "Data", "Semula", "Menjadi"),
    ("KPJ", "NIK", "Nama", "Email (Menjadi)", "", ""),
    ("Kolom1", "Kolom2", "Kolom3", "Kolom4", "Kolom5", "Kolom6"),
    ("09999990017", "3171014508909013", "SITI CONTOH", "Email", "", "a@contoh.example"),
    ("09999990025", "3171014508909014", "BUDI CONTOH", "Email", "", "b@contoh.example"),
)
ROWS = st.lists(
    st.one_of(
        st.sampled_from(LINES),
        st.sampled_from(LINES[3:]),
        st.lists(st.sampled_from(CELLS), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=30,
)


def sheet_of(rows, source):
    made = Sheet("S", source=source)
    for number, cells in enumerate(rows, 1):
        if any(cells):
            made.row_numbers.append(number)
            for column, text in enumerate(cells):
                if text:
                    made.put(len(made.row_numbers) - 1, column, Kind.TEXT, text)
    made.finish()
    return made


def read(rows, source, how):
    return to_table(sheet_of(rows, source), "uji.xlsx", "auto", DEFAULT_LIMITS, how)


@settings(deadline=None)
@given(ROWS, st.sampled_from(["xlsx", "csv"]), st.sampled_from(["needed", "unsure", "always"]))
def test_every_filled_row_is_held_refused_skipped_or_the_header(rows, source, ask):
    try:
        table = read(rows, source, HowToRead(ask=ask))
    except Unsure as unsure:
        table = answered(rows, source, unsure.question)
    except Unreadable:
        return
    if table is None:
        return
    held = set(table.row_numbers.tolist())
    refused = {number for number, *_ in table.refused}
    skipped = {n for remark in table.remarks if remark.kind == "skipped-row" for n in remark.rows}
    assert len(held) + len(refused) + len(skipped) == len(held | refused | skipped)
    said = [remark.text for remark in table.remarks if remark.kind == "header-rows"]
    header = 1 if not said else 0 if "Tabel ini" in said[0] else 2 if " dan " in said[0] else 3
    filled = {number for number, cells in enumerate(rows, 1) if any(cells)}
    assert len(filled - held - refused - skipped) == header


def answered(rows, source, question):
    """Read with all that was proposed, the rest left out; a second question may not come."""
    assert Question.unpacked(question.packed()) == question
    words = {letters: word or "abaikan" for letters, word in question.guesses().items()}
    if question.judge(words) is not None:
        return None
    how = HowToRead(header=question.header, columns=words)
    try:
        return read(rows, source, how)
    except Unsure:
        raise
    except Unreadable:
        return None
