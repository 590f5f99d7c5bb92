"""A zip archive read with suspicion: every record checked, every byte counted.

Python's zipfile believes what the directory says and forgives much. Office
files need little of what zip can do, so all else is refused: other methods than
stored and deflated, encryption, duplicate names, records that overlap or leave
room between them, local headers that tell another story than the directory, and
sizes that turn out to be lies (security.md F1 and F2).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, megabytes, over_limit, refuse

LOCAL_MAGIC = b"PK\x03\x04"
_CENTRAL_MAGIC = b"PK\x01\x02"
_END_MAGIC = b"PK\x05\x06"
_END64_MAGIC = b"PK\x06\x06"
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_EXTRA = struct.Struct("<2H")
_ZIP64 = 1
_END64_LENGTH = 56 + 20  # the zip64 end record and its locator, as POI writes them

_STORED, _DEFLATED = 0, 8
_FLAG_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_FLAG_DESCRIPTOR = 0x0008
_LONGEST_TAIL = _END.size + 0xFFFF
_SLICE = 64 * 1024
_CHUNK = 1024 * 1024
_MOST_HELD = 128 * 1024 * 1024
"""Bytes of unpacked parts that are held between the guard and the reader, of one file."""
_DESCRIPTOR_LENGTHS = (12, 16, 20, 24)
_U32 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the archive as its directory describes it."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int


def _wide(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Return size, packed size and offset with those read that stand in the zip64 field.

    Programs that write as they go (NPOI) use it for parts of any size. None where the
    field is missing, there twice or of another length than it has to have.
    """
    found: list[bytes] = []
    at = 0
    while at < len(extra):
        if at + _EXTRA.size > len(extra):
            return None
        kind, length = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        if kind == _ZIP64:
            found.append(extra[at : at + length])
        at += length
    asked = fields.count(_U32)
    if at != len(extra) or len(found) != 1 or len(found[0]) not in {8 * asked, 8 * asked + 4}:
        return None
    values = iter(struct.unpack_from(f"<{asked}Q", found[0]))
    size, packed, offset = (next(values) if one == _U32 else one for one in fields)
    return size, packed, offset


def _is_text(comment: bytes) -> bool:
    """Tell whether the comment of an archive is words of its writer, and nothing packed."""
    try:
        text = comment.decode()
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t" for sign in text)


class Archive:
    """The checked directory of a zip held in memory, and its parts one by one."""

    def __init__(self, data: bytes | memoryview, file: str, limits: ReadLimits) -> None:
        """Check the records; raises Unreadable where the archive is unfit."""
        self.file = file
        self.limits = limits
        self._held: dict[str, list[bytes]] = {}
        self._room = _MOST_HELD
        self._data = memoryview(data)
        self._unpacked = 0
        self.entries: dict[str, Entry] = {}
        directory_at = self._read_directory()
        self._check_records(directory_at)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def _structure(self, found: str, found_en: str) -> Exception:
        return refuse("structure", self.file, found=found, found_en=found_en)

    def _read_directory(self) -> int:
        data, file, limits = self._data, self.file, self.limits
        end_at = self._end_record()
        _, disk, first_disk, here, count, length, offset, _ = _END.unpack(
            data[end_at : end_at + _END.size]
        )
        if disk or first_disk or here != count:
            raise self._structure(
                "catatan akhir arsipnya tidak lazim", "the end record of its archive is odd"
            )
        directory_end = offset + length
        gap = end_at - directory_end
        if gap == _END64_LENGTH and data[directory_end : directory_end + 4] == _END64_MAGIC:
            gap = 0
        if gap:
            raise self._structure("ada data di luar arsipnya", "there is data outside its archive")
        if count > limits.max_entries:
            raise over_limit(
                file, f"arsipnya berisi {dotted(count)} bagian",
                f"its archive has {count:,} parts", dotted(limits.max_entries),
                f"{limits.max_entries:,}",
            )  # fmt: skip
        at = offset
        for _ in range(count):
            at = self._read_entry(at, directory_end)
        if at != directory_end:
            raise self._structure(
                "daftar isi arsipnya tidak utuh", "the directory of its archive is not whole"
            )
        return int(offset)

    def _end_record(self) -> int:
        """Return where the end record begins: the file's end, but for a comment of text."""
        tail = bytes(self._data[-_LONGEST_TAIL:])
        found = tail.rfind(_END_MAGIC)
        if found < 0 or len(tail) - found < _END.size:
            raise refuse("truncated", self.file)
        comment = tail[found + _END.size :]
        (length,) = struct.unpack_from("<H", tail, found + _END.size - 2)
        if length != len(comment) or not _is_text(comment):
            raise self._structure(
                "ada data sesudah akhir arsipnya", "there is data after the end of its archive"
            )
        return len(self._data) - len(tail) + found

    def _read_entry(self, at: int, end: int) -> int:
        data, file, limits = self._data, self.file, self.limits
        if at + _CENTRAL.size > end or data[at : at + 4] != _CENTRAL_MAGIC:
            raise refuse(
                "damaged", file, found="daftar isi arsipnya tidak terbaca",
                found_en="the directory of its archive can't be read",
            )  # fmt: skip
        (_, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment, _, _, _,
         offset) = _CENTRAL.unpack(data[at : at + _CENTRAL.size])  # fmt: skip
        raw = bytes(data[at + _CENTRAL.size : at + _CENTRAL.size + name_length])
        name = self._name(raw)
        if flags & _FLAG_ENCRYPTED:
            raise refuse("encrypted", file)
        if method not in (_STORED, _DEFLATED):
            raise self._structure(
                f"bagian {name} dimampatkan dengan metode {method}",
                f"part {name} is compressed with method {method}",
            )
        if _U32 in (packed, size, offset):
            extra_at = at + _CENTRAL.size + name_length
            wide = _wide(bytes(data[extra_at : extra_at + extra]), (size, packed, offset))
            if wide is None or max(wide) > max(limits.max_unpacked, len(data)):
                raise self._structure(
                    f"ukuran bagian {name} tidak wajar", f"the size of part {name} is odd"
                )
            size, packed, offset = wide
        folded = name.lower()
        if folded in self.entries:
            raise self._structure(f"bagian {name} ada dua kali", f"part {name} is there twice")
        # Part names compare without case (OPC); everything below asks in lower case.
        self.entries[folded] = Entry(name, method, flags, crc, packed, size, offset)
        return at + _CENTRAL.size + int(name_length + extra + comment)

    def _name(self, raw: bytes) -> str:
        try:
            name = raw.decode("ascii")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "replace")
        # Some writers on Windows use backslashes; readers take them as slashes.
        name = name.replace("\\", "/")
        parts = name.split("/")
        if not name or "\0" in name or name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise self._structure(
                "ada nama bagian yang menunjuk ke luar arsip",
                "a part's name points outside the archive",
            )
        return name

    def _check_records(self, directory_at: int) -> None:
        """Hold each local record against its entry; they must lie end to end."""
        data = self._data
        at = 0
        for entry in sorted(self.entries.values(), key=lambda each: each.offset):
            if entry.offset != at:
                raise self._structure(
                    "bagian-bagian arsipnya bertumpuk atau berjarak",
                    "the parts of its archive overlap or leave room between them",
                )
            head = data[at : at + _LOCAL.size]
            if len(head) < _LOCAL.size or head[:4] != LOCAL_MAGIC:
                raise refuse(
                    "damaged", self.file, found=f"bagian {entry.name} tidak ditemukan di arsipnya",
                    found_en=f"part {entry.name} is not where its archive says",
                )  # fmt: skip
            _, _, flags, method, _, _, crc, packed, size, name_length, extra = _LOCAL.unpack(head)
            name_at = at + _LOCAL.size
            name = self._name(bytes(data[name_at : name_at + name_length]))
            described = bool(flags & _FLAG_DESCRIPTOR)
            sizes_agree = described or (
                (crc, packed, size) == (entry.crc, entry.packed, entry.size)
                or _U32 in (packed, size)
            )
            if (name, method, flags & ~0x6, sizes_agree) != (
                entry.name, entry.method, entry.flags & ~0x6, True,
            ):  # fmt: skip
                raise self._structure(
                    f"bagian {entry.name} tidak cocok dengan daftar isi arsipnya",
                    f"part {entry.name} disagrees with the directory of its archive",
                )
            at = name_at + name_length + extra + entry.packed
            if described:
                at = self._after_descriptor(at, entry, directory_at)
        if at != directory_at:
            raise self._structure(
                "ada data tersembunyi di antara bagian arsipnya",
                "there is data hidden between the parts of its archive",
            )

    def _after_descriptor(self, at: int, entry: Entry, directory_at: int) -> int:
        """Return where the next record begins, after a data descriptor of any of its forms."""
        for length in _DESCRIPTOR_LENGTHS:
            end = at + length
            if end == directory_at or self._data[end : end + 4] == LOCAL_MAGIC:
                signed = bytes(self._data[at : at + 4]) == b"PK\x07\x08"
                crc_at = at + 4 if signed else at
                if struct.unpack("<L", self._data[crc_at : crc_at + 4])[0] == entry.crc:
                    return end
        # Directory-like entries may carry the flag and no descriptor at all.
        return at

    def packed(self, name: str) -> memoryview:
        """Return a part as it lies in the archive; raises FILE-03 where it is cut short."""
        entry = self.entries[name.lower()]
        header = _LOCAL.unpack(self._data[entry.offset : entry.offset + _LOCAL.size])
        start = entry.offset + _LOCAL.size + header[9] + header[10]
        packed = self._data[start : start + entry.packed]
        if len(packed) < entry.packed:
            raise refuse("truncated", self.file)
        return packed

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part in pieces of at most 1 MiB, counting as it goes.

        Raises Unreadable where the part is larger than it says or than the
        limits allow, or where its checksum is wrong.
        """
        held = self._held.get(name.lower())
        return self._walked(name) if held is None else iter(held)

    def chunks_kept(self, name: str) -> Iterator[bytes]:
        """Unpack a part as `chunks` does, and hold what was unpacked for whoever reads it next.

        Only as much as there is room for, and only what has proved whole.
        """
        size = self.entries[name.lower()].size
        if size > self._room:
            yield from self.chunks(name)
            return
        held = []
        for chunk in self.chunks(name):
            held.append(chunk)
            yield chunk
        self._held[name.lower()] = held
        self._room -= size

    def _walked(self, name: str) -> Iterator[bytes]:
        entry, packed = self.entries[name.lower()], self.packed(name)
        crc = total = 0
        for chunk in self._stored(packed) if entry.method == _STORED else self._inflated(packed):
            total += len(chunk)
            if total > entry.size:
                raise self._structure(
                    f"bagian {entry.name} lebih besar daripada ukuran yang tertulis",
                    f"part {entry.name} is larger than the size it declares",
                )
            self._check_growth(entry, total)
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if total != entry.size or crc != entry.crc:
            raise refuse(
                "damaged", self.file, found=f"isi bagian {entry.name} tidak cocok dengan tanda "
                "periksanya", found_en=f"the content of part {entry.name} fails its checksum",
            )  # fmt: skip

    @staticmethod
    def _stored(packed: memoryview) -> Iterator[bytes]:
        for at in range(0, len(packed), _CHUNK):
            yield bytes(packed[at : at + _CHUNK])

    def _inflated(self, packed: memoryview) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # In small slices: what zlib leaves over is copied on every call.
            for at in range(0, len(packed), _SLICE):
                piece: bytes | memoryview = packed[at : at + _SLICE]
                while piece:
                    chunk = unpacker.decompress(piece, _CHUNK)
                    piece = unpacker.unconsumed_tail
                    if chunk:
                        yield chunk
                    if unpacker.eof:
                        break
                if unpacker.eof:
                    break
            while not unpacker.eof:
                chunk = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
                if not chunk:
                    break
                yield chunk
        except zlib.error:
            raise refuse(
                "damaged", self.file, found="mampatannya tidak dapat dibuka",
                found_en="its compressed content can't be unpacked",
            ) from None  # fmt: skip
        if not unpacker.eof or unpacker.unused_data:
            raise refuse(
                "damaged", self.file, found="mampatannya tidak utuh",
                found_en="its compressed content is not whole",
            )  # fmt: skip

    def _check_growth(self, entry: Entry, total: int) -> None:
        limits = self.limits
        if total > limits.max_unpacked:
            raise self._too_large(limits.max_unpacked)
        if total > limits.ratio_from and total > limits.max_ratio * max(entry.packed, 1):
            raise over_limit(
                self.file,
                f"bagian {entry.name} mengembang lebih dari {limits.max_ratio} kali lipat",
                f"part {entry.name} expands more than {limits.max_ratio} times",
                f"{limits.max_ratio} kali lipat", f"{limits.max_ratio} times",
            )  # fmt: skip

    def _too_large(self, limit: int) -> Exception:
        return over_limit(
            self.file, f"isinya setelah dibuka lebih dari {megabytes(limit)}",
            f"its content unpacks to more than {limit // 1_048_576} MB", megabytes(limit),
            f"{limit // 1_048_576} MB",
        )  # fmt: skip

    def check_declared_sizes(self) -> None:
        """Refuse an archive whose own directory already says that it is too large.

        Cheap: nothing is unpacked. What the directory hides is found by
        `chunks`, which counts.
        """
        limits = self.limits
        total = sum(entry.size for entry in self.entries.values())
        packed = sum(entry.packed for entry in self.entries.values())
        if total > limits.max_unpacked:
            raise self._too_large(limits.max_unpacked)
        if total > limits.ratio_from and total > limits.max_ratio * max(packed, 1):
            raise over_limit(
                self.file, f"isinya mengembang lebih dari {limits.max_ratio} kali lipat",
                f"its content expands more than {limits.max_ratio} times",
                f"{limits.max_ratio} kali lipat", f"{limits.max_ratio} times",
            )  # fmt: skip
        for entry in self.entries.values():
            self._check_growth(entry, entry.size)
