"""Makes the question of what a file's columns or sheets are, and says it without one."""

from collections.abc import Sequence

from hr_portal.adapters.spreadsheets.heading import Found
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.columns import WORD_OF, Recognition, fingerprint
from hr_portal.domain.layouts import UNKNOWN, LayoutChoice, meaning
from hr_portal.domain.questions import SAMPLES, AskedColumn, Question, SheetChoice, Unsure
from hr_portal.domain.table import Remark, Unreadable

_LONGEST_VALUE = 80
_LONGEST_HEADER = 120
_NAMED = 8


def about_columns(
    sheet: Sheet,
    found: Found,
    recognition: Recognition,
    rows: Sequence[int],
    layout: LayoutChoice,
    sheets: tuple[SheetChoice, ...] = (),
    known_layout: int = 0,
) -> Question:
    """Make the question of what each column is; `rows` are the indexes of the data."""
    first = sheet.row_numbers[found.first] if found.has_header else 0
    last = sheet.row_numbers[found.last] if found.last >= 0 else 0
    if not found.has_header:
        last = sheet.row_numbers[found.first] - 1
    return Question(
        sheets=sheets,
        sheet=sheet.name,
        header=(first, last),
        rows=len(rows),
        columns=tuple(
            _column(sheet, found, recognition, at, rows) for at in range(len(found.columns))
        ),
        fingerprint=fingerprint(found.texts) if found.has_header else "",
        layout=layout,
        known_layout=known_layout,
    )


def _column(
    sheet: Sheet, found: Found, recognition: Recognition, at: int, rows: Sequence[int]
) -> AskedColumn:
    match, column = recognition.matches[at], found.columns[at]
    raw = sheet.columns[column]
    samples = tuple(" ".join(raw.values[row].split())[:_LONGEST_VALUE] for row in rows[:SAMPLES])
    is_held = recognition.contents[at].filled > 0
    doubtful = match.is_asked or (not match.is_certain and is_held)
    has_proposal = match.role != UNKNOWN or match.basis == "unknown" or match.is_certain
    return AskedColumn(
        letters=column_letters(column),
        header=found.texts[at][:_LONGEST_HEADER],
        samples=samples,
        word=WORD_OF[match.role] if has_proposal else "",
        basis=match.basis,
        is_asked=doubtful,
        note=match.note,
        share=match.share,
    )


def unsure(question: Question, refusal: Unreadable | None, file: str) -> Unsure:
    """Make what is raised: the question, with a refusal for those who can't ask."""
    if refusal is None:
        asked = [one for one in question.columns if one.is_asked] or list(question.columns)
        listed = ", ".join(f"{one.letters} “{one.header[:40]}”" for one in asked[:_NAMED])
        refusal = refuse("unsure-columns", file, found=listed)
    return Unsure(refusal, question)


def which_sheet(sheets: Sequence[SheetChoice], layout: LayoutChoice, file: str) -> Unsure:
    """Make the question of which sheet is to be read."""
    listed = ", ".join(f"“{one.name[:40]}”" for one in sheets[:_NAMED])
    return Unsure(
        refuse("several-sheets", file, found=listed), Question(tuple(sheets), layout=layout)
    )


def sheet_begun(sheets: Sequence[SheetChoice], layout: LayoutChoice, file: str) -> Unsure:
    """Make the question whether another sheet is meant than the still empty one for corrections."""
    empty, *others = (f"“{one.name[:40]}”" for one in sheets[:_NAMED])
    said = refuse("sheet-begun", file, found=empty, where=", ".join(others))
    return Unsure(said, Question(tuple(sheets), layout=layout))


def basis_remarks(found: Found, recognition: Recognition) -> list[Remark]:
    """Say which columns were taken by more than their name, and which may mean something."""
    remarks = []
    for at, match in enumerate(recognition.matches):
        where = f"{column_letters(found.columns[at])} “{found.texts[at][:40]}”"
        if match.basis not in {"similar", "content"} or match.role == UNKNOWN:
            continue
        name = meaning(match.role)
        if match.is_certain:
            why, why_en = (
                ("namanya mirip", "its name is nearly that")
                if match.basis == "similar"
                else ("isinya berpola demikian", "its content looks like that")
            )
            remarks.append(
                Remark(
                    "column-guess",
                    f"Kolom {where} dibaca sebagai {name}: {why}.",
                    f"Column {where} was read as {name}: {why_en}.",
                )
            )
        else:
            remarks.append(
                Remark(
                    "column-guess",
                    f"Kolom {where} mungkin {name}, tetapi belum dipastikan, sehingga tidak dipakai.",
                    f"Column {where} may be {name}, but that is not certain, so it was not used.",
                )
            )
    return remarks


def header_remark(sheet: Sheet, found: Found) -> list[Remark]:
    """Say where the header is, where it is not simply one row."""
    if found.first < found.last:
        first, last = sheet.row_numbers[found.first], sheet.row_numbers[found.last]
        two = found.last == found.first + 1
        return [
            Remark(
                "header-rows",
                f"Judul kolom dibaca dari baris {first} {'dan' if two else 'sampai'} {last}.",
                f"The header was read from rows {first} {'and' if two else 'to'} {last}.",
            )
        ]
    if not found.has_header:
        return [
            Remark(
                "header-rows",
                "Tabel ini tidak mempunyai baris judul; semua barisnya dibaca sebagai data.",
                "This table has no header row; all its rows were read as data.",
            )
        ]
    return []
