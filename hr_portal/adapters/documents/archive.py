"""The directory of a ZIP of documents: what is in it, and what is refused unopened.

Nothing is unpacked here, and no name of an entry ever becomes a path: names are
data. An archive that no honest program writes (a path out of the folder, a link,
overlapping parts, names that disagree with themselves) is refused as a whole;
an entry that is merely unfit (encrypted, an archive of its own, too large) alone.
"""

import re
import stat
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from hr_portal.adapters.documents import refusals
from hr_portal.adapters.documents.door import MEDIA_TYPES
from hr_portal.adapters.documents.limits import MIB
from hr_portal.adapters.documents.refusals import DocumentRefused

SIGNATURE = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_END_BYTES, _MOST_COMMENT = 22, 0xFFFF
_LOCAL_BYTES = 30
_MOST_DIRECTORY_BYTES_EACH = 2048
_RATIO_COUNTS_FROM = 4 * MIB
_MOST_RATIO = 1000
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


_NAMED_SO = re.compile(r"(?:pemetaan|mapping)[^/]*$", re.IGNORECASE)


class ArchiveLimits(NamedTuple):
    """Limits of one archive."""

    max_bytes: int = 500 * MIB
    max_files: int = 5_000
    max_document_bytes: int = 10 * MIB
    max_unpacked_bytes: int = 4096 * MIB
    """All its entries together."""
    sheets: tuple[str, ...] = ()
    """Endings, in lower case, of what may be a mapping sheet; only its header tells."""
    max_sheet_bytes: int = 5 * MIB
    max_sheets: int = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive."""

    index: int
    """Its place in the directory."""
    path: str
    """As the archive calls it, with folders; only ever shown and read, never opened."""
    size: int
    refused: DocumentRefused | None = None
    """Why it isn't taken, where that can be said before it is unpacked."""
    may_map: bool = False
    """It may be a mapping sheet, and is no document."""

    @property
    def is_named_so(self) -> bool:
        """Whether its name says that it is a mapping sheet."""
        return _NAMED_SO.search(self.path) is not None


def look(stream: BinaryIO, file_name: str, limits: ArchiveLimits) -> list[Entry]:
    """Return the files of an archive in their order; folders and files of systems are left out.

    Raises DocumentRefused (ZIP-01 to ZIP-05) where the archive is refused as a whole.
    """
    size = stream.seek(0, 2)
    if size > limits.max_bytes:
        raise refusals.refuse("zip-bytes", file_name, limit=limits.max_bytes // MIB)
    _check_end(stream, size, file_name, limits)
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = [one for one in archive.infolist() if not _is_nothing(one)]
            _check_structure(archive, infos, file_name)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise refusals.refuse("zip-damaged", file_name) from None
    if not infos:
        raise refusals.refuse("zip-empty", file_name)
    if sum(one.file_size for one in infos) > limits.max_unpacked_bytes:
        raise refusals.refuse("zip-unpacked", file_name, limit=limits.max_unpacked_bytes // MIB)
    seen: dict[str, int] = {}
    for one in infos:
        seen[one.filename.casefold()] = seen.get(one.filename.casefold(), 0) + 1
    entries, sheets = [], 0
    for at, one in enumerate(infos):
        may_map = _ending(one) in limits.sheets and sheets < limits.max_sheets
        unfit = _unfit(one, limits, is_twice=seen[one.filename.casefold()] > 1, may_map=may_map)
        sheets += may_map
        entries.append(Entry(at, one.filename, one.file_size, unfit, may_map))
    return entries


def documents_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries that `look` counts, in the same order."""
    return [one for one in archive.infolist() if not _is_nothing(one)]


def _is_nothing(one: zipfile.ZipInfo) -> bool:
    """Say whether an entry is a folder, or what a system leaves beside files."""
    parts = one.filename.split("/")
    return one.is_dir() or parts[0] == "__MACOSX" or parts[-1].lower() in _SYSTEM


def _check_end(stream: BinaryIO, size: int, file_name: str, limits: ArchiveLimits) -> None:
    """Count the entries that the archive claims, before a list of them is made."""
    stream.seek(0)
    if stream.read(4) not in {SIGNATURE, _END}:
        raise refusals.refuse("zip-damaged", file_name)
    tail_at = max(0, size - _END_BYTES - _MOST_COMMENT)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_BYTES > len(tail):
        raise refusals.refuse("zip-damaged", file_name)
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[max(0, at - 20) : at]
    if locator.startswith(_LOCATOR64):
        stream.seek(min(int.from_bytes(locator[8:16], "little"), size))
        end64 = stream.read(56)
        if not end64.startswith(_END64):
            raise refusals.refuse("zip-damaged", file_name)
        count = int.from_bytes(end64[32:40], "little")
        length = int.from_bytes(end64[40:48], "little")
    # Folders are entries too; a tree has fewer of them than files.
    most = 2 * limits.max_files
    if count > most or length > most * _MOST_DIRECTORY_BYTES_EACH:
        raise refusals.refuse("zip-files", file_name, limit=limits.max_files)
    stream.seek(0)


def _check_structure(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file_name: str
) -> None:
    """Refuse what no honest program writes, naming the entry."""
    end = 0
    for one in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if one.header_offset < end:
            raise refusals.refuse("zip-overlap", file_name, entry=_shown(one))
        end = one.header_offset + _LOCAL_BYTES + one.compress_size
        if _leads_out(one.orig_filename):
            raise refusals.refuse("zip-path", file_name, entry=_shown(one))
        kind = stat.S_IFMT(one.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise refusals.refuse("zip-special", file_name, entry=_shown(one))
        if (
            one.file_size > _RATIO_COUNTS_FROM
            and one.file_size > max(1, one.compress_size) * _MOST_RATIO
        ):
            raise refusals.refuse("zip-bomb", file_name, entry=_shown(one))
    for one in sorted(infos, key=lambda info: info.header_offset):  # read through once, in order
        if one.flag_bits & _ENCRYPTED or one.compress_type not in _METHODS:
            continue  # refused alone
        try:
            archive.open(one).close()  # compares the two names of the entry
        except zipfile.BadZipFile:
            raise refusals.refuse("zip-names", file_name, entry=_shown(one)) from None


def _leads_out(name: str) -> bool:
    """Say whether a name would leave the folder it is unpacked to, for whatever reads it."""
    parts = name.split("/")
    return (
        "\\" in name
        or "\0" in name
        or name.startswith("/")
        or name[1:2] == ":"
        or any(len(part) > 1 and not part.strip(".") for part in parts)  # "..", "...."
        or parts[0] == "~"
        or "%2e%2e" in name.lower()
    )


def _ending(one: zipfile.ZipInfo) -> str:
    return "." + one.filename.rsplit(".", 1)[-1].lower() if "." in one.filename else ""


def _unfit(
    one: zipfile.ZipInfo, limits: ArchiveLimits, *, is_twice: bool, may_map: bool
) -> DocumentRefused | None:
    """Return why an entry isn't taken, as far as the directory tells."""
    ending = _ending(one)
    most = limits.max_sheet_bytes if may_map else limits.max_document_bytes
    cases = (
        ("entry-encrypted", one.flag_bits & _ENCRYPTED),
        ("entry-nested", ending in _ARCHIVES),
        ("entry-twice", is_twice),
        ("entry-packed", one.compress_type not in _METHODS),
        ("entry-rights", stat.S_IMODE(one.external_attr >> 16) & (stat.S_ISUID | stat.S_ISGID)),
        ("extension", not may_map and ending not in MEDIA_TYPES),
    )
    case = next((case for case, is_so in cases if is_so), None)
    if case is not None:
        return refusals.refuse(case, one.filename)
    return refusals.refuse_bytes(one.filename, most) if one.file_size > most else None


def _shown(one: zipfile.ZipInfo) -> str:
    return refusals.shown_path(one.orig_filename)
