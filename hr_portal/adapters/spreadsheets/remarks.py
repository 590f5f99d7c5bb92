"""What is said about a whole sheet: skipped titles, hidden rows, unknown columns, the encoding."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from hr_portal.adapters.spreadsheets.misshapen import SIGNS
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters, column_of
from hr_portal.domain.fields import REQUIRED_KEYS, header_key
from hr_portal.domain.layouts import UNKNOWN
from hr_portal.domain.table import PICTURE, Kind, Remark, Role, Table

_NAMED = 12
_CELLS_KEPT = 1_000
"""So many cells at most are told one by one to the rules of their rows."""
_ADDRESS_PARTS = frozenset(
    {"RT", "RW", "RTRW", "DUSUN", "DESA", "KELURAHAN", "KEL", "DESAKELURAHAN", "KELURAHANDESA", "KECAMATAN", "KEC",
     "KABUPATEN", "KAB", "KOTA", "KABUPATENKOTA", "KABKOTA", "KOTAKABUPATEN", "PROVINSI", "PROPINSI"}
)  # fmt: skip
_LOOKED_UNDER = 50
"""Merged areas under which values are looked for."""


def title_remarks(sheet: Sheet, header: int) -> list[Remark]:
    """Return what is said of the rows above the header, whose index this is."""
    rows = sheet.row_numbers[:header]
    if not rows:
        return []
    return [
        Remark(
            "skipped-row", f"Baris {spans(rows)} di atas judul kolom dilewati.",
            f"Row {spans(rows)} above the header was skipped.", tuple(rows),
        )
    ]  # fmt: skip


def _struck(sheet: Sheet, table: Table) -> list[Remark]:
    """Say which rows are crossed out; an old value that is says nothing else than its column."""
    telling = {
        column_of(letters)
        for letters, role in zip(table.letters, table.roles, strict=True)
        if role.part == "after" or (role.part == "record" and role.field in REQUIRED_KEYS)
    }
    struck = [np.asarray(rows) for column, rows in sheet.struck.items() if column in telling]
    rows = (
        tuple(np.intersect1d(np.concatenate(struck), table.row_numbers).tolist()) if struck else ()
    )
    if not rows:
        return []
    return [
        Remark(
            "struck-rows", f"Baris yang dicoret ikut dibaca: {spans(rows)}.",
            f"Rows that are crossed out were read too: {spans(rows)}.", rows,
        )
    ]  # fmt: skip


def _unseen(sheet: Sheet, table: Table) -> list[Remark]:
    """Say which cells hold what can't be seen on screen; of columns that mean something."""
    meant = {
        column_of(letters)
        for letters, role in zip(table.letters, table.roles, strict=True)
        if role.part not in {"unknown", "number"}
    }
    unseen = {column: rows for column, rows in sheet.unseen.items() if column in meant}
    return _of_cells(
        "unseen-cells", unseen, table, "Isi sel {} tidak terlihat di berkas, tetapi ikut dibaca.",
        "What cells {} hold can't be seen in the file, but was read too.",
    )  # fmt: skip


def _comments(sheet: Sheet, table: Table) -> list[Remark]:
    """Say which cells of the table's rows have a comment."""
    return _of_cells(
        "comments", sheet.comments, table,
        "Komentar pada sel {} tidak dibaca. Bila isinya koreksi, tulis di selnya.",
        "Comments on cells {} were not read. If they hold a correction, write it into the cell.",
    )  # fmt: skip


def _of_cells(
    kind: str, seen: Mapping[int, Sequence[int]], table: Table, text: str, text_en: str
) -> list[Remark]:
    """Say something of cells, by column position the numbers of their rows, in the table's rows."""
    cells = sorted(
        (row, column)
        for column, rows in seen.items()
        for row in np.intersect1d(np.asarray(rows), table.row_numbers).tolist()
    )
    if not cells:
        return []
    named = [f"{column_letters(column)}{row}" for row, column in cells[: _CELLS_KEPT + 1]]
    listed = ", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else "")
    return [
        Remark(
            kind, text.format(listed), text_en.format(listed),
            tuple(dict.fromkeys(row for row, _ in cells)),
            tuple(named) if len(named) <= _CELLS_KEPT else (),
        )
    ]  # fmt: skip


def sheet_remarks(sheet: Sheet, table: Table) -> list[Remark]:
    """Return what is said of the sheet that a table lies in."""
    remarks: list[Remark] = []
    numbers = np.array(sheet.hidden_rows, np.int32)
    hidden = tuple(numbers[np.isin(numbers, table.row_numbers)].tolist())
    if hidden:
        listed = spans(hidden)
        remarks.append(
            Remark(
                "hidden-rows", f"Baris tersembunyi ikut dibaca: {listed}.",
                f"Hidden rows were read too: {listed}.", hidden,
            )
        )  # fmt: skip
    remarks += _struck(sheet, table)
    remarks += _unseen(sheet, table)
    remarks += _comments(sheet, table)
    hidden_columns = sheet.hidden_columns
    shut = [
        (letters, text)
        for letters, text in zip(table.letters, table.headers, strict=True)
        if any(first <= column_of(letters) <= last for first, last in hidden_columns)
    ]
    if shut:
        listed = ", ".join(f"{letters} “{text[:40]}”" for letters, text in shut[:_NAMED])
        remarks.append(
            Remark(
                "hidden-columns", f"Kolom tersembunyi ikut dibaca: {listed}.",
                f"Hidden columns were read too: {listed}.",
            )
        )  # fmt: skip
    merged = [area for area in sheet.merged if _bottom(area) > table.header_row]
    if merged:
        listed = ", ".join(merged[:_NAMED]) + (" …" if len(merged) > _NAMED else "")
        covered = _filled_under(merged[:_LOOKED_UNDER], table)
        if covered:
            named = ", ".join(covered[:_NAMED])
            what = f"Sel yang tertutup gabungan tetapi masih berisi ikut dibaca: {named}."
            what_en = f"Cells under them that still hold a value were read too: {named}."
        else:
            what = "Hanya sel kiri atas yang berisi; sel lain di dalamnya dibaca kosong."
            what_en = "Only the top left one holds a value; the others are read as empty."
        remarks.append(
            Remark(
                "merged-cells", f"Sel gabungan: {listed}. {what}",
                f"Merged cells: {listed}. {what_en}",
            )
        )  # fmt: skip
    remarks += _pictures(sheet, table)
    if table.own_columns:
        listed = ", ".join(table.own_columns)
        remarks.append(
            Remark(
                "own-columns",
                f"Kolom Hasil dan Catatan ({listed}) dari pemeriksaan sebelumnya diabaikan.",
                f"Columns Hasil and Catatan ({listed}) of an earlier check were ignored.",
            )
        )
    remarks += _parts_of_addresses(table)
    unknown = [
        f"{letters} “{text[:40]}”"
        for letters, text, role in zip(table.letters, table.headers, table.roles, strict=True)
        if role == UNKNOWN
    ]
    if unknown:
        listed = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
        remarks.append(
            Remark(
                "unknown-column", f"Kolom ini disimpan, tetapi tidak diperiksa: {listed}.",
                f"These columns are kept, but not checked: {listed}.",
            )
        )  # fmt: skip
    if sheet.encoding:
        shown = sheet.encoding.replace("utf-8", "UTF-8")
        remarks.append(
            Remark(
                "encoding", f"Berkas dibaca sebagai teks {shown}.",
                f"The file was read as {shown} text.",
            )
        )  # fmt: skip
    if sheet.delimiter:
        sign, sign_en = SIGNS[sheet.delimiter]
        remarks.append(
            Remark("delimiter", f"Pemisah kolom: {sign}.", f"Column separator: {sign_en}.")
        )
    return remarks


def _parts_of_addresses(table: Table) -> list[Remark]:
    """Say which columns beside a new address look like parts of it: they are no part of it."""
    if Role("after", "alamat") not in table.roles:
        return []
    parts = [
        f"{letters} “{text[:40]}”"
        for letters, text, role in zip(table.letters, table.headers, table.roles, strict=True)
        if role == UNKNOWN and header_key(text) in _ADDRESS_PARTS
    ]
    if not parts:
        return []
    listed = ", ".join(parts)
    return [
        Remark(
            "unknown-column",
            f"Kolom {listed} tidak ikut menjadi bagian alamat yang baru. Bila seharusnya ikut, gabungkan "
            "isinya ke kolom alamat di berkas Anda, lalu unggah lagi.",
            f"Columns {listed} are no part of the new address. If they should be, join their content with "
            "the address column in your file, then upload it again.",
        )
    ]


def _pictures(sheet: Sheet, table: Table) -> list[Remark]:
    """Say where pictures lie in the table, inside its cells or over them; a logo above is none."""
    inside = [
        table.cell(row, at)
        for at, column in enumerate(table.columns)
        for row in np.flatnonzero(column.kinds == Kind.ERROR).tolist()
        if column.values[row] == PICTURE
    ]
    over = [one for one in sheet.pictures if _bottom(one) > table.header_row]
    told = (
        (inside, "di dalam sel", "inside cells"),
        (over, "yang menempel di atas sel", "lying over cells"),
    )
    return [
        Remark(
            "pictures",
            f"Gambar {where} {listed} tidak dibaca sebagai data, tetapi tetap ada di berkas Anda. Ketik nilainya di "
            "sel, dan unggah foto dokumen lewat langkah Dokumen.",
            f"Pictures {where_en} {listed} are not read as data, but stay in your file. Type the values into cells, "
            "and upload photos of documents in the Documents step.",
        )
        for places, where, where_en in told
        if places
        for listed in [", ".join(places[:_NAMED]) + (" …" if len(places) > _NAMED else "")]
    ]


def _filled_under(merged: Sequence[str], table: Table) -> list[str]:
    """Return the addresses of filled cells that a merged one hides, of the first areas."""
    found: list[str] = []
    for area in merged:
        first, _, last = area.partition(":")
        left, right = (
            column_of(re.sub(r"[^A-Z]", "", corner)) for corner in (first, last or first)
        )
        numbers = table.row_numbers
        rows = np.flatnonzero((numbers >= _bottom(first)) & (numbers <= _bottom(area))).tolist()
        for at, letters in enumerate(table.letters):
            if left <= column_of(letters) <= right:
                kinds = table.columns[at].kinds
                found += [
                    table.cell(row, at) for row in rows
                    if kinds[row] != Kind.EMPTY and table.cell(row, at) != first
                ]  # fmt: skip
    return found


def merged_down(merged: Sequence[str], table: Table) -> tuple[tuple[int, int, int], ...]:
    """Return the cells of a table's columns that are merged over several of its rows.

    As (column index, number of the first row, of the last), by their left column.
    """
    places = {letters: at for at, letters in enumerate(table.letters)}
    found = []
    for area in merged:
        first, _, last = area.partition(":")
        at = places.get(re.sub(r"[^A-Z]", "", first))
        top, bottom = _bottom(first), _bottom(area)
        if at is not None and last and table.header_row < top < bottom:
            found.append((at, top, bottom))
    return tuple(sorted(found, key=lambda one: (one[0], one[2])))


def spans(numbers: Sequence[int]) -> str:
    """Write row numbers as spans: "3-5, 9"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    texts = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_NAMED]]
    return ", ".join(texts) + (" …" if len(ranges) > _NAMED else "")


def _bottom(area: str) -> int:
    digits = re.sub(r"[^0-9]", "", area.rpartition(":")[2])
    return int(digits) if digits else 0
