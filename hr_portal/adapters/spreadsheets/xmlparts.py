"""XML parts of a workbook, parsed without what XML can do to a reader.

expat with every door shut: a DOCTYPE is refused by the parser itself, parts
must be UTF-8, elements may nest and carry attributes only so far, and a tag
that does not end in time is refused before expat 2.5 spends minutes on it.
"""

import re
from collections.abc import Callable, Iterable
from xml.parsers import expat

from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.refusals import dotted, over_limit, refuse

_ENCODING = re.compile(rb"""^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00\x00")
NAMESPACE_MARK = " "

Attributes = dict[str, str]
StartHandler = Callable[[str, Attributes], None]
EndHandler = Callable[[str], None]
TextHandler = Callable[[str], None]


class StopParsing(Exception):  # noqa: N818 - not an error: the handler has seen enough
    """Raised by a handler that needs nothing more of a part."""


def check_encoding(head: bytes, part: str, file: str) -> None:
    """Raise FILE-08 unless the first bytes of a part say, or leave open, that it is UTF-8."""
    declared = _ENCODING.match(head.removeprefix(_UTF8_BOM)[:256])
    if head.startswith(_WIDE) or (
        declared and declared[1].decode("latin-1").lower() not in {"utf-8", "utf8", "us-ascii"}
    ):
        raise refuse("part-encoding", file, part=part)


class SafeParser:
    """A streaming parser of one part; element names come without their namespace.

    `attributes` come with their local names too; an attribute in a namespace
    (`r:id`) keeps only the part after the colon.
    """

    def __init__(self, part: str, file: str, limits: ReadLimits) -> None:
        self.part = part
        self.file = file
        self.limits = limits
        self.depth = 0
        self._max_depth = limits.max_depth
        self._max_attributes = limits.max_attributes
        self._maps_attributes = True
        self._fed = 0
        self._names: dict[str, str] = {}
        self._on_start: StartHandler | None = None
        self._on_end: EndHandler | None = None
        self._parser = parser = expat.ParserCreate("UTF-8", NAMESPACE_MARK)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def handle(
        self, start: StartHandler, end: EndHandler | None = None, *, with_namespaces: bool = True
    ) -> None:
        """Set what is called for the start and end of elements.

        Without `with_namespaces` attributes in a namespace keep their long
        names: quicker, for parts where nobody asks for them.
        """
        self._on_start = start
        self._on_end = end
        self._maps_attributes = with_namespaces

    def take_text(self, text: TextHandler | None) -> None:
        """Switch the text handler: expat then skips text nobody asked for."""
        self._parser.CharacterDataHandler = text

    def local(self, name: str) -> str:
        """Return an element's name without its namespace."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = name.rpartition(NAMESPACE_MARK)[2]
        return known

    def _doctype(self, *_: object) -> None:
        raise refuse(
            "structure", self.file, found=f"bagian {self.part} memuat DOCTYPE",
            found_en=f"part {self.part} has a DOCTYPE",
        )  # fmt: skip

    def _start(self, name: str, attributes: Attributes) -> None:
        self.depth = depth = self.depth + 1
        if depth > self._max_depth or len(attributes) > self._max_attributes:
            raise self._too_much(len(attributes))
        if self._on_start is not None:
            if self._maps_attributes:
                attributes = {self.local(each): text for each, text in attributes.items()}
            self._on_start(self._names.get(name) or self.local(name), attributes)

    def _too_much(self, attributes: int) -> Exception:
        limits = self.limits
        if self.depth > limits.max_depth:
            return over_limit(
                self.file, f"unsur di bagian {self.part} bersarang terlalu dalam",
                f"elements of part {self.part} nest too deeply", f"{limits.max_depth} tingkat",
                f"{limits.max_depth} levels",
            )  # fmt: skip
        return over_limit(
            self.file, f"satu unsur di bagian {self.part} mempunyai {attributes} atribut",
            f"one element of part {self.part} has {attributes} attributes",
            dotted(limits.max_attributes), f"{limits.max_attributes:,}",
        )  # fmt: skip

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self._on_end is not None:
            self._on_end(self._names.get(name) or self.local(name))

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """Parse a further piece; raises Unreadable where the part is unfit."""
        if self._fed == 0 and chunk:
            check_encoding(chunk, self.part, self.file)
        try:
            # Small pieces keep expat 2.5 from scanning an endless tag again and again.
            for at in range(0, len(chunk), 262_144):
                piece = chunk[at : at + 262_144]
                self._parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
                self._fed += len(piece)
                if self._fed - self._parser.CurrentByteIndex > 262_144 + self.limits.max_tag_bytes:
                    raise over_limit(
                        self.file, f"satu tanda (tag) di bagian {self.part} terlalu panjang",
                        f"one tag of part {self.part} is too long",
                        f"{dotted(self.limits.max_tag_bytes)} byte",
                        f"{self.limits.max_tag_bytes:,} bytes",
                    )  # fmt: skip
            if final:
                self._parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            if error.code == expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING]:
                raise refuse("part-encoding", self.file, part=self.part) from None
            raise refuse(
                "damaged", self.file,
                found=f"bagian {self.part} bukan XML yang benar (baris {error.lineno})",
                found_en=f"part {self.part} is not well-formed XML (line {error.lineno})",
            ) from None  # fmt: skip

    def parse(self, chunks: Iterable[bytes]) -> None:
        """Parse a whole part; a handler may stop it by raising StopParsing."""
        try:
            for chunk in chunks:
                self.feed(chunk)
            self.feed(b"", final=True)
        except StopParsing:
            return


def is_strike(name: str, attributes: Attributes) -> bool:
    """Tell whether an element of a font or of a run of text crosses the text out."""
    return name == "strike" and attributes.get("val", "1") not in {"0", "false"}
