"""Comments of a sheet: ours beside, and merged with, those that are there.

A comment is two things in a workbook: its text, and a shape in an old drawing
format (VML) that says where its box is.
"""

import re

from hr_portal.adapters.spreadsheets.annotated.markup import (
    attribute,
    column_of,
    end_tag,
    escaped,
    integer,
    root_prefix,
    row_of,
    start_tag,
    whole_element,
    with_attribute,
)
from hr_portal.adapters.spreadsheets.annotated.orders import COMMENT_END, COMMENT_MARK

_COMMENT, _TEXT, _T = whole_element(b"comment"), whole_element(b"text"), whole_element(b"t")
_AUTHORS, _AUTHOR = whole_element(b"authors"), whole_element(b"author")
_LIST, _LIST_END = start_tag(b"commentList"), end_tag(b"commentList")
_RUN = whole_element(b"r")
_TAG = re.compile(rb"<[^<>]*>")
_SHAPE = re.compile(
    rb"<((?:[\w.\-]+:)?)shape(?=\s)[^<>]*(?:/>|>.*?</(?:[\w.\-]+:)?shape\s*>)\s*", re.DOTALL
)
_SHAPE_ROW = re.compile(rb"<(?:[\w.\-]+:)?Row>\s*(\d+)\s*</", re.IGNORECASE)
_SHAPE_COLUMN = re.compile(rb"<(?:[\w.\-]+:)?Column>\s*(\d+)\s*</", re.IGNORECASE)
_SHAPE_ID = re.compile(rb"_x0000_s(\d{1,9})")
_VML_ROOT = start_tag(b"xml")
_VML_NAMES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_VML_END = re.compile(rb"</xml\s*>\s*$")
_AUTHOR_NAME = "Portal Koreksi Data"
_MARK, _END = COMMENT_MARK.encode(), COMMENT_END.encode()
_BOX_COLUMNS, _BOX_ROWS = 4, 7
_FIRST_SHAPE = 1025

VML_HEAD = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="%s"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    b'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def fresh_comments(main: bytes) -> bytes:
    """Return a comments part without any, in the namespace of the sheet."""
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="%s">'
        b"<authors></authors><commentList></commentList></comments>" % main
    )


class Comments:
    """The texts of a sheet's comments, with ours put in and those of last time taken out."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self._prefix = root_prefix(part)
        self.kept: dict[bytes, bytes] = {}
        """The user's own, by reference, without what we had added."""
        self.dropped: set[bytes] = set()
        """Where only ours stood."""
        for found in _COMMENT.finditer(part):
            reference = attribute(found[2], b"ref") or b""
            own = _without_ours(found[0])
            if own is None:
                self.dropped.add(reference)
            else:
                self.kept[reference] = own

    @staticmethod
    def is_thread(comment: bytes) -> bool:
        """Whether a comment only stands in for a conversation kept elsewhere."""
        return b"[Threaded comment]" in comment or b"[Percakapan" in comment

    def part(self, ours: dict[bytes, str]) -> bytes:
        """Return the part with our comments; where a conversation is, ours is left out."""
        authors = _AUTHORS.search(self._part)
        listed = _LIST.search(self._part)
        if authors is None or listed is None:
            return self._part
        names = [found[0] for found in _AUTHOR.finditer(authors[3] or b"")]
        p = self._prefix
        new = b"<%sauthor>%s</%sauthor>" % (p, _AUTHOR_NAME.encode(), p)
        author = names.index(new) if new in names else len(names)
        if author == len(names):
            names.append(new)
        made = []
        for reference, comment in self.kept.items():
            text = ours.get(reference)
            if text is None or self.is_thread(comment):
                made.append(comment)
            else:
                made.append(self._merged(comment, text))
        made += [
            b'<%scomment ref="%s" authorId="%d"><%stext>%s</%stext></%scomment>'
            % (p, reference, author, p, self._runs(text), p, p)
            for reference, text in ours.items()
            if reference not in self.kept
        ]
        shut = b"</%scommentList>" % p
        tail = b"</%scomments>" % p
        if not listed[3]:
            end = _LIST_END.search(self._part, listed.end())
            tail = self._part[end.end() :] if end else tail
        return (
            self._part[: authors.start()]
            + b"<%sauthors>%s</%sauthors><%scommentList>" % (p, b"".join(names), p, p)
            + b"".join(made) + shut + tail
        )  # fmt: skip

    def _runs(self, text: str, before: bytes = b"") -> bytes:
        p = self._prefix
        said = f"{text}\n{COMMENT_END}"
        size = b'<%ssz val="9"/><%srFont val="Tahoma"/>' % (p, p)
        return (
            b'<%sr><%srPr><%sb/>%s</%srPr><%st xml:space="preserve">%s%s</%st></%sr>'
            b'<%sr><%srPr>%s</%srPr><%st xml:space="preserve">\n%s</%st></%sr>'
            % (p, p, p, size, p, p, before, _MARK, p, p, p, p, size, p, p, escaped(said), p, p)
        )

    def _merged(self, comment: bytes, text: str) -> bytes:
        found = _TEXT.search(comment)
        p = self._prefix
        if found is None:
            end = comment.rfind(b"</")
            return comment[:end] + b"<%stext>%s</%stext>" % (p, self._runs(text), p) + comment[end:]
        content = found[3] or b""
        if not _RUN.search(content):  # a plain text becomes the first run
            plain = _T.search(content)
            words = plain[3] if plain else b""
            content = b'<%sr><%st xml:space="preserve">%s</%st></%sr>' % (p, p, words or b"", p, p)
        whole = b"<%stext>%s%s</%stext>" % (p, content, self._runs(text, b"\n"), p)
        return comment[: found.start()] + whole + comment[found.end() :]


def _without_ours(comment: bytes) -> bytes | None:
    """Return a comment without what we wrote last time; None where nothing else is in it."""
    at = comment.find(_MARK)
    if at < 0:
        return comment
    text = _TEXT.search(comment)
    run = next((r for r in _RUN.finditer(comment) if r.start() < at < r.end()), None)
    if text is None:
        return None
    begin = run.start() if run else at
    inside = comment[text.start(3) : begin]
    if run:  # what stands before the mark in the same run is the user's, if it is anything
        own = next((t for t in _T.finditer(run[0]) if _MARK in (t[3] or b"")), None)
        before = (own[3] or b"").partition(_MARK)[0] if own else b""
        if own and before.strip():
            inside += run[0][: own.start(3)] + before + b"</%st></%sr>" % (own[1], run[1])
    elif inside.strip():
        found = start_tag(b"t").search(inside)
        inside += b"</%st>" % (found[1] if found else b"")
    words = b"".join(t[3] or b"" for t in _T.finditer(inside)).strip()
    _, _, behind = comment[begin : text.end(3)].partition(_END)
    added = _TAG.sub(b"", behind).strip()
    if added:
        words, p = (words + b"\n" + added).strip(), text[1]
        inside = b'<%sr><%st xml:space="preserve">%s</%st></%sr>' % (p, p, words, p, p)
    if not words:
        return None
    return comment[: text.start(3)] + inside + comment[text.end(3) :]


def drawing(
    part: bytes | None, wanted: list[bytes], dropped: set[bytes], has_already: set[bytes]
) -> bytes:
    """Return the drawing with a box for each wanted comment and none for dropped ones.

    `has_already` are comments of the user's, whose boxes stay.
    """
    top = _FIRST_SHAPE - 1
    if part is None:
        blocks = (len(wanted) + 1) // 1024 + 1
        numbers = b",".join(b"%d" % (each + 1) for each in range(blocks))
        part = VML_HEAD % numbers + b"</xml>"
    else:
        part = _SHAPE.sub(lambda shape: _kept(shape, dropped), part)
        part = _with_names(part)
        top = max([top, *(int(each[1]) for each in _SHAPE_ID.finditer(part))])
    made = [
        _shape(reference, top + 1 + at)
        for at, reference in enumerate(each for each in wanted if each not in has_already)
    ]
    end = _VML_END.search(part)
    at = end.start() if end else len(part)
    return part[:at] + b"".join(made) + part[at:]


def _with_names(part: bytes) -> bytes:
    """Return a drawing whose root declares the prefixes that our boxes use."""
    root = _VML_ROOT.search(part)
    if root is None:
        return part
    attributes = root[2]
    for prefix, name in _VML_NAMES.items():
        if attribute(attributes, b"xmlns:" + prefix) is None:
            attributes = with_attribute(attributes, b"xmlns:" + prefix, name)
    at = root.start(2)
    return part[:at] + attributes + part[root.end(2) :]


def _kept(shape: re.Match[bytes], dropped: set[bytes]) -> bytes:
    row, column = _SHAPE_ROW.search(shape[0]), _SHAPE_COLUMN.search(shape[0])
    if row is None or column is None:
        return shape[0]
    place = (integer(row[1]), integer(column[1]))
    return b"" if place in {(row_of(each) - 1, column_of(each)) for each in dropped} else shape[0]


def _shape(reference: bytes, number: int) -> bytes:
    row, column = row_of(reference) - 1, column_of(reference)
    top = max(row - 1, 0)
    return (
        b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:0;'
        b'margin-top:0;width:300px;height:130px;z-index:1;visibility:hidden" fillcolor="#fffbe6" '
        b'o:insetmode="auto"><v:fill color2="#fffbe6"/><v:shadow color="black" obscured="t"/>'
        b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        b'<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        b"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 15, %d, 4</x:Anchor>"
        b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData>"
        b"</v:shape>"
        % (number, column + 1, top, column + 1 + _BOX_COLUMNS, top + _BOX_ROWS, row, column)
    )


def legacy_drawing(prefix: bytes, relations: bytes, identifier: bytes) -> bytes:
    """Return the element by which a sheet names its drawing."""
    return b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (prefix, relations, identifier)
