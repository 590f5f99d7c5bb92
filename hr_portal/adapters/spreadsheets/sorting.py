"""Which rows below a header are data, and why the others are not; each is told."""

import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from hr_portal.adapters.spreadsheets.heading import Found
from hr_portal.adapters.spreadsheets.misshapen import row_in_one_cell
from hr_portal.adapters.spreadsheets.remarks import spans
from hr_portal.adapters.spreadsheets.sheet import Sheet, column_letters
from hr_portal.domain.fields import field_by_header, header_key
from hr_portal.domain.layouts import UNKNOWN, role_of, understand, words_of
from hr_portal.domain.table import Kind, Remark, Role
from hr_portal.domain.texts import Texts, parts_of

EXAMPLE_ROWS = 5
EXAMPLE_MARK = "CONTOH"
"""A row whose running number begins with this word is the template's example."""
_HINT_ROWS = 2
_TWO = 2
_MOST_SIGNED = 4
"""People who sign below a table side by side; a row of data has more cells."""
_SECOND_TABLE = 5
"""Score from which a row of texts within the data is the header of another table."""

_NOUNS = frozenset(
    {"NO", "NOMOR", "NIK", "NAMA", "KPJ", "KK", "TANGGAL", "TGL", "TEMPAT", "JENIS", "ALAMAT", "STATUS",
     "HUBUNGAN", "JABATAN", "BAGIAN", "DIVISI", "KETERANGAN", "KET", "HP", "TELEPON", "EMAIL", "JUMLAH"}
)  # fmt: skip
"""First words of headers: "NIK Anak", "Nama Pasangan", "Hubungan Keluarga"."""

_NOTE = re.compile(
    r"\s*(?:\*|total|jumlah|catatan|keterangan|note|ket\b|dibuat oleh|mengetahui|hormat kami"
    r"|[a-z .]+, *[0-9]{1,2} [a-z]+ [0-9]{4}\s*$)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\s*(?:grand\s*total|sub\s*-?\s*total|total|jumlah)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*:?\s*[0-9][0-9.]*\s*(?:\([a-z ]+\)\s*)?"
    r"(?:orang|org|karyawan|pegawai|pekerja|peserta|tenaga kerja|tk|baris|koreksi|data)\s*",
    re.IGNORECASE,
)
"""What a sum counts: "6 orang", "12 (dua belas) tenaga kerja"."""
_MONEY = re.compile(r"\s*(?:rp|idr)[. ]*[0-9][0-9.,]*-?\s*", re.IGNORECASE)
_FOOT = re.compile(
    r"\s*(?:mengetahui|menyetujui|disetujui|dibuat|diperiksa|disusun|diajukan|hormat (?:kami|saya)"
    r"|tanda tangan|ttd\b|tertanda|yang (?:membuat|mengajukan|menyatakan)|demikian|catatan\b|keterangan\b|ket\b"
    r"|nb\b|note\b"
    r"|\*|[a-z .]+, *[0-9]{1,2} [a-z]+ [0-9]{4}\s*$)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\b(?:digit|angka|huruf|karakter|wajib|opsional|diisi|format|contoh|sesuai|d{1,2}[-/ ]m{1,2}[-/ ]y{2,4}"
    r"|tgl[-/ ]bln[-/ ]thn|teks|text)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\s*(?:divisi|bagian|departemen|dept|unit|cabang|lokasi|area|gr[ou]+p|kelompok|kantor|proyek|halaman|lanjutan)\b",
    re.IGNORECASE,
)
"""What stands alone above the rows of a group: "Divisi Produksi"."""
_RULE = re.compile(r"[-=_*~+|. ]{3,}")
"""A line that programs draw: "------"."""
_SHORTEST_NUMBER = 8
"""Fewer characters than this are no KPJ or NIK, but may be a count of them."""
_FEWEST_DIGITS = 6
"""A KPJ or NIK that is spoiled by letters keeps as many."""
_LONG_NUMBER = re.compile(r"[0-9]{8}")


class Sorting:
    """The rows of a sheet below its header, sorted into data and what is none."""

    def __init__(self, sheet: Sheet, found: Found, roles: dict[int, Role]) -> None:
        self.sheet = sheet
        self.found = found
        self.first = found.last + 1
        self.names = dict(zip(found.columns, found.texts, strict=True))
        self.roles = roles
        self.take = np.ones(len(sheet.row_numbers), dtype=np.bool_)
        self.take[: self.first] = False
        self.skipped: dict[tuple[str, str], list[int]] = {}
        self.refused: dict[int, tuple[str, str]] = {}
        self.packed: tuple[str, str] | None = None
        """What separates the values of rows that lie in one cell each, where some do."""
        self.second_header = 0
        """Number of the row that heads another table, where some follow it."""
        self._filled: NDArray[np.int32] | None = None
        self._bare: list[int] | None = None

    def sort(self) -> None:
        """Sort all rows."""
        if self.first >= len(self.take):
            return
        if self.found.has_header:
            self._skip_column_numbers()
            self._skip_hints()
            self._skip_header_in_other_words()
        self._skip_examples()
        if self.found.has_header:
            self._skip_repeated_headers()
            self._refuse_packed()
        self._refuse_other_tables()
        self._skip_foot()
        self._skip_notes()
        self._skip_lines()
        self._skip_totals()

    def skip(self, row: int, why: str, why_en: str) -> None:
        """Take a row out and remember why."""
        self.take[row] = False
        self.skipped.setdefault((why, why_en), []).append(self.sheet.row_numbers[row])

    def remarks(self) -> list[Remark]:
        """Return a remark a reason, with all its rows."""
        return [
            Remark(
                "skipped-row", f"Baris {spans(rows)} dilewati: {why}.",
                f"Row {spans(rows)} was skipped: {why_en}.", tuple(rows),
            )
            for (why, why_en), rows in self.skipped.items()
        ]  # fmt: skip

    def filled(self) -> NDArray[np.int32]:
        """Return how many cells of each row are filled."""
        if self._filled is None:
            counted = np.zeros(len(self.take), dtype=np.int32)
            for raw in self.sheet.columns.values():
                counted += np.frombuffer(raw.kinds, dtype=np.uint8) != Kind.EMPTY
            self._filled = counted
        return self._filled

    def texts(self, row: int) -> list[str]:
        """Return the filled cells of a row."""
        return [raw.values[row] for raw in self.sheet.columns.values() if raw.kinds[row]]

    def _column(self, role: Role) -> Texts | None:
        at = next((column for column, held in self.roles.items() if held == role), None)
        return None if at is None else self.sheet.columns[at].values

    def _keys(self) -> list[Texts]:
        """Return the columns whose digits make a row a row: KPJ and NIK."""
        held = (self._column(Role("record", key)) for key in ("kpj", "nik"))
        return [column for column in held if column is not None]

    def _rows_where(self, holds: Callable[[str], bool]) -> list[int]:
        """Return the rows whose KPJ and NIK are both as asked; none where there is neither.

        What begins with a digit and is long enough for a number never is.
        """
        keys = self._keys()
        rows = np.arange(self.first, len(self.take) if keys else 0)
        for column in keys:
            rows = rows[~column.plain_numbers(_SHORTEST_NUMBER)[rows]]
            held = [
                np.array(list(map(holds, column.at(part))), np.bool_) for part in parts_of(rows)
            ]
            rows = rows[np.concatenate(held)] if held else rows
        found: list[int] = rows.tolist()
        return found

    def _without_number(self) -> list[int]:
        """Return the rows still taken that have no digit in KPJ and NIK."""
        if self._bare is None:
            keys = self._keys()
            # A digit first, as nearly always, needs no second look.
            self._bare = [
                row
                for row in self._rows_where(lambda text: not text[:1].isdigit())
                if not any(map(str.isdigit, "".join(column[row] for column in keys)))
            ]
        return [row for row in self._bare if self.take[row]]

    def _skip_column_numbers(self) -> None:
        if counts_columns(self.sheet, self.first):
            self.skip(self.first, "hanya berisi nomor kolom", "it only numbers the columns")

    def _skip_hints(self) -> None:
        """Skip a line below the header that says how to fill it in: "(16 digit)"."""
        last = min(self.first + _HINT_ROWS, len(self.take))
        for row in self._without_number_but_hint(range(self.first, last)):
            self.skip(row, "petunjuk pengisian di bawah judul", "hints on filling it in")

    def _skip_header_in_other_words(self) -> None:
        """Skip a row right below the header that says the same again, in English perhaps."""
        row = self.first
        while row < len(self.take) and not self.take[row]:
            row += 1
        told = {} if row == len(self.take) else self._meant(row)
        if len(told) > _TWO and all(self.roles.get(at) == role for at, role in told.items()):
            self.skip(row, "judul kolom sekali lagi", "the header once more")

    def _meant(self, row: int) -> dict[int, Role]:
        """Return what the cells of a row would mean as headers, where that is known."""
        meant = {
            column: role_of(" ".join(raw.values[row].split()))
            for column, raw in self.sheet.columns.items()
            if raw.kinds[row]
        }
        return {column: role for column, role in meant.items() if role != UNKNOWN}

    def _without_number_but_hint(self, rows: Iterable[int]) -> Iterator[int]:
        keys = self._keys()
        for row in rows:
            cells = self.texts(row)
            at_keys = [column[row] for column in keys if column[row]]
            hints = sum(bool(_HINT.search(cell)) for cell in cells)
            is_hint = at_keys and all(_HINT.search(cell) for cell in at_keys)
            if self.take[row] and is_hint and hints >= _TWO and hints * 2 >= len(cells):
                yield row

    def _skip_examples(self) -> None:
        """Skip the template's example, which is one of the first rows and says so."""
        running = self._column(Role("number"))
        if running is None:
            return
        for row, text in enumerate(running[self.first : self.first + EXAMPLE_ROWS], self.first):
            if text.strip().upper().startswith(EXAMPLE_MARK):
                self.skip(row, "baris contoh dari templat", "the template's example row")

    def _skip_notes(self) -> None:
        """Skip rows whose only cell is a total, a note, a place and date, or words for a number.

        Words in the column of the running numbers or of KPJ and NIK ("Halaman 2", "PRODUKSI") are
        a heading within the table, as is "Divisi …" anywhere: nobody's data, and no empty row.
        """
        running = self._column(Role("number"))
        keys = self._keys()
        for row in np.flatnonzero((self.filled() == 1) & self.take).tolist():
            text = _only_text(self.sheet, row)
            is_heading = any(column[row] for column in keys) and _are_words(text)
            if running is not None and running[row]:  # no KPJ or NIK, so its digits don't matter
                is_heading = any(map(str.isalpha, text))
            if text and (is_heading or any(one.match(text) for one in (_NOTE, _TOTAL, _GROUP))):
                self.skip(row, f"catatan “{text[:60]}”", f"a note, “{text[:60]}”")

    def _skip_repeated_headers(self) -> None:
        """Skip rows that say the header once more, as printed lists do on every page."""
        telling = [column for column in self.names if self.roles[column] != UNKNOWN]
        lines = [
            {
                column: header_key(self.sheet.columns[column].values[at])
                for column in self.names
                if self.sheet.columns[column].kinds[at]
            }
            for at in range(self.found.first, self.found.last + 1)
        ]
        lines = [line for line in lines if len(line) > 1]
        if not telling or not lines:
            return
        # One column of the header tells cheaply which rows are worth a look; best one of digits.
        keys = {min(line, key=lambda column: self._rank(column, telling)) for line in lines}
        starts = {line[key] for key in keys for line in lines if key in line}
        for key in keys:
            values = self.sheet.columns[key].values
            # A digit first, as nearly always: nothing to compare.
            rows = np.flatnonzero(~values.plain_numbers(1))
            rows = rows[rows >= self.first]
            for row, text in zip(rows.tolist(), values.at(rows), strict=True):
                if not text or text[0].isdigit() or header_key(text) not in starts:
                    continue
                if self.take[row] and any(self._says(row, line) for line in lines):
                    self.skip(row, "judul kolom yang berulang", "the header once more")

    def _rank(self, column: int, telling: list[int]) -> tuple[bool, bool]:
        is_digits = self.roles[column].field in {"kpj", "nik"}
        return not is_digits, column not in telling

    def _says(self, row: int, line: dict[int, str]) -> bool:
        return all(
            header_key(self.sheet.columns[column].values[row]) == text
            for column, text in line.items()
        )

    def _refuse_other_tables(self) -> None:
        """Refuse what follows the header of another table: its columns mean something else."""
        for row in self._without_number():
            texts = [" ".join(text.split()) for text in self.texts(row)]
            if len(texts) <= _TWO or any(any(map(str.isdigit, text)) for text in texts):
                continue
            if not _heads_a_table(texts):
                continue
            told = self._meant(row)
            if len(told) == len(texts) and all(
                self.roles.get(at) == one for at, one in told.items()
            ):
                self.skip(row, "judul kolom yang berulang", "the header once more")
                continue
            start = row
            while start > self.first and self._is_title(start - 1):
                start -= 1
            rows = [at for at in range(start, len(self.take)) if self.take[at]]
            self.second_header = self.sheet.row_numbers[row]
            for at in rows:
                self.take[at] = False
                self.refused[at] = _of_another(
                    self.sheet.row_numbers[at], self.sheet.row_numbers[row]
                )
            return

    def _refuse_packed(self) -> None:
        """Refuse rows whose values all lie in one cell: they were never split into columns."""
        columns = len(self.names)
        for row in np.flatnonzero((self.filled() == 1) & self.take).tolist():
            sign = row_in_one_cell(_only_text(self.sheet, row), columns)
            if sign is not None:
                self.packed = sign
                self.take[row] = False
                self.refused[row] = _of_one_cell(self.sheet.row_numbers[row], *sign)

    def _is_title(self, row: int) -> bool:
        texts = self.texts(row)
        return len(texts) <= _TWO and not any(_LONG_NUMBER.search(text) for text in texts)

    def _skip_lines(self) -> None:
        """Skip rows that hold nothing but lines of signs."""
        for row in self._without_number():
            texts = self.texts(row)
            if texts and all(_RULE.fullmatch(text) for text in texts):
                self.skip(row, "garis pemisah", "a line of signs")

    def _skip_totals(self) -> None:
        """Skip rows of sums: a word such as "Jumlah", beside it only numbers of something."""
        for row in self._rows_where(
            lambda text: len(text) < _SHORTEST_NUMBER or bool(_TOTAL.match(text))
        ):
            word, *others = self.texts(row) if self.take[row] else [""]
            is_sum = bool(others) and _TOTAL.match(word)
            if is_sum and not any(
                _LONG_NUMBER.search(text)
                or (
                    any(map(str.isalpha, text))
                    and not _COUNTED.fullmatch(text)
                    and not _MONEY.fullmatch(text)
                )
                for text in others
            ):
                self.skip(row, f"baris jumlah “{word[:60]}”", f"a total, “{word[:60]}”")

    def _skip_foot(self) -> None:
        """Skip what stands below the last row of data: place and date, who signs, notes.

        It begins with a row that says so; rows before that stay, whatever they hold.
        """
        bare = set(self._without_number())
        tail: list[int] = []
        for row in range(len(self.take) - 1, self.first - 1, -1):
            if row in bare:
                tail.insert(0, row)
            elif self.take[row]:
                break
        opening = next((at for at, row in enumerate(tail) if _FOOT.match(self.texts(row)[0])), None)
        block = [] if opening is None else tail[opening:]
        if all(self._is_foot(row) for row in block):
            why = "catatan atau tanda tangan di bawah tabel"
            for row in block:
                self.skip(row, why, "a note or signature below the table")

    def _is_foot(self, row: int) -> bool:
        which = self._column(Role("which"))
        names_field = which is not None and field_by_header(which[row]) is not None
        return int(self.filled()[row]) <= _MOST_SIGNED and not names_field


def _heads_a_table(texts: list[str]) -> bool:
    """Tell whether texts without a digit are the header of a table: known names, or like them."""
    header = understand(texts)
    if header.score >= _SECOND_TABLE and UNKNOWN not in header.roles[: len(texts) // 2]:
        return True
    nouns = sum(bool(_NOUNS & set(words_of(text)[:1])) for text in texts)
    return nouns >= _TWO and nouns * 2 > len(texts)


def _of_another(number: int, header: int) -> tuple[str, str]:
    text = (
        f"Baris {number} termasuk tabel lain yang judulnya ada di baris {header}; satu lembar "
        "dibaca sebagai satu tabel. Pindahkan tabel itu ke lembar atau berkas sendiri, lalu unggah "
        "lagi."
    )
    text_en = (
        f"Row {number} belongs to another table, whose header is row {header}; a sheet is read as "
        "one table. Move that table to a sheet or file of its own and upload it again."
    )
    return text, text_en


def _of_one_cell(number: int, sign: str, sign_en: str) -> tuple[str, str]:
    text = (
        f"Baris {number}: seluruh isinya ada di satu sel, dipisah dengan {sign}, sehingga kolomnya tidak "
        "terbaca. Pisahkan ke kolomnya masing-masing sebagai teks (buang tanda kutip di sekeliling baris "
        "itu, atau di Excel pakai Data › Text to Columns), lalu unggah lagi."
    )
    text_en = (
        f"Row {number}: all of it lies in one cell, separated by {sign_en}, so its columns can't be read. "
        "Split it into its columns as text (remove the quotes around that row, or in Excel use Data › Text "
        "to Columns), then upload again."
    )
    return text, text_en


def counts_columns(sheet: Sheet, row: int) -> bool:
    """Tell whether a row only says (1), (2), (3) … or (a), (b), (c) … below the header.

    A column may say how it is made of others: "7 = 5 - 6".
    """
    texts = [
        raw.values[row].partition("=")[0].strip(" ().").upper()
        for raw in sheet.columns.values()
        if raw.kinds[row]
    ]
    return len(texts) > _TWO and texts in (
        [str(n) for n in range(1, len(texts) + 1)],
        [str(n) for n in range(len(texts))],
        [column_letters(n) for n in range(len(texts))],
    )


def _are_words(text: str) -> bool:
    """Tell whether a text is words rather than a number with letters in it."""
    return any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) < _FEWEST_DIGITS


def _only_text(sheet: Sheet, row: int) -> str:
    for raw in sheet.columns.values():
        if raw.kinds[row]:
            return raw.values[row] if raw.kinds[row] == Kind.TEXT else ""
    return ""
