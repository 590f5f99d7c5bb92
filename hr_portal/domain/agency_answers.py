"""The agency's answer as a table: which columns it has, and what each line says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hr_portal.domain.fields import field_by_header

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
_NEEDED = frozenset({"kpj", "field", "answer"})
_ACCEPTED = frozenset(
    {"DITERIMA", "TERIMA", "DISETUJUI", "BERHASIL", "SUKSES", "OK", "ACCEPTED", "VALID"}
)
_REFUSED = frozenset(
    {"DITOLAK", "TOLAK", "GAGAL", "TIDAK VALID", "TIDAK DITERIMA", "REFUSED", "REJECTED"}
)
MOST_WORDS = 32_767
"""As much as a cell of a workbook holds."""
KPJ_DIGITS = 11


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
    return lines_of(holding[0][1] if holding else ())


def lines_of(rows: Rows) -> list[AnswerLine]:
    """Read an answer from the filled rows of a sheet: (row number, cells by column).

    The header is the first row that names KPJ, the datum and the result. Lines
    without a result are still waiting and left out.

    Raises:
        AnswerError: no such header, an unknown datum or result, two results that differ on a
        line, a line without KPJ, words that no cell holds.

    """
    for place, (_number, cells) in enumerate(rows):
        columns = _columns(cells)
        if columns.keys() >= _NEEDED:
            found = [
                line
                for number, held in rows[place + 1 :]
                if (line := _line(number, held, columns)) is not None
            ]
            if not found:
                raise AnswerError(
                    "Kolom hasil belum diisi pada baris mana pun, jadi belum ada jawaban yang dapat dicatat.",
                    "No row has a result yet, so there is no answer to record.",
                )
            return found
    raise AnswerError(
        "Tabel jawaban tidak ditemukan. Berkas perlu satu baris judul dengan kolom KPJ, ELEMEN DATA "
        "(atau Data), dan HASIL; KETERANGAN boleh ditambahkan.",
        "No table of answers was found. The file needs a header row with the columns KPJ, ELEMEN DATA "
        "(or Data) and HASIL; KETERANGAN may be added.",
    )


def _columns(cells: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the columns of each name; agencies add theirs beside those that we gave out."""
    found: dict[str, list[int]] = {}
    for column, text in cells.items():
        plain = _plain(text)
        for name, headers in _HEADERS.items():
            if plain in headers:
                found.setdefault(name, []).append(column)
    return found


def _line(
    number: int, cells: Mapping[int, str], columns: Mapping[str, list[int]]
) -> AnswerLine | None:
    filled = {
        name: list(dict.fromkeys(text for at in places if (text := cells.get(at, "").strip())))
        for name, places in columns.items()
    }
    held = {name: texts[0] if texts else "" for name, texts in filled.items()}
    said = _plain(held["answer"])
    if not said:
        return None
    if len({_plain(text) for text in filled["answer"]}) > 1:
        both = "” dan “".join(text[:30] for text in filled["answer"][:2])
        raise AnswerError(
            f"Baris {number}: dua kolom hasil berbeda, “{both}”. Kosongkan kolom yang tidak dipakai.",
            f"Row {number}: two columns of results differ, “{both.replace('” dan “', '” and “')}”. "
            "Empty the one that isn't meant.",
        )
    words = "; ".join(filled.get("words", ()))
    if len(words) > MOST_WORDS:
        raise AnswerError(
            f"Baris {number}: keterangannya {len(words)} huruf; paling banyak {MOST_WORDS}.",
            f"Row {number}: its words have {len(words)} characters; at most {MOST_WORDS}.",
        )
    if said not in _ACCEPTED | _REFUSED:
        raise AnswerError(
            f"Baris {number}: hasil “{held['answer'][:30]}” tidak dikenal. Tulis Diterima atau Ditolak.",
            f"Row {number}: the result “{held['answer'][:30]}” is unknown. Write Diterima or Ditolak.",
        )
    field = field_by_header(held["field"])
    if field is None:
        raise AnswerError(
            f"Baris {number}: data “{held['field'][:30]}” tidak dikenal. Pakai nama data seperti pada berkas "
            "yang diteruskan, misalnya No HP.",
            f"Row {number}: the datum “{held['field'][:30]}” is unknown. Use its name as in the file that "
            "was forwarded, for example No HP.",
        )
    digits = re.sub(r"[\s.\-]", "", held["kpj"])
    if not digits.isascii() or not digits.isdigit():
        raise AnswerError(
            f"Baris {number}: KPJ “{held['kpj'][:30]}” bukan nomor. Isi KPJ seperti pada berkas yang diteruskan.",
            f"Row {number}: the KPJ “{held['kpj'][:30]}” is no number. Give it as in the file that was forwarded.",
        )
    answer: Answer = "accepted" if said in _ACCEPTED else "refused"
    return AnswerLine(
        number,
        # a number cell drops its leading zeros; what then matches nothing is refused
        digits.zfill(KPJ_DIGITS),
        field.key,
        answer,
        words,
        held.get("batch", ""),
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9A-Za-z]+", " ", text).split()).upper()
