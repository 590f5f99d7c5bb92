"""From a sheet of cells to the table of corrections that lies in it.

Finds the header, gives every column its role or asks for it, and accounts for
every filled row: it is in the table, or skipped with a remark, or refused by
its number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from hr_portal.adapters.spreadsheets import asking, pictures
from hr_portal.adapters.spreadsheets.annotated.returning import take_out_own
from hr_portal.adapters.spreadsheets.heading import (
    HEAD_ROWS,
    Found,
    find_header,
    header_at,
    widened,
)
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.lying import lying
from hr_portal.adapters.spreadsheets.misshapen import header_in_one_cell, misshapen, ticked
from hr_portal.adapters.spreadsheets.refusals import refuse
from hr_portal.adapters.spreadsheets.remarks import merged_down, sheet_remarks, title_remarks
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters, too_many_rows
from hr_portal.adapters.spreadsheets.sorting import Sorting
from hr_portal.domain.columns import Basis, Recognition, fingerprint, recognise, roles_fitting
from hr_portal.domain.contents import SAMPLE, Sample
from hr_portal.domain.fields import header_key
from hr_portal.domain.layouts import REQUIRED, UNKNOWN, Fault, LayoutChoice, role_of
from hr_portal.domain.questions import HowToRead, KnownLayout, SheetChoice, roles_of
from hr_portal.domain.shown_names import shown_name
from hr_portal.domain.table import Column, Kind, Role, Table, Unreadable
from hr_portal.domain.texts import gather

_NAMED = 12


@dataclass(frozen=True, slots=True)
class Understood:
    """A sheet's header with what its columns mean."""

    found: Found
    recognition: Recognition
    known: KnownLayout | None
    """The layout it was read by, where the company had explained it before."""
    own: tuple[int, ...] = ()
    """Columns that an earlier check has written beside the table; they are no part of it."""


def understand_sheet(sheet: Sheet, choice: LayoutChoice, how: HowToRead) -> Understood | None:
    """Find the header of a sheet and what its columns mean; None where there is no table."""
    found = header_at(sheet, how.header) if how.header else find_header(sheet, how.known)
    if found is None:
        return None
    found, own = _without_own(sheet, widened(sheet, found))
    start = found.last + 1
    samples = [
        Sample(raw.values[start : start + SAMPLE], raw.kinds[start : start + SAMPLE])
        for raw in (sheet.columns[column] for column in found.columns)
    ]
    if how.columns is None:
        learned = _learned(found, samples, choice, how.known)
        if learned is not None:
            return replace(learned, own=own)
    given = _given(found, how)
    return Understood(found, recognise(found.texts, samples, choice, given), None, own)


def _without_own(sheet: Sheet, found: Found) -> tuple[Found, tuple[int, ...]]:
    """Take out what an earlier check has written beside the table; returns where that stood."""
    texts = dict(zip(found.columns, found.texts, strict=True))
    own = take_out_own(sheet, found.last, texts)
    kept = {column: text for column, text in texts.items() if column not in own}
    return replace(found, columns=tuple(kept), texts=tuple(kept.values())), own


def _learned(
    found: Found, samples: list[Sample], choice: LayoutChoice, known: Iterable[KnownLayout]
) -> Understood | None:
    """Read by what was explained before, unless the content says something else now."""
    mark = fingerprint(found.texts)
    for one in known:
        if one.fingerprint != mark or not found.has_header:
            continue
        words = {str(at): word for at, word in enumerate(one.words)}
        given = {int(at): role for at, role in roles_of(words).items()}
        recognition = recognise(found.texts, samples, choice, given, basis="remembered")
        if recognition.fault is None and roles_fitting(recognition):
            return Understood(found, recognition, one)
    return None


def _given(found: Found, how: HowToRead) -> dict[int, Role]:
    """Return the roles that an answer gives, by place in the header."""
    given: dict[int, Role] = {}
    letters = [column_letters(column) for column in found.columns]
    by_letters = roles_of(how.columns or {})
    by_name = {header_key(name): role for name, role in roles_of(how.named or {}).items()}
    for at, text in enumerate(found.texts):
        role = by_letters.get(letters[at]) or by_name.get(header_key(text) or letters[at])
        role = role or by_name.get(letters[at])
        if role is not None:
            given[at] = role
    return given


def _expect_named(found: Found, how: HowToRead, file: str) -> None:
    """Refuse a name of `check --map` that no column has."""
    letters = {column_letters(column) for column in found.columns}
    texts = {header_key(text) for text in found.texts if text}
    wrong = [name for name in how.named or {} if not {header_key(name), name} & (texts | letters)]
    if wrong:
        raise refuse(
            "no-such-column", file, wanted=f"“{wrong[0][:60]}”", found=_listed(found.texts)
        )


def to_table(
    sheet: Sheet,
    file: str,
    choice: LayoutChoice,
    limits: ReadLimits,
    how: HowToRead | None = None,
    choices: Callable[[], tuple[SheetChoice, ...]] = tuple,
) -> Table:
    """Make the table that lies in a sheet; raises FILE-02, 06 or 07, or Unsure.

    The sheet's columns are taken over, not copied. `choices` are the sheets that
    may be chosen instead, for the question.
    """
    how = how or HowToRead()
    where, where_en = _where(sheet)
    if not sheet.row_numbers:
        raise refuse("no-content", file)
    pictures.mark_texts(sheet)
    understood = understand_sheet(sheet, choice, how)
    if how.columns is None:
        _expect_list(sheet, understood, file, where, where_en)
    if understood is None:
        raise refuse(
            "no-table", file, found=_listed(_first_texts(sheet)), where=where, where_en=where_en
        )
    found, recognition = understood.found, understood.recognition
    _expect_named(found, how, file)
    number = (
        sheet.row_numbers[found.last] if found.has_header else (sheet.row_numbers[found.first] - 1)
    )
    first = found.last + 1
    refusal = (
        _fault(recognition.fault, found, number, file, where, where_en)
        if recognition.fault
        else None
    )
    if refusal is not None and not recognition.may_ask:
        raise refusal
    if first >= len(sheet.row_numbers):
        raise refusal or refuse(
            "header-only", file, row=number, where=where.replace(" di ", ", "),
            where_en=where_en.replace(" on ", ", "),
        )  # fmt: skip
    roles = dict(zip(found.columns, (each.role for each in recognition.matches), strict=True))
    sorting = Sorting(sheet, found, roles)
    sorting.sort()
    if recognition.asks(how.ask):
        question = asking.about_columns(
            sheet,
            found,
            recognition,
            np.flatnonzero(sorting.take).tolist(),
            choice,
            choices(),
            understood.known.id if understood.known else 0,
        )
        raise asking.unsure(question, refusal, file)
    if refusal is not None or recognition.layout is None:
        raise refusal or refuse("no-table", file, found=_listed(found.texts))
    names = dict(zip(found.columns, found.texts, strict=True))
    fitting = dict(zip(found.columns, recognition.header.roles, strict=True))
    bases: dict[int, Basis] = dict(
        zip(found.columns, (each.basis for each in recognition.matches), strict=True)
    )
    refused = _refuse_wide(sheet, sorting.take, max(names)) if sheet.source == "csv" else []
    refused += [(sheet.row_numbers[row], *why) for row, why in sorting.refused.items()]
    refused.sort()
    held = np.flatnonzero(sorting.take)
    kept = [
        column
        for column, raw in sheet.columns.items()
        if not (sheet.source == "csv" and column > max(names))  # blanks: others were refused
        and (names.get(column) or np.frombuffer(raw.kinds, dtype=np.uint8)[held].any())
    ]
    if len(held) > limits.max_rows:
        raise too_many_rows(file, limits)
    if not len(held):
        raise _no_rows(sorting, refused, file, number, where, where_en)
    table = Table(
        file=shown_name(file),
        sheet=sheet.name,
        layout=recognition.layout,
        header_row=number,
        headers=[names.get(column, "") for column in kept],
        letters=[column_letters(column) for column in kept],
        roles=[fitting.get(column, UNKNOWN) for column in kept],
        columns=_columns(sheet, kept, first, held),
        row_numbers=sheet.numbers()[held],
        empty_rows=_empty_rows(sheet, number, first, int(held[-1])),
        epoch_1904=sheet.epoch_1904,
        source=sheet.source,
        remarks=[
            *title_remarks(sheet, found.first),
            *asking.header_remark(sheet, found),
            *sorting.remarks(),
            *asking.basis_remarks(found, recognition),
        ],
        refused=refused,
        own_columns=tuple(column_letters(column) for column in understood.own),
        bases=[bases.get(column, "unknown") for column in kept],
        fingerprint=fingerprint(found.texts) if found.has_header else "",
        names=list(found.texts),
        words=[each.word for each in recognition.matches],
        known_layout=understood.known.id if understood.known else 0,
    )
    table.merged = merged_down(sheet.merged, table)
    table.remarks += sheet_remarks(sheet, table)
    return table


def _expect_list(
    sheet: Sheet, understood: Understood | None, file: str, where: str, where_en: str
) -> None:
    """Refuse a table on its side, a form of one person, and what `misshapen` and `ticked` know."""
    if understood is not None and understood.recognition.fault is None:
        columns = ticked(sheet, understood.found, understood.recognition.header.roles)
        if columns:
            raise refuse("ticks", file, column=columns, where=where, where_en=where_en)
        return
    texts = understood.found.texts if understood else ()
    little = sum(role_of(text) != UNKNOWN for text in texts) < 2  # noqa: PLR2004 - a name alone is a title
    lies = lying(sheet)
    if lies is not None and (little or _wanted(texts) < min(_wanted(lies.names), 2)):
        raise refuse(
            "one-form" if lies.is_form else "on-its-side", file,
            column=lies.column, found=_listed(lies.names), where=where, where_en=where_en,
        )  # fmt: skip
    sign = header_in_one_cell(sheet) if little else None
    if sign is not None:
        raise refuse(
            "one-cell", file, sign=sign[0], sign_en=sign[1], where=where, where_en=where_en
        )
    told = misshapen(sheet, understood.found, understood.recognition) if understood else None
    if told is not None:
        raise refuse(told[0], file, column=told[1], where=where, where_en=where_en)


def _wanted(texts: Iterable[str]) -> int:
    """Count the columns that every table must have among some names."""
    return len({Role("record", key) for key, _ in REQUIRED} & {role_of(text) for text in texts})


def _empty_rows(sheet: Sheet, header: int, first: int, last: int) -> int:
    """Count the rows without any value between the header and the last row of data."""
    return sheet.row_numbers[last] - header - (last + 1 - first)


def _where(sheet: Sheet) -> tuple[str, str]:
    if sheet.source == "csv":
        return "", ""
    return f" di lembar “{sheet.name[:60]}”", f" on sheet “{sheet.name[:60]}”"


def _first_texts(sheet: Sheet) -> list[str]:
    """Return the texts of the first row that has several, else of the first row."""
    head = sheet.head(HEAD_ROWS)
    row = next((cells for cells in head if len(cells) > 1), head[0])
    return [text for _, text in row.values()]


def _listed(texts: Iterable[str]) -> str:
    shown = [f"“{' '.join(text.split())[:40]}”" for text in texts if text.strip()]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" … (+{more})" if more > 0 else "") or "–"


def _fault(
    fault: Fault, found: Found, number: int, file: str, where: str, where_en: str
) -> Unreadable:
    def named(at: int) -> str:
        return f"{column_letters(found.columns[at])} “{found.texts[at][:40]}”"

    if not found.has_header:
        return refuse("no-header", file, where=where, where_en=where_en)
    if fault.kind == "mixed":
        listed = ", ".join(named(at) for at in fault.columns[:_NAMED])
        return refuse("mixed-layout", file, found=listed, where=where, where_en=where_en)
    if fault.kind == "duplicate":
        first, second = fault.columns
        return refuse(
            "duplicate-columns", file, first=named(first), second=named(second),
            meaning=fault.names[0], where=where, where_en=where_en,
        )  # fmt: skip
    refusal = refuse(
        "missing-columns", file, missing=", ".join(fault.names), row=number,
        found=_listed(found.texts), where=where, where_en=where_en,
    )  # fmt: skip
    english = refuse(
        "missing-columns", file, missing=", ".join(fault.names_en), row=number,
        found=_listed(found.texts), where=where, where_en=where_en,
    )  # fmt: skip
    refusal.message_en = english.message_en
    return refusal


def nothing_filled(table: Table) -> Unreadable:
    """Return the refusal of a table whose every row turned out to be blank."""
    csv = table.source == "csv"
    return refuse(
        "header-only", table.file, row=table.header_row,
        where="" if csv else f", lembar “{table.sheet[:60]}”",
        where_en="" if csv else f", sheet “{table.sheet[:60]}”",
    )  # fmt: skip


def _no_rows(
    sorting: Sorting,
    refused: list[tuple[int, str, str]],
    file: str,
    number: int,
    where: str,
    where_en: str,
) -> Unreadable:
    if sorting.packed:
        sign, sign_en = sorting.packed
        return refuse("one-cell", file, sign=sign, sign_en=sign_en, where=where, where_en=where_en)
    if sorting.second_header:
        return refuse(
            "two-headers", file, row=number, second=sorting.second_header, where=where,
            where_en=where_en,
        )  # fmt: skip
    if refused:
        return refuse(
            "damaged", file,
            found=f"setiap baris di bawah judul lebih panjang daripada judulnya (misalnya baris "
            f"{refused[0][0]})",
            found_en=f"every row below the header is longer than the header (row {refused[0][0]}, "
            "for example)",
        )  # fmt: skip
    return refuse(
        "header-only", file, row=number, where=where.replace(" di ", ", "),
        where_en=where_en.replace(" on ", ", "),
    )  # fmt: skip


def _refuse_wide(sheet: Sheet, take: np.ndarray, last: int) -> list[tuple[int, str, str]]:
    """Take out csv rows with more cells than the header: where they shifted is anyone's guess."""
    refused: dict[int, int] = {}
    for column, raw in sheet.columns.items():
        if column > last:
            kinds = np.frombuffer(raw.kinds, dtype=np.uint8)
            for row in np.flatnonzero((kinds != Kind.EMPTY) & take).tolist():
                if raw.values[row].strip():
                    refused[row] = column + 1
    out = []
    for row in sorted(refused):
        take[row] = False
        number = sheet.row_numbers[row]
        text = (
            f"Baris {number} berisi {refused[row]} sel, sedangkan judulnya hanya {last + 1} kolom; "
            "isinya mungkin bergeser karena pemisah di dalam teks. Apit teks yang memuat pemisah "
            "dengan tanda kutip, atau pakai .xlsx."
        )
        text_en = (
            f"Row {number} has {refused[row]} cells, but the header only {last + 1} columns; its "
            "content may have shifted because of a separator inside a text. Put quotes around such "
            "texts, or use .xlsx."
        )
        out.append((number, text, text_en))
    return out


def _columns(sheet: Sheet, kept: list[int], first: int, held: np.ndarray) -> list[Column]:
    """Cut the held rows out of the sheet's columns."""
    all_held = len(held) == len(sheet.row_numbers) - first
    places = None if all_held else np.full(len(sheet.row_numbers), -1, dtype=np.int64)
    if places is not None:
        places[held] = np.arange(len(held))
    columns = []
    for number in kept:
        raw = sheet.columns.pop(number)
        kinds = np.frombuffer(bytes(raw.kinds), dtype=np.uint8)[held]
        values = raw.values
        if all_held:
            values.leave_out(first)
        else:
            values = gather(values, held)
        computed = None
        if raw.computed:
            marked = np.array(raw.computed, dtype=np.int64)
            marked = marked - first if places is None else places[marked]
            marked = marked[marked >= 0]
            if len(marked):
                computed = np.zeros(len(held), dtype=np.bool_)
                computed[marked] = True
        columns.append(Column(values, kinds, computed))
    return columns
