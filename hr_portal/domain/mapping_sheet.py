"""The mapping sheet: which file is whose and what it is, and what is wrong with each line of it.

Whoever wrote it has decided, so it stands above what a file's name says; but a number that a
program has damaged is not guessed, and a line that fits nobody, or several, places nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hr_portal.domain.document_kinds import kind_named
from hr_portal.domain.fields import FIELD, header_key
from hr_portal.domain.roster import KPJ_DIGITS, NIK_DIGITS, Roster

MOST_LINES = 50_000
MOST_ABOVE = 10
"""Filled rows in which a header is looked for."""
_EXACT = 2**53
"""The largest whole number that spreadsheet programs are sure to keep."""
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,4}$")


def _keys(*names: str) -> frozenset[str]:
    return frozenset(map(header_key, names))


def _of_field(key: str) -> frozenset[str]:
    return _keys(FIELD[key].label, *FIELD[key].aliases)


_ROLES: dict[str, frozenset[str]] = {
    "file": _keys("Berkas", "Nama Berkas", "Nama File", "File", "File Name", "Filename", "Dokumen", "Nama Dokumen"),
    "nik": _of_field("nik"),
    "kpj": _of_field("kpj"),
    "row": _keys("Baris", "No Baris", "Nomor Baris", "Row", "Row Number"),
    "either": _keys("NIK atau KPJ", "NIK/KPJ", "NIK KPJ", "KPJ/NIK", "KPJ atau NIK", "NIK or KPJ"),
    "kind": _keys("Jenis", "Jenis Dokumen", "Jenis Berkas", "Kind", "Kind of Document", "Type"),
}  # fmt: skip

_OF_CORRECTIONS = ("MENJADI", "SEMULA")
"""Ends of headers that only a table of corrections has."""

FAULTS: dict[str, tuple[str, str]] = {
    "number-lost": (
        ("Nomor “{value}” sudah diubah program lembar kerja: selnya berformat angka, jadi ada digit yang "
         "hilang. Digit itu tidak ditebak. Ubah kolomnya menjadi Teks, lalu ketik ulang dari kartunya."),
        ("A spreadsheet program has changed the number “{value}”: its cell is a number, so digits are lost. "
         "They are not guessed. Make the column Text and type it again from the card."),
    ),
    "unknown-number": (
        "Nomor “{value}” tidak ada di pengajuan ini. Cocokkan dengan kolom NIK, KPJ, atau nomor barisnya.",
        "Nobody in this submission has the number “{value}”. Compare it with NIK, KPJ or row number.",
    ),
    "contradiction": (
        "NIK, KPJ, dan nomor baris pada baris ini milik karyawan yang berbeda. Sisakan yang benar.",
        "NIK, KPJ and row number in this line belong to different employees. Keep the right one.",
    ),
    "several-people": (
        "Nomor “{value}” dipakai beberapa karyawan di pengajuan ini. Tambahkan KPJ atau nomor barisnya.",
        "Several employees of this submission have the number “{value}”. Add the KPJ or the row number.",
    ),
    "nobody": (
        "Tidak ada NIK, KPJ, atau nomor baris. Isi salah satunya.",
        "There is no NIK, KPJ or row number. Fill in one of them.",
    ),
    "kind-unknown": (
        "Jenis “{value}” tidak dikenal. Tulis misalnya KTP, KK, Akta kelahiran, atau Ijazah.",
        "The kind “{value}” is not known. Write for example KTP, KK, Akta kelahiran or Ijazah.",
    ),
    "no-file": (
        "Berkas ini belum ada di antara dokumen yang diunggah. Periksa nama berkasnya, atau unggah berkasnya.",
        "This file is not among the documents uploaded. Check its name, or upload it.",
    ),
    "sheet-ambiguous": (
        "Beberapa berkas bernama sama di folder yang berbeda. Tulis nama berkas lengkap dengan foldernya.",
        "Several files in different folders have this name. Write the name together with its folder.",
    ),
    "kinds-several": (
        "Berkas ini disebut beberapa kali dengan jenis yang berbeda. Sisakan satu jenis.",
        "This file is named several times with different kinds. Keep one kind.",
    ),
    "line-twice": (
        "Berkas ini sudah disebut untuk karyawan yang sama pada baris {value}.",
        "This file is named for the same employee in line {value} already.",
    ),
}  # fmt: skip
"""What is wrong with a line: sentences in both languages; {value} is what stands there."""


class Cell(NamedTuple):
    """A cell as it was read: its text, and whether the sheet keeps it as a number."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a file, whose it is, its kind."""

    file: str
    nik: str = ""
    kpj: str = ""
    row: str = ""
    either: str = ""
    """NIK, KPJ or row number, where a column takes any of them."""
    kind: str = ""
    lost: str = ""
    """A number of this line whose digits a program has damaged, as it stands."""
    number: int = 0
    """Of the row in the sheet."""
    sheet: str = ""
    """Where it stands: the file's name or the sheet's."""

    @property
    def told(self) -> str:
        """The number by which the line tells whose it is, as it stands."""
        return self.lost or self.nik or self.kpj or self.either or self.row


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: a key of FAULTS, and what stands there."""

    line: Line
    code: str
    value: str = ""

    @property
    def message(self) -> str:
        """The sentence in Indonesian."""
        return FAULTS[self.code][0].format(value=self.value)

    @property
    def message_en(self) -> str:
        """The sentence in English."""
        return FAULTS[self.code][1].format(value=self.value)


Rows = Sequence[tuple[int, Mapping[int, Cell]]]
"""Filled rows of a sheet: number, cells by column."""


def is_header(cells: Mapping[int, Cell]) -> bool:
    """Say whether a row is the header of a mapping sheet: the file, and whose it is."""
    roles = _roles(cells)
    if any(header_key(cell.text).endswith(_OF_CORRECTIONS) for cell in cells.values()):
        return False
    return "file" in roles and bool(roles.keys() & {"nik", "kpj", "row", "either"})


def lines_of(rows: Rows, sheet: str) -> list[Line] | None:
    """Return the lines of a sheet; None where it is no mapping sheet.

    A line without a file counts for nothing: in the prepared sheet it is one not filled in yet.
    """
    at = next((at for at, (_n, cells) in enumerate(rows[:MOST_ABOVE]) if is_header(cells)), None)
    if at is None:
        return None
    roles = _roles(rows[at][1])
    below = rows[at + 1 : at + 1 + MOST_LINES]
    cut = {role for role in ("nik", "either") if role in roles and _is_cut(below, roles[role])}
    lines = []
    for number, cells in below:
        found = {role: cells.get(column, Cell("")) for role, column in roles.items()}
        texts = {role: " ".join(cell.text.split()) for role, cell in found.items()}
        if texts["file"]:
            lost = next(
                (
                    text
                    for role in ("nik", "kpj", "either")
                    if (text := texts.get(role, ""))
                    and (
                        _is_lost(role, text, found[role])
                        or (role in cut and len(_digits(text)) == NIK_DIGITS)
                    )
                ),
                "",
            )
            lines.append(Line(**texts, lost=lost, number=number, sheet=sheet))
    return lines


def _roles(cells: Mapping[int, Cell]) -> dict[str, int]:
    """Return the column of each role that a header names; the first of two counts."""
    found: dict[str, int] = {}
    for column, cell in sorted(cells.items()):
        key = header_key(cell.text)
        role = next((role for role, keys in _ROLES.items() if key in keys), None)
        if role is not None:
            found.setdefault(role, column)
    return found


def _digits(text: str) -> str:
    return re.sub(r"[ .\-'’]", "", text)


def _is_lost(role: str, text: str, cell: Cell) -> bool:
    """Say whether a number can't be what was typed: cut at 15 digits, or without its zeros."""
    if _EXPONENT.fullmatch(text):
        return True
    if not cell.is_number:
        return False
    if role == "kpj":
        return len(text) < KPJ_DIGITS
    return len(text) >= NIK_DIGITS and (text.endswith("0") or not int(_digits(text)) < _EXACT)


def _is_cut(rows: Rows, column: int) -> bool:
    """Say whether all NIK of a column of text end in 0, as after a program has cut them."""
    niks = [
        text
        for _number, cells in rows
        if len(text := _digits(cells.get(column, Cell("")).text)) == NIK_DIGITS
    ]
    return len(niks) > 1 and all(nik.endswith("0") for nik in niks)


# ------------------------------------------------------------------ whose a line is


def people_of(line: Line, roster: Roster) -> tuple[set[int], str]:
    """Return the one employee that a line names, or a key of FAULTS and who may be meant."""
    if line.lost:
        return set(), "number-lost"
    found = []
    if line.nik:
        found.append(roster.by_nik.get(_digits(line.nik), set()))
    if line.kpj:
        found.append(roster.by_kpj.get(_digits(line.kpj), set()))
    if line.either:
        found.append(numbered(_digits(line.either), roster))
    if line.row:
        found.append(_at_row(_digits(line.row), roster))
    if not found:
        return set(), "nobody"
    if not all(found):
        return set(), "unknown-number"
    people = set.intersection(*found)
    if not people:
        return set(), "contradiction"
    return people, "" if len(people) == 1 else "several-people"


def numbered(digits: str, roster: Roster) -> set[int]:
    """Return whom a NIK, KPJ or row number means."""
    known = roster.by_nik.get(digits) or roster.by_kpj.get(digits)
    if known:
        return known
    return _at_row(digits, roster) if len(digits) < KPJ_DIGITS - 1 else set()


def _at_row(digits: str, roster: Roster) -> set[int]:
    at = roster.by_row.get(int(digits)) if digits.isascii() and digits.isdigit() else None
    return set() if at is None else {at}


# ------------------------------------------------------------------ which file a line is about


class Sheet:
    """The lines of a mapping sheet by the files that they name.

    `paths` are all files it is for, where they are known: a bare name that several of them
    have tells nothing of either.
    """

    def __init__(self, lines: Iterable[Line], paths: Iterable[str] | None = None) -> None:
        self.lines = tuple(lines)
        self._lines: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self._lines[_same(line.file)].append(line)
        self._known = None if paths is None else Counter(
            name for path in paths for name in set(_names(path)[1:])
        )  # fmt: skip

    def among(self, paths: Iterable[str]) -> "Sheet":
        """Return the same sheet for files that are all known."""
        return Sheet(self.lines, paths)

    def of(self, path: str) -> tuple[list[Line], str]:
        """Return the lines about a file, and "sheet-ambiguous" where they may be about another.

        By its path, its bare name, or that without ending.
        """
        names = _names(path)
        for place, name in enumerate(names):
            if lines := self._lines.get(name):
                return lines, "" if place == 0 or self._is_only(
                    name, names[0]
                ) else "sheet-ambiguous"
        return [], ""

    def _is_only(self, name: str, whole: str) -> bool:
        return "/" not in whole if self._known is None else self._known[name] == 1

    def faults(self, roster: Roster, paths: Sequence[str]) -> list[Fault]:
        """Return what is wrong, in the order of the lines; at most one thing a line."""
        sheet = self.among(paths)
        there = {name for path in paths for name in _names(path)}
        seen: dict[tuple[str, frozenset[int]], int] = {}
        found = [sheet.fault(line, roster, there, seen) for line in self.lines]
        return [one for one in found if one is not None]

    def fault(
        self,
        line: Line,
        roster: Roster,
        there: set[str],
        seen: dict[tuple[str, frozenset[int]], int],
    ) -> Fault | None:
        """Return what is wrong with a line; `seen` notes what lines before it said."""
        people, fault = people_of(line, roster)
        name = _same(line.file)
        if fault:
            return Fault(line, fault, line.told)
        if line.kind and kind_named(line.kind) is None:
            return Fault(line, "kind-unknown", line.kind)
        if name not in there:
            return Fault(line, "no-file")
        if "/" not in name and self._known is not None and self._known[name] > 1:
            return Fault(line, "sheet-ambiguous")
        if len({kind_named(one.kind) for one in self._lines[name]} - {None}) > 1:
            return Fault(line, "kinds-several")
        first = seen.setdefault((name, frozenset(people)), line.number)
        return None if first == line.number else Fault(line, "line-twice", str(first))


def _same(path: str) -> str:
    return path.replace("\\", "/").strip().strip("/").casefold()


def _names(path: str) -> tuple[str, str, str]:
    """Return what a line may call a file: its path, its name, its name without ending."""
    whole = _same(path)
    bare = whole.rsplit("/", 1)[-1]
    return whole, bare, _EXTENSION.sub("", bare)
