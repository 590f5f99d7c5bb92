"""The exact reader of .xls: the records of Excel 5 to 2003 and of everything that writes them.

Numbers there are doubles. What a double holds is told to the last digit as an
integer, or as the shortest decimal that gives the same double; whether that is
still the number that was typed is for the rules to judge (CELL-05 to CELL-08).
Formulas keep their mark and the value last calculated, errors their name.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from hr_portal.adapters.spreadsheets import biff, looks
from hr_portal.adapters.spreadsheets.biff import BIFF5, BIFF8, CONTINUE, Records
from hr_portal.adapters.spreadsheets.compound import Compound
from hr_portal.adapters.spreadsheets.guard import Package
from hr_portal.adapters.spreadsheets.kinds import BIFF_OLD, OLE_MAGIC, mismatch
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse
from hr_portal.adapters.spreadsheets.sheet import Sheet
from hr_portal.adapters.spreadsheets.workbook import SheetPlace, format_kind
from hr_portal.adapters.spreadsheets.xlscells import SheetRecords

_BOF, _EOF = 0x0809, 0x000A
_OLD_BOFS = frozenset({0x0009, 0x0209, 0x0409})
_FILEPASS, _CODEPAGE, _DATEMODE, _BOUNDSHEET = 0x002F, 0x0042, 0x0022, 0x0085
_FONT, _XF, _FORMAT, _SST, _SUPBOOK, _EXTERNSHEET = 0x0031, 0x00E0, 0x041E, 0x00FC, 0x01AE, 0x0017
_GLOBALS, _VBA, _WORKSHEET, _MACRO = 0x0005, 0x0006, 0x0010, 0x0040
_IS_SHEET, _IS_MACRO, _IS_VBA = 0, 1, 6
_PALETTE = 0x0092
_STRUCK_OUT = 0x08
_TWIPS = 20
_SOLID = 1
_NO_FONT = 4
"""A number that no font has: those from the fifth on are counted one higher."""
_SELF_REFERENCE, _ADDIN = b"\x01\x04", b"\x01\x3a"


@dataclass(slots=True)
class XlsBook:
    """Everything but the cells."""

    sheets: list[SheetPlace] = field(default_factory=list)
    version: int = BIFF8
    codec: str = "cp1252"
    epoch_1904: bool = False
    formats: list[int] = field(default_factory=list)
    """Per cell format whether it shows a number as PLAIN, DATE or DURATION."""
    looks: dict[int, int] = field(default_factory=dict)
    """What cell formats do to what is seen, where they do (`looks`)."""
    strings: list[str] = field(default_factory=list)
    struck_texts: frozenset[int] = frozenset()
    """Numbers of strings of which a part is crossed out."""


class XlsReader:
    """Reads the sheets of one guarded .xls."""

    def __init__(self, package: Package, limits: ReadLimits) -> None:
        """Read the list of sheets, texts and formats; raises Unreadable."""
        self.file = package.file
        self.limits = limits
        data = package.data
        if bytes(data[:8]) == OLE_MAGIC:
            data = Compound(data, self.file).workbook()
        self.records = Records(data, self.file)
        self.book = _Globals(self.records, limits).read()
        if not self.book.sheets:
            raise refuse(
                "structure", self.file, found="buku kerjanya tidak mempunyai lembar data",
                found_en="the workbook has no data sheet",
            )  # fmt: skip

    def read(
        self,
        place: SheetPlace,
        *,
        max_rows: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Sheet:
        """Read a sheet; with `max_rows` only its first filled rows. Raises Unreadable."""
        return SheetRecords(self, place, max_rows).read(int(place.part), progress)


class _Globals:
    """One pass over the records before the sheets."""

    def __init__(self, records: Records, limits: ReadLimits) -> None:
        self.records = records
        self.file = records.file
        self.limits = limits
        self.book = XlsBook()
        self._codes: dict[int, str] = {}
        self._numbers: list[int] = []
        self._dressed: list[tuple[int, int, int]] = []  # font, pattern and colour of each format
        self._fonts: list[tuple[bool, int, int]] = []  # whether struck out, height, colour
        self._palette: dict[int, str] = {}

    def read(self) -> XlsBook:
        """Return what the workbook says of itself; raises Unreadable."""
        texts: list[memoryview] = []
        is_texts = False
        for at, kind, body in self.records.walk(0):
            if not at:
                if self._begin(kind, bytes(body)) != _GLOBALS:
                    return self._bare_sheet()
            elif kind == _EOF:
                break
            elif kind == CONTINUE:
                if is_texts:
                    texts.append(body)
                continue
            is_texts = kind == _SST
            if is_texts:
                texts = [body]
            else:
                self._take(kind, bytes(body[:1024]))
        known: dict[int, int] = {}
        self.book.formats = [
            known.setdefault(number, format_kind(number, self._codes.get(number)))
            for number in self._numbers
        ]
        found = {
            at: self._look(*worn) | looks.of_format(self._codes.get(number))
            for at, (worn, number) in enumerate(zip(self._dressed, self._numbers, strict=True))
        }
        self.book.looks = {at: look for at, look in found.items() if look}
        if texts:
            self.book.strings, fonts = biff.shared_strings(texts, self.file, self.limits)
            self.book.struck_texts = frozenset(
                at for at, parts in fonts.items() if any(map(self._strikes, parts))
            )
        return self.book

    def _begin(self, kind: int, body: bytes) -> int:
        """Take the first record, which says what version this is; returns the kind of stream."""
        if kind in _OLD_BOFS:
            raise mismatch(self.file, BIFF_OLD)
        if kind != _BOF or len(body) < 4:  # noqa: PLR2004 - version and kind
            raise self.records.damaged(
                "catatan pertamanya bukan awal buku kerja",
                "its first record does not begin a workbook",
            )
        version, of = struct.unpack_from("<HH", body)
        self.book.version = BIFF8 if version == 0x0600 else BIFF5  # noqa: PLR2004
        return int(of)

    def _bare_sheet(self) -> XlsBook:
        """Return a book of one sheet without globals, as small export scripts write it."""
        body = next(self.records.walk(0))[2]
        self._refuse_macro_sheet(struct.unpack_from("<HH", body)[1])
        self.book.sheets.append(SheetPlace("Sheet1", "0", hidden=False))
        return self.book

    def _refuse_macro_sheet(self, kind: int) -> None:
        if kind in {_MACRO, _VBA}:
            raise refuse(
                "active", self.file, found="lembar makro Excel 4",
                found_en="an Excel 4 macro sheet",
            )  # fmt: skip

    def _take(self, kind: int, body: bytes) -> None:
        book = self.book
        if kind == _FILEPASS:
            raise refuse("encrypted-xls", self.file)
        if kind == _BOUNDSHEET:
            self._add_sheet(body)
        elif kind == _XF and len(body) >= 4:  # noqa: PLR2004 - font and format
            font, number = struct.unpack_from("<HH", body)
            self._dressed.append((font, *self._fill(body)))
            self._numbers.append(number)
        elif kind == _FONT and len(body) >= 4:  # noqa: PLR2004 - height and kind
            height, flags, ink = struct.unpack_from("<3H", body.ljust(6, b"\xff"))
            self._fonts.append((bool(flags & _STRUCK_OUT), height, ink))
        elif kind == _PALETTE:
            self._palette = {
                8 + at: body[2 + 4 * at : 5 + 4 * at].hex() for at in range((len(body) - 2) // 4)
            }
        elif kind == _FORMAT:
            self._take_format(body)
        elif kind == _CODEPAGE and len(body) >= 2:  # noqa: PLR2004
            book.codec = biff.codepage(struct.unpack_from("<H", body)[0])
        elif kind == _DATEMODE and len(body) >= 2:  # noqa: PLR2004
            book.epoch_1904 = body[:2] == b"\x01\x00"
        elif kind in {_SUPBOOK, _EXTERNSHEET}:
            self._refuse_dde(kind, body)

    def _fill(self, body: bytes) -> tuple[int, int]:
        """Return pattern and colour of what a format's cells stand on."""
        if self.book.version == BIFF8 and len(body) >= 20:  # noqa: PLR2004
            return body[17] >> 2, body[18] & 0x7F
        if self.book.version == BIFF5 and len(body) >= 12:  # noqa: PLR2004
            return body[10] & 0x3F, body[8] & 0x7F
        return 0, 0

    def _strikes(self, font: int) -> bool:
        return bool(self._look(font, 0, 0) & looks.STRUCK)

    def _look(self, font: int, pattern: int, fill: int) -> int:
        """Return what a font on a fill does to what is seen."""
        at = font - (font > _NO_FONT)
        if at >= len(self._fonts):
            return 0
        is_struck, height, ink = self._fonts[at]
        ground = looks.indexed(fill, self._palette) if pattern == _SOLID else None
        unseen = looks.of_font(
            size=height / _TWIPS,
            ink=looks.indexed(ink, self._palette),
            ground=ground if pattern else looks.WHITE,
        )
        return looks.STRUCK * is_struck | unseen

    def _take_format(self, body: bytes) -> None:
        if len(body) < 3:  # noqa: PLR2004 - number and length
            return
        number = struct.unpack_from("<H", body)[0]
        if self.book.version == BIFF8:
            code = biff.long_string(body[2:], BIFF8, "")
        else:
            code = biff.short_string(body[2:], BIFF5, self.book.codec)
        if code is not None:
            self._codes[number] = code

    def _add_sheet(self, body: bytes) -> None:
        if len(body) < 8:  # noqa: PLR2004 - place, state, kind, name
            raise self.records.damaged(
                "daftar lembarnya tidak terbaca", "its list of sheets can't be read"
            )
        at, state, kind = struct.unpack_from("<LBB", body)
        if kind in {_IS_MACRO, _IS_VBA}:
            self._refuse_macro_sheet(_MACRO)
        if kind != _IS_SHEET:
            return  # a chart has no cells
        book = self.book
        if len(book.sheets) >= self.limits.max_sheets:
            most = self.limits.max_sheets
            raise over_limit(
                self.file, f"lembarnya lebih dari {most}", f"it has more than {most} sheets",
                dotted(most),
            )  # fmt: skip
        name = biff.short_string(body[6:], book.version, book.codec)
        if any(sheet.part == str(at) for sheet in book.sheets):
            raise refuse(
                "structure", self.file, found="dua lembar memakai isi yang sama",
                found_en="two sheets use the same content",
            )  # fmt: skip
        book.sheets.append(SheetPlace(name, str(at), hidden=bool(state & 3)))

    def _refuse_dde(self, kind: int, body: bytes) -> None:
        """Refuse links to other programs: their address is a program and a topic, 0x03 between.

        Addresses of other workbooks begin with 0x01, where 0x03 is only a folder.
        """
        if kind == _SUPBOOK:
            if body[2:4] in {_SELF_REFERENCE, _ADDIN}:
                return
            address = biff.long_string(body[2:], BIFF8, "") or ""
        elif self.book.version == BIFF5:
            address = body[1 : 1 + body[0]].decode("latin-1") if body else ""
        else:
            return  # there it is only a list of numbers
        if "\x03" in address[1:] and address[0] not in "\x01\x02\x03\x04":
            raise refuse(
                "active", self.file, found="tautan DDE atau OLE ke program lain",
                found_en="a DDE or OLE link to another program",
            )  # fmt: skip
