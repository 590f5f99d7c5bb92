"""Copies of a workbook's cell formats: the same, and text, or with our fill.

A copy keeps borders, alignment, protection and the rest of the user's format.
Where we colour a cell its letters become dark, so that white letters on a dark
fill don't turn into white on pale.
"""

import re
from xml.sax.saxutils import unescape

from hr_portal.adapters.spreadsheets.annotated.markup import (
    attribute,
    end_tag,
    root_prefix,
    start_tag,
    whole_element,
    with_attribute,
)
from hr_portal.adapters.spreadsheets.workbook import PLAIN, format_kind

TEXT_FORMAT = b"49"
FILLS: dict[str, bytes] = {
    "error": b"FFF9D7D3",
    "override": b"FFFBE2C4",
    "warning": b"FFFDF3C2",
    "head": b"FF1F4E5F",
}
"""Our colours; no other program picks just these, so they are known when they come back."""
TONE_INK, HEAD_INK = b"FF241A16", b"FFFFFFFF"
MOST_FORMATS = 64_000
"""Excel opens no workbook with more than 65,490."""

_NUMBER_FORMAT = whole_element(b"numFmt")
_XF = whole_element(b"xf")
_FONT = whole_element(b"font")
_FILL = whole_element(b"fill")
_COLOUR = re.compile(rb"<(?:[\w.\-]+:)?color(?=[\s/>])[^<>]*?(?:/>|>.*?</(?:[\w.\-]+:)?color\s*>)",
                     re.DOTALL)  # fmt: skip
_ALIGNMENT = re.compile(
    rb"<(?:[\w.\-]+:)?alignment(?=[\s/>])[^<>]*?(?:/>|>\s*</(?:[\w.\-]+:)?alignment\s*>)"
)
_AFTER_COLOUR = re.compile(rb"<(?:[\w.\-]+:)?(?:name|family|charset|scheme)(?=[\s/>])")
_RGB = re.compile(rb"""fgColor\s+rgb=["']([0-9A-Fa-f]{8})["']""")

EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    b"</styleSheet>"
)


class Styles:
    """A styles part that grows by the copies asked for."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._prefix = root_prefix(part)
        self._formats = [found[0] for found in self._inside(b"cellXfs", _XF)]
        self._fonts = [found[0] for found in self._inside(b"fonts", _FONT)]
        fills = [found[0] for found in self._inside(b"fills", _FILL)]
        self._fill_count = len(fills)
        self._codes = {
            self._number(found[2], b"numFmtId"): unescape(
                (attribute(found[2], b"formatCode") or b"").decode("utf-8", "replace"),
                {"&quot;": '"', "&apos;": "'"},
            )
            for found in self._inside(b"numFmts", _NUMBER_FORMAT)
        }
        ours = {value.upper() for value in FILLS.values()}
        self._our_fills = {
            at for at, fill in enumerate(fills) if (m := _RGB.search(fill)) and m[1].upper() in ours
        }
        self._known: dict[tuple[int, bool, str, bool], int] = {}
        self._new_formats: list[bytes] = []
        self._new_fonts: list[bytes] = []
        self._font_of: dict[tuple[int, bytes], int] = {}
        self._new_fills: list[bytes] = []
        self._fill_of: dict[str, int] = {}

    @property
    def has_ours(self) -> bool:
        """Whether the workbook holds our colours from an earlier time."""
        return bool(self._our_fills)

    def _inside(self, name: bytes, element: re.Pattern[bytes]) -> list[re.Match[bytes]]:
        begin = start_tag(name).search(self._part)
        if begin is None or begin[3]:
            return []
        end = end_tag(name).search(self._part, begin.end())
        return list(element.finditer(self._part, begin.end(), end.start() if end else begin.end()))

    def copy(self, number: int, *, text: bool = False, tone: str = "", wraps: bool = False) -> int:
        """Return the number of a format like `number`: as text, in our colour, wrapping.

        Without a tone, our colour of an earlier time is taken off.
        """
        key = (number, text, tone, wraps)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._make(number, text=text, tone=tone, wraps=wraps)
        return known

    def _make(self, number: int, *, text: bool, tone: str, wraps: bool) -> int:
        base = self._formats[number] if number < len(self._formats) else self._plain()
        found = _XF.match(base)
        assert found is not None  # noqa: S101 - it was matched by the same pattern
        prefix, attributes, content = found[1], found[2], found[3]
        wanted = attributes
        if text and not self._shows_date(attributes):
            wanted = with_attribute(wanted, b"numFmtId", TEXT_FORMAT)
            wanted = with_attribute(wanted, b"applyNumberFormat", b"1")
        fill = self._number(wanted, b"fillId")
        if tone:
            wanted = with_attribute(wanted, b"fillId", b"%d" % self._fill(tone))
            wanted = with_attribute(wanted, b"applyFill", b"1")
            ink = HEAD_INK if tone == "head" else TONE_INK
            font = self._font(self._number(wanted, b"fontId"), ink, bold=tone == "head")
            wanted = with_attribute(wanted, b"fontId", b"%d" % font)
            wanted = with_attribute(wanted, b"applyFont", b"1")
        elif fill in self._our_fills:
            wanted = with_attribute(wanted, b"fillId", b"0")
        if wraps:
            wanted = with_attribute(wanted, b"applyAlignment", b"1")
            content = b'<%salignment vertical="top" wrapText="1"/>' % prefix + _ALIGNMENT.sub(
                b"", content or b""
            )
        count = len(self._formats) + len(self._new_formats)
        if wanted == attributes or count >= MOST_FORMATS:
            return number
        body = b"/>" if content is None else b">%s</%sxf>" % (content, prefix)
        self._new_formats.append(b"<%sxf%s%s" % (prefix, wanted, body))
        return count

    def _shows_date(self, attributes: bytes) -> bool:
        """Whether a format shows a number as a date, which it would not as text."""
        number = self._number(attributes, b"numFmtId")
        return format_kind(number, self._codes.get(number)) != PLAIN

    def _plain(self) -> bytes:
        return b'<%sxf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' % self._prefix

    @staticmethod
    def _number(attributes: bytes, name: bytes) -> int:
        found = re.search(rb"\s" + name + rb"""\s*=\s*["'](\d{1,6})["']""", attributes)
        return int(found[1]) if found else 0

    def _fill(self, tone: str) -> int:
        if tone not in self._fill_of:
            p = self._prefix
            for pattern in (b"none", b"gray125")[self._fill_count + len(self._new_fills) :]:
                # The first two fills are always these, whatever they say.
                self._new_fills.append(
                    b'<%sfill><%spatternFill patternType="%s"/></%sfill>' % (p, p, pattern, p)
                )
            self._fill_of[tone] = self._fill_count + len(self._new_fills)
            self._new_fills.append(
                b'<%sfill><%spatternFill patternType="solid"><%sfgColor rgb="%s"/>'
                b'<%sbgColor indexed="64"/></%spatternFill></%sfill>'
                % (p, p, p, FILLS[tone], p, p, p)
            )
        return self._fill_of[tone]

    def _font(self, number: int, ink: bytes, *, bold: bool) -> int:
        key = (number, ink)
        if key not in self._font_of:
            p = self._prefix
            base = self._fonts[number] if number < len(self._fonts) else b"<%sfont/>" % p
            if not self._fonts and not self._new_fonts:
                self._new_fonts.append(b"<%sfont/>" % p)  # the first one is everybody's
            found = _FONT.match(base)
            content = _COLOUR.sub(b"", (found[3] if found else None) or b"")
            if bold and not re.search(rb"<(?:[\w.\-]+:)?b(?=[\s/>])", content):
                content = b"<%sb/>" % p + content
            # As Excel writes it: bold and size, then the colour, then the name.
            after = _AFTER_COLOUR.search(content)
            at = after.start() if after else len(content)
            content = content[:at] + b'<%scolor rgb="%s"/>' % (p, ink) + content[at:]
            self._font_of[key] = len(self._fonts) + len(self._new_fonts)
            self._new_fonts.append(b"<%sfont>%s</%sfont>" % (p, content, p))
        return self._font_of[key]

    def part(self) -> bytes:
        """Return the part with all copies that were asked for."""
        part = self._part
        for name, before, new in (
            (b"fonts", len(self._fonts), self._new_fonts),
            (b"fills", self._fill_count, self._new_fills),
            (b"cellXfs", len(self._formats), self._new_formats),
        ):
            if new:
                part = self._grown(part, name, before, new)
        return part

    def _grown(self, part: bytes, name: bytes, before: int, new: list[bytes]) -> bytes:
        total, added = b"%d" % (before + len(new)), b"".join(new)
        begin = start_tag(name).search(part)
        if begin is None:
            return self._with_list(part, name, total, added)
        attributes = with_attribute(begin[2], b"count", total)
        head = b"<%s%s%s>" % (begin[1], name, attributes)
        if begin[3]:
            tail = b"</%s%s>" % (begin[1], name)
            return part[: begin.start()] + head + added + tail + part[begin.end() :]
        end = end_tag(name).search(part, begin.end())
        assert end is not None  # noqa: S101 - the guard has parsed this part
        return (
            part[: begin.start()] + head + part[begin.end() : end.start()] + added
            + part[end.start() :]
        )  # fmt: skip

    def _with_list(self, part: bytes, name: bytes, total: bytes, added: bytes) -> bytes:
        """Return the part with a list it didn't have, where the schema wants it."""
        order = (b"numFmts", b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellXfs")
        prefix = self._prefix
        made = b'<%s%s count="%s">%s</%s%s>' % (prefix, name, total, added, prefix, name)
        at = -1
        for earlier in order[: order.index(name)]:
            end = end_tag(earlier).search(part)
            at = max(at, end.end() if end else -1)
        if at < 0:
            root = start_tag(b"styleSheet").search(part)
            at = root.end() if root else len(part)
        return part[:at] + made + part[at:]
