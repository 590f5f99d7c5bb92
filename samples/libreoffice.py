"""Samples that another program has saved: LibreOffice Calc, from samples of ours."""

from dataclasses import dataclass, field
from typing import Any

_ODS = "ods:calc8"
_XLS = "xls:MS Excel 97"


@dataclass(frozen=True, slots=True)
class Saved:
    """A sample opened and saved by LibreOffice, and what a check of it must say."""

    file: str
    source: str
    about: str
    total: int
    finds: list[dict[str, Any]] = field(default_factory=list)
    layout: str = "per-correction"
    sheet: str = "Koreksi"
    target: str = "xlsx:Calc MS Excel 2007 XML"


def _at(code: str, row: int, cell: str | None) -> dict[str, Any]:
    return {"code": code, "row": row, "cell": cell}


def _numbers(papua: str) -> list[dict[str, Any]]:
    """What `angka-excel` gives; `papua` is the code of a NIK that no double can hold."""
    return [
        _at("CELL-05", 2, "C2"), _at(papua, 3, "C3"), _at("CELL-06", 4, "C4"),
        _at("KPJ-03", 5, "B5"), _at("CELL-05", 8, "F8"),
    ]  # fmt: skip


def all_saved() -> list[Saved]:
    """Every sample saved by LibreOffice."""
    return [
        Saved("libreoffice-bersih.xlsx", "koreksi-bersih.xlsx",
              "The clean workbook, saved by LibreOffice.", 24),
        Saved("libreoffice-karyawan.xlsx", "karyawan-bersih.xlsx",
              "One employee a row, saved by LibreOffice.", 12, layout="per-employee"),
        Saved("libreoffice-dari-csv.xlsx", "koreksi-bersih-utf8.csv",
              "A csv opened in LibreOffice without care: all numbers are damaged.", 7,
              [
                  _at(code, row, f"{letter}{row}")
                  for row in range(2, 9)
                  for code, letter in (("KPJ-03", "B"), ("CELL-05", "C"), ("CELL-05", "F"))
              ],
              sheet="koreksi-bersih-utf8"),
        Saved("libreoffice-rumus.xlsx", "rumus-dan-galat.xlsx",
              "Formulas and errors, calculated by LibreOffice.", 6,
              [_at("CELL-17", 2, "I2"), _at("CELL-13", 3, "I3"), _at("CELL-13", 4, "C4"),
               _at("CELL-17", 5, "B5"), _at("CELL-13", 6, "C6")]),
        Saved("libreoffice-judul.csv", "judul-di-atas.xlsx",
              "The workbook with a title, saved as csv by LibreOffice.", 6, sheet="",
              target="csv:Text - txt - csv (StarCalc):59,34,76,1"),
        Saved("libreoffice-bersih.ods", "koreksi-bersih.xlsx",
              "The clean workbook as OpenDocument.", 24, target=_ODS),
        Saved("libreoffice-tersembunyi.ods", "tersembunyi.xlsx",
              "Rows hidden, crossed out, with a comment, in white on white and so on, as OpenDocument.", 6,
              [_at("FIL-10", 3, None), _at("FIL-09", 4, None), _at("FIL-05", 5, None), _at("FIL-08", 6, None)],
              target=_ODS),
        Saved("libreoffice-angka.ods", "angka-excel.xlsx",
              "NIK, KPJ and phones as numbers, as OpenDocument: only 15 digits are left.", 7,
              _numbers("CELL-05"), target=_ODS),
        Saved("libreoffice-bersih.xls", "koreksi-bersih.xlsx",
              "The clean workbook as Excel 97.", 24, target=_XLS),
        Saved("libreoffice-karyawan.xls", "karyawan-bersih.xlsx",
              "One employee a row, as Excel 97.", 12, layout="per-employee", target=_XLS),
        Saved("libreoffice-angka.xls", "angka-excel.xlsx",
              "NIK, KPJ and phones as numbers, as Excel 97: doubles.", 7, _numbers("CELL-07"),
              target=_XLS),
        Saved("libreoffice-1904.xls", "tanggal-1904.xlsx",
              "The 1904 date system, as Excel 97.", 3,
              [_at("DAT-05", row, f"E{row}") for row in (2, 3, 4)], target=_XLS),
    ]  # fmt: skip
