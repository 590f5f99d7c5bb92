"""The agency's answer as a table: which columns it has, and what each line says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hr_portal.domain.fields import field_by_header
from hr_portal.domain.table import UNCALCULATED
from hr_portal.domain.wording import first_of

Answer = Literal["accepted", "refused"]
Rows = Sequence[tuple[int, Mapping[int, str]]]

_HEADERS: dict[str, frozenset[str]] = {
    "kpj": frozenset({"KPJ", "NO KPJ", "NOMOR KPJ", "NOMOR PESERTA", "NO PESERTA"}),
    "field": frozenset(
        {"DATA", "ELEMEN DATA", "ELEMEN", "JENIS DATA", "JENIS KOREKSI", "FIELD", "FIELD KEY"}
    ),
    "answer": frozenset(
        {"HASIL", "JAWABAN", "STATUS", "STATUS KOREKSI", "KEPUTUSAN", "ANSWER", "RESULT"}
    ),
    "words": frozenset(
        {"KETERANGAN", "ALASAN", "CATATAN", "KETERANGAN JAWABAN", "PESAN", "REASON", "NOTE"}
    ),
    "batch": frozenset({"NOMOR PENGAJUAN", "NO PENGAJUAN", "BATCH"}),
}
_NAME_OF = {header: name for name, headers in _HEADERS.items() for header in headers}
_HEADER_OF = {"kpj": "KPJ", "field": "ELEMEN DATA", "answer": "HASIL"}
"""What a header has to name, as messages call it."""
_NEEDED = frozenset(_HEADER_OF)
_ACCEPTED = frozenset(
    {"DITERIMA", "TERIMA", "DISETUJUI", "BERHASIL", "SUKSES", "OK", "ACCEPTED", "VALID"}
)
_REFUSED = frozenset(
    {"DITOLAK", "TOLAK", "GAGAL", "TIDAK VALID", "TIDAK DITERIMA", "REFUSED", "REJECTED"}
)
MOST_WORDS = 32_767
"""As much as a cell of a workbook holds."""
KPJ_DIGITS = 11
MOST_TOLD = 5
"""Unknown results that one refusal names."""
_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
"""How a program writes a number that it has no room for: its last digits are lost."""
_DECIMAL = re.compile(r"([0-9]+)[.,]0+")


class AnswerError(Exception):
    """An answer that can't be followed, in both languages."""

    def __init__(self, message: str, message_en: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What the agency says of one correction."""

    row: int
    """The sheet's own row number."""
    kpj: str
    field: str
    answer: Answer
    words: str
    batch: str
    """The number of the submission where the file names it, else ""."""


def answer_of(sheets: Sequence[tuple[str, Rows]]) -> list[AnswerLine]:
    """Read an answer from the one sheet of a workbook that holds a table of answers.

    Raises:
        AnswerError: none does, or more than one; or as `lines_of`.

    """
    holding = [
        (name, rows)
        for name, rows in sheets
        if any(_columns(cells).keys() >= _NEEDED for _number, cells in rows)
    ]
    if len(holding) > 1:
        names = ", ".join(f"“{name[:40]}”" for name, _rows in holding)
        raise AnswerError(
            f"Tabel jawaban ada pada beberapa lembar: {names}. Satukan pada satu lembar, atau kirim satu per satu.",
            f"There are tables of answers on several sheets: {names}. Put them on one, or send them one by one.",
        )
    if not holding:
        raise _no_table([(name, *row) for name, rows in sheets for row in rows])
    return lines_of(holding[0][1])


def lines_of(rows: Rows) -> list[AnswerLine]:
    """Read an answer from the filled rows of a sheet: (row number, cells by column).

    The header is the first row that names KPJ, the datum and the result. Lines
    without a result are still waiting and left out.

    Raises:
        AnswerError: no such header, an unknown datum or result, two results that differ on a
        line, a formula without a result, a KPJ that is missing or that a program has rounded,
        words that no cell holds.

    """
    for place, (_number, cells) in enumerate(rows):
        columns = _columns(cells)
        if columns.keys() >= _NEEDED:
            return _lines(rows[place + 1 :], columns)
    raise _no_table([("", *row) for row in rows])


def _no_table(rows: Sequence[tuple[str, int, Mapping[int, str]]]) -> AnswerError:
    """Say what the (sheet, number, cells) that comes nearest to a header lacks, if one does."""
    told = told_en = ""
    sheet, number, cells = max(rows, key=lambda row: len(_needed(row[2])), default=("", 0, {}))
    if has := _needed(cells):
        lacking = ", ".join(_HEADER_OF[name] for name in _HEADER_OF if name not in has)
        place = f", lembar “{sheet[:40]}”" if sheet else ""
        place_en = f", sheet “{sheet[:40]}”" if sheet else ""
        told = (
            f" Baris judul yang paling mirip, baris {number}{place}, belum memuat kolom {lacking}."
        )
        told_en = (
            f" The row most like a header, row {number}{place_en}, lacks the columns {lacking}."
        )
    return AnswerError(
        f"Tabel jawaban tidak ditemukan.{told} Berkas perlu satu baris judul dengan kolom KPJ, ELEMEN DATA "
        "(atau Data), dan HASIL; KETERANGAN boleh ditambahkan.",
        f"No table of answers was found.{told_en} The file needs a header row with the columns KPJ, ELEMEN DATA "
        "(or Data) and HASIL; KETERANGAN may be added.",
    )


def _needed(cells: Mapping[int, str]) -> frozenset[str]:
    return _NEEDED & _columns(cells).keys()


def _lines(rows: Rows, columns: Mapping[str, list[int]]) -> list[AnswerLine]:
    found: list[AnswerLine] = []
    unknown: dict[str, list[int]] = {}
    uncalculated: list[int] = []
    for number, cells in rows:
        held = {
            name: list(dict.fromkeys(text for at in places if (text := cells.get(at, "").strip())))
            for name, places in columns.items()
        }
        if not held["answer"]:
            continue
        if any(UNCALCULATED in texts for texts in held.values()):
            uncalculated.append(number)
        elif (said := _said(number, held["answer"])) not in _ACCEPTED | _REFUSED:
            unknown.setdefault(held["answer"][0][:30], []).append(number)
        else:
            found.append(_line(number, held, "accepted" if said in _ACCEPTED else "refused"))
    if uncalculated:
        shown = first_of(uncalculated)
        raise AnswerError(
            f"Baris {shown}: ada rumus yang belum dihitung, jadi isinya belum ada di berkas ini. Buka berkasnya dengan "
            "Excel atau LibreOffice, simpan, lalu unggah lagi.",
            f"Rows {shown}: there are formulas without a result, so what they say is not in this file. Open it in "
            "Excel or LibreOffice, save it, then upload it again.",
        )
    if unknown:
        _refuse_unknown(unknown)
    if not found:
        raise AnswerError(
            "Kolom hasil belum diisi pada baris mana pun, jadi belum ada jawaban yang dapat dicatat.",
            "No row has a result yet, so there is no answer to record.",
        )
    return found


def _refuse_unknown(unknown: Mapping[str, list[int]]) -> None:
    listed = list(unknown.items())[:MOST_TOLD]
    told = "; ".join(f"“{said}” pada baris {first_of(rows)}" for said, rows in listed)
    told_en = "; ".join(f"“{said}” in rows {first_of(rows)}" for said, rows in listed)
    left = len(unknown) - len(listed)
    raise AnswerError(
        f"Hasil yang tidak dikenal: {told}{f'; dan {left} lainnya' if left else ''}. Tulis Diterima atau Ditolak.",
        f"Unknown results: {told_en}{f'; and {left} more' if left else ''}. Write Diterima or Ditolak.",
    )


def _columns(cells: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the columns of each name; agencies add theirs beside those that we gave out."""
    found: dict[str, list[int]] = {}
    for column, text in cells.items():
        name = _NAME_OF.get(_plain(text))
        if name is not None:
            found.setdefault(name, []).append(column)
    return found


def _said(number: int, texts: Sequence[str]) -> str:
    """Return what the columns of results say on a line, each the same."""
    said = {_plain(text) for text in texts}
    if len(said) > 1:
        raise _differ(number, "hasil", "results", texts)
    return said.pop()


def _differ(number: int, what: str, what_en: str, texts: Sequence[str]) -> AnswerError:
    one, two = (text[:30] for text in texts[:2])
    return AnswerError(
        f"Baris {number}: dua kolom {what} berbeda, “{one}” dan “{two}”. Kosongkan kolom yang tidak dipakai.",
        f"Row {number}: two columns of {what_en} differ, “{one}” and “{two}”. Empty the one that isn't meant.",
    )


def _line(number: int, held: Mapping[str, Sequence[str]], answer: Answer) -> AnswerLine:
    words = "; ".join(held.get("words", ()))
    if len(words) > MOST_WORDS:
        raise AnswerError(
            f"Baris {number}: keterangannya {len(words)} huruf; paling banyak {MOST_WORDS}.",
            f"Row {number}: its words have {len(words)} characters; at most {MOST_WORDS}.",
        )
    fields = list(dict.fromkeys(one for text in held["field"] if (one := field_by_header(text))))
    if len(fields) > 1:
        raise _differ(number, "data", "data", [one.label for one in fields])
    if not fields:
        datum = _one(held["field"])
        raise AnswerError(
            f"Baris {number}: data “{datum[:30]}” tidak dikenal. Pakai nama data seperti pada berkas "
            "yang diteruskan, misalnya No HP.",
            f"Row {number}: the datum “{datum[:30]}” is unknown. Use its name as in the file that "
            "was forwarded, for example No HP.",
        )
    numbers = list(dict.fromkeys(_kpj(number, text) for text in held["kpj"] or [""]))
    if len(numbers) > 1:
        raise _differ(number, "KPJ", "KPJ", numbers)
    return AnswerLine(number, numbers[0], fields[0].key, answer, words, _one(held.get("batch", ())))


def _one(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""


def _kpj(number: int, text: str) -> str:
    """Return the digits of a KPJ; a number cell drops leading zeros, which come back.

    What then matches nothing is refused. Nothing is made of digits that a program has lost.
    """
    if _POWER.fullmatch(text):
        raise AnswerError(
            f"Baris {number}: KPJ “{text[:30]}” sudah dibulatkan oleh program; angka akhirnya hilang. Buat ulang "
            "berkasnya dengan kolom KPJ berformat teks.",
            f"Row {number}: the KPJ “{text[:30]}” was rounded by a program; its last digits are lost. Make the file "
            "again with the KPJ column as text.",
        )
    digits = re.sub(r"[\s.\-]", "", text)
    decimal = _DECIMAL.fullmatch(text)
    if decimal and len(digits.replace(",", "")) > KPJ_DIGITS:
        digits = decimal[1]  # no KPJ is as long, so the point is a number's
    elif decimal or not digits.isascii() or not digits.isdigit():
        raise AnswerError(
            f"Baris {number}: KPJ “{text[:30]}” bukan nomor. Isi KPJ seperti pada berkas yang diteruskan.",
            f"Row {number}: the KPJ “{text[:30]}” is no number. Give it as in the file that was forwarded.",
        )
    return digits.zfill(KPJ_DIGITS)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9A-Za-z]+", " ", text).split()).upper()
