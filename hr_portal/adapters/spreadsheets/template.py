"""The workbook to fill in, made from FIELDS in either layout.

Every column is text over a bounded range, so that Excel keeps all sixteen
digits and the leading zeros; codes have drop-downs, columns say what belongs in
them, and the example row is marked so that the reader skips it.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from hr_portal.adapters.spreadsheets.findings_workbook import plain_text
from hr_portal.domain.fields import ERASE, FIELD, FIELDS, KEEP, REQUIRED_KEYS, Field
from hr_portal.domain.table import Layout

ROWS = 1_000
"""So many rows are prepared below what is filled in; more may be used."""

MOST_FILLED = 2_000
"""So many employees a prefilled template holds at most."""

SHEET = "Koreksi"
GUIDE = "Petunjuk"
EXAMPLE = "Contoh"
"""What the running number of the example row says; the reader skips such a row."""

_OLD = "SRI UMPAMI"
_MADE_AT = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
_HEAD = PatternFill("solid", fgColor="1F4E5F")
_HEAD_NEW = PatternFill("solid", fgColor="2E7D5B")
_EXAMPLE_FILL = PatternFill("solid", fgColor="F3F1EC")
_LINE = Border(bottom=Side(style="thin", color="C9C5BC"))
_LENGTHS = {"nik": 16, "kk": 16, "kpj": 11, "kpj_digabung": 11, "kode_pos": 5}
# Day-month-year as text, and a day the calendar has; an error inside IF would spoil OR.
_DATE = (
    "IFERROR(AND(LEN({0})=10,DAY(DATE(VALUE(RIGHT({0},4)),VALUE(MID({0},4,2)),"
    "VALUE(LEFT({0},2))))=VALUE(LEFT({0},2))),FALSE)"
)
_CHOICES = {
    "jenis_kelamin": ("L", "P"),
    "golongan_darah": ("A", "B", "AB", "O"),
    "kewarganegaraan": ("WNI",),
    "status_kawin": ("Y", "T"),
    "status_kerja": ("PKWTT", "PKWT"),
}
_OPEN = frozenset({"kewarganegaraan"})
"""Fields that take more than their drop-down offers: a WNA comes with the country."""


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    width: int
    example: str
    hint: str
    field: str | None = None
    """The field whose drop-down and length apply."""
    is_new: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the rules take in place of a value."""
        if not self.is_new:
            return ()
        return (KEEP,) if self.field in REQUIRED_KEYS else (ERASE, KEEP)


def _hint(field: Field) -> str:
    length = _LENGTHS.get(field.key)
    hints = {
        "nik": "16 angka, diketik dari KTP atau KK.",
        "kk": "16 angka, diketik dari Kartu Keluarga.",
        "kpj": "11 angka, termasuk angka nol di depan.",
        "jenis_kelamin": "L untuk laki-laki, P untuk perempuan.",
        "hp": "Misalnya 081200000001.",
        "kewarganegaraan": "WNI, atau WNA dengan negaranya, misalnya WNA MALAYSIA.",
    }
    if field.key in hints:
        return hints[field.key]
    if field.kind == "date":
        return "Tanggal-bulan-tahun, misalnya 05-08-1990."
    if length:
        return f"{length} angka."
    if field.key in _CHOICES:
        return f"Salah satu dari: {', '.join(_CHOICES[field.key])}."
    return f"Misalnya {field.example}." if field.example else ""


def _record(key: str, header: str | None = None) -> _Column:
    field = FIELD[key]
    return _Column(header or field.label, field.width, field.example, _hint(field), key)


def _per_correction() -> list[_Column]:
    choice = "Pilih dari daftar: data apa yang dikoreksi."
    return [
        _Column("No", 9, EXAMPLE, "Nomor urut."),
        _record("kpj", "KPJ"), _record("nik"), _record("nama"), _record("tanggal_lahir"),
        _record("kk"),
        _Column("Data", 20, FIELD["nama_ibu"].label, choice, "data"),
        _Column("Semula", 26, _OLD, "Nilai yang tercatat sekarang; boleh kosong."),
        _Column(
            "Menjadi", 26, FIELD["nama_ibu"].example,
            f"Nilai yang benar. Tulis {ERASE} untuk menghapus nilai yang tercatat.", is_new=True,
        ),
        _Column("Alasan", 28, "Salah ketik saat pendaftaran", "Mengapa dikoreksi."),
        _Column("Keterangan", 24, "", "Catatan lain; boleh kosong."),
    ]  # fmt: skip


def _per_employee() -> list[_Column]:
    columns = [
        _Column("No", 9, EXAMPLE, "Nomor urut."),
        _record("kpj", "KPJ"), _record("nik"), _record("nama"), _record("tanggal_lahir"),
        _record("kk"),
    ]  # fmt: skip
    known = {column.field for column in columns}
    for field in FIELDS:
        if field.optional:
            continue
        if field.key not in known:
            record = _record(field.key)
            # The example changes this one, so what is on record must differ.
            columns.append(replace(record, example=_OLD) if field.key == "nama_ibu" else record)
        erase = "" if field.key in REQUIRED_KEYS else f" Tulis {ERASE} untuk menghapus."
        columns.append(
            _Column(
                f"{field.label} (Menjadi)", max(field.width, 18),
                field.example if field.key == "nama_ibu" else "",
                f"Isi hanya bila berubah; kosong berarti tetap. {_hint(field)}{erase}",
                field.key, is_new=True,
            )
        )  # fmt: skip
    return [
        *columns,
        _Column("Alasan", 28, "Salah ketik saat pendaftaran", "Mengapa dikoreksi."),
        _Column("Keterangan", 24, "", "Catatan lain; boleh kosong."),
    ]


def columns_of(layout: Layout) -> list[str]:
    """Return the headers of a layout's template, in order."""
    made = _per_correction() if layout == "per-correction" else _per_employee()
    return [column.header for column in made]


def make_template(
    layout: Layout = "per-correction", employees: Sequence[Mapping[str, str]] = ()
) -> bytes:
    """Return the workbook of a layout with its example row and instructions.

    `employees` are values on record by field, a row each below the example; the
    columns for new values stay empty.
    """
    columns = _per_correction() if layout == "per-correction" else _per_employee()
    book = Workbook()
    book.properties.title = "Templat koreksi data"
    book.properties.creator = "Portal Koreksi Data"
    book.properties.created = book.properties.modified = _MADE_AT
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = SHEET
    guide = book.create_sheet(GUIDE)
    labels = _write_guide(guide, layout, filled=bool(employees))
    last = 2 + len(employees) + (ROWS - 1)
    _write_columns(sheet, columns, last)
    for row, employee in enumerate(employees, 3):
        _write_employee(sheet, row, columns, employee)
    _write_validations(sheet, columns, labels, last)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_employee(
    sheet: Worksheet, row: int, columns: list[_Column], employee: Mapping[str, str]
) -> None:
    """Write what is on record of one employee, all of it as text."""
    sheet.cell(row, 1, str(row - 2)).data_type = "s"
    for at, column in enumerate(columns, 1):
        value = "" if column.is_new else employee.get(column.field or "", "")
        if value:
            # As text, whatever it looks like: "=1+1" is a name that somebody typed.
            sheet.cell(row, at, plain_text(value)).data_type = "s"


def _write_columns(sheet: Worksheet, columns: list[_Column], last: int) -> None:
    for at, column in enumerate(columns, 1):
        head = sheet.cell(1, at, column.header)
        head.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
        head.fill = _HEAD_NEW if column.is_new else _HEAD
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
        for row in range(2, last + 1):
            cell = sheet.cell(row, at)
            cell.number_format = "@"
            if row == 2:  # noqa: PLR2004 - the example is the first row below the header
                cell.value = column.example or None
                cell.font = Font(name="Calibri", size=11, italic=True, color="6B675F")
                cell.fill = _EXAMPLE_FILL
                cell.border = _LINE
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "E2"


def _write_validations(sheet: Worksheet, columns: list[_Column], labels: str, last: int) -> None:
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        rule = _validation(column, f"{letter}2", labels)
        rule.promptTitle = column.header[:32]
        rule.prompt = column.hint[:255] or None
        rule.showInputMessage = bool(column.hint)
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{last}")


def _validation(column: _Column, first: str, labels: str) -> DataValidation:
    """Return a drop-down or a check of the length or the date that warns and never forbids."""
    choices = _CHOICES.get(column.field or "")
    if column.field == "data":
        rule = DataValidation(type="list", formula1=labels, allow_blank=True)
        rule.error, rule.errorTitle = "Pilih salah satu data dari daftar.", "Data"
    elif choices:
        listed = (*choices, *column.words)
        rule = DataValidation(type="list", formula1=f'"{",".join(listed)}"', allow_blank=True)
        rule.error, rule.errorTitle = f"Pilih salah satu: {', '.join(listed)}.", column.header[:32]
    elif (length := _LENGTHS.get(column.field or "")) is not None:
        rule = _checked(f"LEN({first})={length}", column, first)
        rule.error, rule.errorTitle = f"Panjangnya {length} angka.", column.header[:32]
    elif column.field in FIELD and FIELD[column.field].kind == "date":
        rule = _checked(_DATE.format(first), column, first)
        rule.error = "Tulis hari-bulan-tahun, misalnya 05-08-1990."
        rule.errorTitle = column.header[:32]
    else:
        return DataValidation(allow_blank=True)
    rule.errorStyle = "warning"
    rule.showErrorMessage = column.field not in _OPEN
    return rule


def _checked(formula: str, column: _Column, first: str) -> DataValidation:
    """Return a check by formula that lets the words of the column pass."""
    passed = [f'UPPER({first})="{word}"' for word in column.words]
    formula = f"OR({','.join((formula, *passed))})" if passed else formula
    return DataValidation(type="custom", formula1=formula, allow_blank=True)


_ADVICE = (
    "Isi lembar “Koreksi” mulai baris 3; baris 2 adalah contoh dan akan dilewati.",
    "Setiap baris memerlukan KPJ, NIK, dan Nama Lengkap sebagaimana tercatat sekarang.",
    "No KK wajib diisi bila NIK, nama, tempat lahir, atau tanggal lahir yang dikoreksi.",
    (
        "Semua kolom berformat Teks. Tempelkan data dengan Tempel Khusus > Nilai agar formatnya "
        "tetap Teks; NIK yang menjadi angka kehilangan digit terakhirnya."
    ),
    f"Sel yang kosong berarti tidak berubah. Untuk menghapus nilai yang tercatat, tulis {ERASE}.",
    "Jangan mengubah judul kolom. Kolom tambahan milik Anda boleh ada; kolom itu tidak diperiksa.",
    "Setelah selesai, simpan sebagai Excel Workbook (.xlsx) dan unggah ke Portal Koreksi Data.",
)
_PER_LAYOUT = {
    "per-correction": "Satu baris untuk satu koreksi: pilih Data, tulis nilai Semula dan Menjadi. "
    "Beberapa koreksi satu karyawan ditulis pada beberapa baris.",
    "per-employee": "Satu baris untuk satu karyawan: isi kolom “… (Menjadi)” hanya untuk data yang "
    "berubah.",
}


_FILLED = (
    "Baris 3 dan seterusnya sudah terisi dari pengajuan terakhir perusahaan Anda. Hapus baris "
    "karyawan yang datanya tidak dikoreksi; setiap baris harus memuat paling sedikit satu koreksi."
)


def _write_guide(guide: Worksheet, layout: Layout, *, filled: bool) -> str:
    """Write the instructions and the list of data; returns the range of the list."""
    guide.column_dimensions["A"].width = 28
    guide.column_dimensions["B"].width = 90
    guide["A1"] = "Cara mengisi"
    guide["A1"].font = Font(name="Calibri", bold=True, size=14)
    row = 2
    advice = (*((_FILLED,) if filled else ()), _PER_LAYOUT[layout], *_ADVICE)
    for row, sentence in enumerate(advice, 2):
        guide.cell(row, 1, f"Langkah {row - 1}")
        cell = guide.cell(row, 2, sentence)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    row += 2
    for at, title in enumerate(("Data yang dapat dikoreksi", "Cara menulisnya"), 1):
        guide.cell(row, at, title).font = Font(name="Calibri", size=11, bold=True)
    first = row + 1
    for field in FIELDS:
        if field.optional:
            continue  # only where the company switches it on
        row += 1
        guide.cell(row, 1, field.label)
        guide.cell(row, 2, _hint(field) or "Teks biasa.")
    return f"{GUIDE}!$A${first}:$A${row}"
