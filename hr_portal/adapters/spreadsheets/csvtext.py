"""The text of a csv: which encoding it is in, by evidence, and its lines one by one.

UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252, unless the bytes
speak for damaged UTF-8 (security.md F12). The file is walked twice and never
held as a whole, so that one of 250 MB fits into the child's memory.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hr_portal.adapters.spreadsheets.guard import nul_in
from hr_portal.adapters.spreadsheets.kinds import END_MARK
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse

MAX_LINE = 1 << 20
"""Characters of one line; no table of corrections has longer ones."""

_PIECE = 1 << 20
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "utf-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_STRANGE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_NO_LETTERS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # bytes that Windows-1252 leaves open


@dataclass(frozen=True, slots=True)
class Text:
    """A proved text: `lines` and `head` may be asked for again and again."""

    data: memoryview
    codec: str
    encoding: str
    """As it is told on the page."""
    file: str

    def _stream(self) -> io.TextIOWrapper:
        # newline="": a line break inside quotes is the cell's own, of whatever kind.
        raw = io.BufferedReader(_View(self.data), _PIECE)
        return io.TextIOWrapper(raw, self.codec, newline="")

    def head(self, characters: int) -> str:
        """Return the first characters."""
        return self._stream().read(characters)

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends; raises FILE-06 for one without end."""
        stream = self._stream()
        while line := stream.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise over_limit(
                    self.file, "ada satu baris teks yang terlalu panjang",
                    "it has one line of text that is too long", f"{dotted(MAX_LINE)} karakter",
                    f"{MAX_LINE:,} characters",
                )  # fmt: skip
            yield line


class _View(io.RawIOBase):
    """Bytes in memory as a stream, without a copy."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        into = memoryview(target)  # type: ignore[arg-type]  # what io hands over is a buffer
        piece = self._data[self._at : self._at + len(into)]
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def prove(data: bytes | memoryview, file: str) -> Text:
    """Return the text of a csv with its encoding; raises FILE-08 where nobody should guess."""
    view = memoryview(data)
    if view[-1:] == END_MARK:
        view = view[:-1]
    for mark, codec, name in _MARKS:
        if bytes(view[: len(mark)]) == mark:
            if _first_fault(view, codec, file) is not None:
                raise refuse(
                    "encoding", file,
                    found=f"awalnya menyatakan {name.upper()}, tetapi isinya bukan",
                    found_en=f"it begins as {name.upper()}, but its content is not",
                )  # fmt: skip
            return Text(view, codec, name, file)
    fault = _first_fault(view, "utf-8", file)
    if fault is None:
        return Text(view, "utf-8", "utf-8", file)
    _prove_windows(view, file, fault)
    return Text(view, "cp1252", "Windows-1252", file)


def _pieces(view: memoryview) -> Iterator[bytes]:
    for at in range(0, len(view), _PIECE):
        yield bytes(view[at : at + _PIECE])


def _first_fault(view: memoryview, codec: str, file: str) -> tuple[int, int] | None:
    """Return (line, byte) of the first byte that is not of an encoding; None where all are.

    Raises FILE-08 for NUL, which is a letter of none.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 1
    for piece in (*_pieces(view), b""):
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].count(b"\n")
            return lines, error.object[error.start]
        if "\0" in text:
            if codec == "utf-8" and view[:4096].tobytes().count(0) > 1:
                raise nul_in(file, bytes(view[:4096]))
            row = lines + text.count("\n", 0, text.index("\0"))
            raise refuse(
                "encoding", file, found=f"ada karakter NUL (byte 0) pada baris {row}",
                found_en=f"it has a NUL character (byte 0) on line {row}",
            )  # fmt: skip
        lines += text.count("\n")
    return None


def _prove_windows(view: memoryview, file: str, fault: tuple[int, int]) -> None:
    """Let Windows-1252 pass, unless the bytes speak for a damaged UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    strange = proper = 0
    lines = 1
    for piece in (*_pieces(view), b""):
        if b"\0" in piece:
            raise nul_in(file, bytes(view[:4096]))
        found = _NO_LETTERS.search(piece)
        if found:
            raise _undecodable(file, lines + piece.count(b"\n", 0, found.start()), found[0][0])
        lines += piece.count(b"\n")
        text = decoder.decode(piece, final=not piece)
        if not text.isascii():
            odd = len(_STRANGE.findall(text))
            strange += odd
            proper += len(_BEYOND_ASCII.findall(text)) - odd
    if proper > strange:
        # Letters that make sense as UTF-8 are no accident: the rest is damage.
        raise _undecodable(file, *fault)


def _undecodable(file: str, row: int, byte: int) -> Exception:
    return refuse(
        "encoding", file, found=f"ada byte yang bukan huruf (0x{byte:02X}, baris {row})",
        found_en=f"it has bytes that are no letters (0x{byte:02X}, line {row})",
    )  # fmt: skip
