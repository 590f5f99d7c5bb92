"""The records of an .xls (BIFF5 to BIFF8, [MS-XLS]): lengths, strings, shared strings.

Every length is held against what is there; counts that a record claims are
never believed, only what follows is read.
"""

import struct
from collections.abc import Iterator

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse

BIFF5, BIFF8 = 5, 8

CONTINUE = 0x003C
_HEAD = struct.Struct("<HH")
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
_TEXT_TOKEN, _INTEGER_TOKEN, _NUMBER_TOKEN = 0x17, 0x1E, 0x1F
_CODEPAGES = {
    367: "ascii", 437: "cp437", 850: "cp850", 852: "cp852", 855: "cp855", 866: "cp866",
    874: "cp874", 932: "cp932", 936: "cp936", 949: "cp949", 950: "cp950", 1200: "utf-16-le",
    1250: "cp1250", 1251: "cp1251", 1252: "cp1252", 1253: "cp1253", 1254: "cp1254",
    1255: "cp1255", 1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 10000: "mac_roman",
    32768: "mac_roman", 32769: "cp1252",
}  # fmt: skip


def codepage(number: int) -> str:
    """Return the codec of a code page; Windows-1252 for those nobody knows."""
    return _CODEPAGES.get(number, "cp1252")


class Records:
    """A stream of records, from any offset on."""

    def __init__(self, data: bytes | memoryview, file: str) -> None:
        self._data = memoryview(data)
        self.file = file

    def __len__(self) -> int:
        return len(self._data)

    def walk(self, at: int) -> Iterator[tuple[int, int, memoryview]]:
        """Yield (offset, kind, body) of the records from an offset on; raises FILE-03."""
        data, end, unpack = self._data, len(self._data), _HEAD.unpack_from
        while at + 4 <= end:
            kind, length = unpack(data, at)
            body = at + 4
            if body + length > end:
                raise refuse("truncated-xls", self.file)
            yield at, kind, data[body : body + length]
            at = body + length

    def damaged(self, what: str, what_en: str) -> Exception:
        """Make the refusal of records that contradict each other."""
        return refuse("damaged", self.file, found=what, found_en=what_en)


def short_string(body: bytes, version: int, codec: str) -> str:
    """Return a name: a length of one byte, then characters."""
    if version < BIFF8:
        return body[1 : 1 + body[0]].decode(codec, "replace")
    return _characters(body[2:], body[0], wide=bool(body[1] & _WIDE))


def long_string(body: bytes, version: int, codec: str) -> str | None:
    """Return a cell's own text: a length of two bytes, then characters; None where it is cut."""
    if len(body) < 2:  # noqa: PLR2004 - the length itself
        return None
    length = body[0] | body[1] << 8
    if version < BIFF8:
        text = body[2 : 2 + length]
        return text.decode(codec, "replace") if len(text) == length else None
    if not length:
        return ""
    if len(body) < 3:  # noqa: PLR2004 - length and flags
        return None
    wide = bool(body[2] & _WIDE)
    at = 3 + (2 if body[2] & _RICH else 0) + (4 if body[2] & _EXTENDED else 0)
    if len(body) < at + length * (1 + wide):
        return None
    return _characters(body[at:], length, wide=wide)


def constant(formula: bytes, version: int, codec: str) -> str | float | None:
    """Return the value of a formula of one token, a text or a number; None for any other."""
    if len(formula) < 3:  # noqa: PLR2004 - a token and what it holds
        return None
    kind, rest = formula[0], formula[1:]
    if kind == _TEXT_TOKEN:
        head = 2 if version == BIFF8 else 1
        wide = version == BIFF8 and bool(rest[1] & _WIDE)
        is_whole = len(rest) == head + rest[0] * (1 + wide)
        return short_string(rest, version, codec) if is_whole else None
    if kind == _INTEGER_TOKEN and len(rest) == 2:  # noqa: PLR2004 - a short
        return float(int.from_bytes(rest, "little"))
    if kind == _NUMBER_TOKEN and len(rest) == 8:  # noqa: PLR2004 - a double
        return float(struct.unpack("<d", rest)[0])
    return None


def _characters(body: bytes, count: int, *, wide: bool) -> str:
    if wide:
        size = min(2 * count, len(body) & ~1)
        return body[:size].decode("utf-16-le", "surrogatepass")
    return body[:count].decode("latin-1")  # the low bytes of UTF-16 units


class Segments:
    """The bodies of a record and its CONTINUE records, read as one.

    Characters are special: where they go on in the next record, that record
    begins with a byte of flags that says anew how wide they are.
    """

    def __init__(self, segments: list[memoryview]) -> None:
        self._segments = [bytes(segment) for segment in segments]
        self._which = 0
        self._at = 0
        self.fonts: tuple[int, ...] = ()
        """What parts of the last string are written in, where they are formatted on their own."""

    @property
    def has_more(self) -> bool:
        """Whether anything is left."""
        while self._which < len(self._segments):
            if self._at < len(self._segments[self._which]):
                return True
            self._which += 1
            self._at = 0
        return False

    def take(self, size: int) -> bytes | None:
        """Return so many bytes across the seams; None where there are fewer."""
        taken = b""
        while len(taken) < size:
            if not self.has_more:
                return None
            segment = self._segments[self._which]
            piece = segment[self._at : self._at + size - len(taken)]
            self._at += len(piece)
            taken = taken + piece if taken else piece
        return taken

    def string(self) -> str | None:
        """Return the next string with its length and flags; None where it is cut."""
        head = self.take(3)
        if head is None:
            return None
        count, flags = head[0] | head[1] << 8, head[2]
        self.fonts = ()
        runs = extended = 0
        if flags & _RICH:
            more = self.take(2)
            if more is None:
                return None
            runs = 4 * (more[0] | more[1] << 8)
        if flags & _EXTENDED:
            more = self.take(4)
            if more is None:
                return None
            extended = int.from_bytes(more, "little")
        text = self.characters(count, wide=bool(flags & _WIDE))
        formats = None if text is None else self.take(runs)
        if formats is None or not self._pass(extended):
            return None
        self.fonts = tuple(font for _, font in struct.iter_unpack("<HH", formats))
        return text

    def characters(self, count: int, *, wide: bool) -> str | None:
        """Return so many characters, taking the flags at each seam into account."""
        text = ""
        while count:
            if self._which >= len(self._segments):
                return None
            segment = self._segments[self._which]
            step = 2 if wide else 1
            there = min(count, (len(segment) - self._at) // step)
            if there > 0:
                text += _characters(segment[self._at : self._at + there * step], there, wide=wide)
                self._at += there * step
                count -= there
            if count:
                self._which += 1
                self._at = 1
                if self._which >= len(self._segments) or not self._segments[self._which]:
                    return None
                wide = bool(self._segments[self._which][0] & _WIDE)
        return text

    def _pass(self, size: int) -> bool:
        """Pass over phonetic hints."""
        while size:
            if not self.has_more:
                return False
            step = min(size, len(self._segments[self._which]) - self._at)
            self._at += step
            size -= step
        return True


def shared_strings(
    segments: list[memoryview], file: str, limits: ReadLimits
) -> tuple[list[str], dict[int, tuple[int, ...]]]:
    """Return the shared strings that are there, whatever their count claims.

    With them, by their number, the fonts of those whose parts are formatted on their own.
    A cell that asks for one that is not there is found where it asks.
    """
    source = Segments(segments)
    source.take(8)  # what it claims to hold
    strings: list[str] = []
    known: dict[str, str] = {}
    fonts: dict[int, tuple[int, ...]] = {}
    while source.has_more:
        text = source.string()
        if text is None:
            break
        if len(text) > limits.max_cell_characters:
            most = limits.max_cell_characters
            raise over_limit(
                file, f"ada teks lebih dari {dotted(most)} karakter",
                f"it has a text of more than {most:,} characters",
                f"{dotted(most)} karakter per sel", f"{most:,} characters a cell",
            )  # fmt: skip
        if source.fonts:
            fonts[len(strings)] = source.fonts
        strings.append(known.setdefault(text, text))
    return strings, fonts
