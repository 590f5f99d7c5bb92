"""The parts of a workbook around its cells: lists of parts, relations, sheets, properties."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from hr_portal.adapters.spreadsheets.annotated.markup import (
    attribute,
    end_tag,
    escaped,
    integer,
    local_attribute,
    root_prefix,
    start_tag,
    whole_element,
)
from hr_portal.adapters.spreadsheets.annotated.orders import PROPERTY

PACKAGE_RELATIONS = b"http://schemas.openxmlformats.org/package/2006/relationships"
CUSTOM = "docProps/custom.xml"
CUSTOM_TYPE = b"application/vnd.openxmlformats-officedocument.custom-properties+xml"
CUSTOM_RELATION = (
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
SHEET_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
COMMENTS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = b"application/vnd.openxmlformats-officedocument.vmlDrawing"

_MAINS: dict[bytes, bytes] = {
    # A workbook saved as "Strict Open XML" has names of its own.
    b"http://purl.oclc.org/ooxml/spreadsheetml/main":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION, _OVERRIDE, _DEFAULT = (
    whole_element(b"Relationship"), whole_element(b"Override"), whole_element(b"Default"),
)  # fmt: skip
_SHEET, _PROPERTY = whole_element(b"sheet"), whole_element(b"property")
_FMTID = b"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_VT = b"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_PROPERTIES = b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_LONGEST_NAME = 31
_ONLY_RELATED = frozenset({"sharedStrings", "styles", "theme", "calcChain"})
"""Parts of a workbook that no element of it names."""


@dataclass(frozen=True, slots=True)
class Names:
    """The namespaces of a workbook: of its cells, and of its relations."""

    main: bytes
    relations: bytes


def names_of(workbook: bytes) -> Names:
    """Return which of the two families of namespaces a workbook uses."""
    strict = next((main for main in _MAINS if main in workbook[:4096]), None)
    return Names(strict, _MAINS[strict]) if strict else Names(_MAIN, _RELATIONS)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part."""

    identifier: bytes
    kind: str
    """The last word of its type, in the spelling of the file."""
    target: str
    """The part's name, in lower case; "" for what lies outside the file."""


def relations_part(part: str) -> str:
    """Return the name of the part that holds a part's relations."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


class Relations:
    """The relations of one part, to be read and added to."""

    def __init__(self, part: str, content: bytes | None) -> None:
        self._folder = posixpath.dirname(part)
        self.content = content or (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="%s">'
            b"</Relationships>" % PACKAGE_RELATIONS
        )
        self.all = [self._one(found[2]) for found in _RELATION.finditer(self.content)]

    def _one(self, attributes: bytes) -> Relation:
        target = (attribute(attributes, b"Target") or b"").decode()
        if (attribute(attributes, b"TargetMode") or b"").lower() == b"external":
            target = ""
        elif target.startswith("/"):
            target = posixpath.normpath(target.lstrip("/"))
        else:
            target = posixpath.normpath(posixpath.join(self._folder, target))
        kind = (attribute(attributes, b"Type") or b"").decode().rpartition("/")[2]
        return Relation(attribute(attributes, b"Id") or b"", kind, target.lower())

    def of(self, kind: str) -> Relation | None:
        """Return the first relation of a kind that lies inside the file."""
        return next((one for one in self.all if one.kind == kind and one.target), None)

    def target(self, identifier: bytes | None) -> str:
        """Return the part a relation leads to, "" where there is none."""
        return next((one.target for one in self.all if one.identifier == identifier), "")

    def add(self, kind: bytes, target: str) -> bytes:
        """Add a relation to a part of the package and return its id."""
        taken = {one.identifier for one in self.all}
        number = 1
        while b"rIdPortal%d" % number in taken:
            number += 1
        identifier = b"rIdPortal%d" % number
        prefix = root_prefix(self.content)
        made = b'<%sRelationship Id="%s" Type="%s" Target="/%s"/>' % (
            prefix, identifier, kind, escaped(target),
        )  # fmt: skip
        self.content = inserted(self.content, b"Relationships", made)
        self.all.append(Relation(identifier, kind.decode().rpartition("/")[2], target.lower()))
        return identifier

    def drop_missing(self, is_there: Callable[[str], bool]) -> list[str]:
        """Take out relations to parts that aren't there, where nothing else names them.

        Returns the parts. Some programs announce shared strings whether they write any or not.
        """
        gone = [
            one for one in self.all
            if one.kind in _ONLY_RELATED and one.target and not is_there(one.target)
        ]  # fmt: skip
        for one in gone:
            self._take_out(one)
        return [one.target for one in gone]

    def drop(self, kind: str) -> str:
        """Take out the relation of a kind; returns the part it led to, "" where there is none."""
        gone = self.of(kind)
        if gone is None:
            return ""
        self._take_out(gone)
        return gone.target

    def _take_out(self, gone: Relation) -> None:
        for found in _RELATION.finditer(self.content):
            if attribute(found[2], b"Id") == gone.identifier:
                self.content = self.content[: found.start()] + self.content[found.end() :]
                break
        self.all.remove(gone)


def inserted(part: bytes, element: bytes, made: bytes) -> bytes:
    """Return a part with something put in as the last thing of an element."""
    ends = list(end_tag(element).finditer(part))
    if ends:
        at = ends[-1].start()
        return part[:at] + made + part[at:]
    begin = start_tag(element).search(part)
    if begin is None:
        return part
    head = part[begin.start() : begin.end()].rstrip(b">").rstrip(b"/") + b">"
    tail = b"</%s%s>" % (begin[1], element)
    return part[: begin.start()] + head + made + tail + part[begin.end() :]


class ContentTypes:
    """The list of what kind each part is."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def add(self, part: str, kind: bytes) -> None:
        """Name the kind of a new part."""
        prefix = root_prefix(self.content)
        made = b'<%sOverride PartName="/%s" ContentType="%s"/>' % (prefix, escaped(part), kind)
        self.content = inserted(self.content, b"Types", made)

    def allow(self, extension: bytes, kind: bytes) -> None:
        """Name the kind of all parts with an extension, unless that is done."""
        for found in _DEFAULT.finditer(self.content):
            if (attribute(found[2], b"Extension") or b"").lower() == extension:
                return
        begin = start_tag(b"Types").search(self.content)
        if begin is not None:
            made = b'<%sDefault Extension="%s" ContentType="%s"/>' % (begin[1], extension, kind)
            self.content = self.content[: begin.end()] + made + self.content[begin.end() :]

    def drop(self, part: str) -> None:
        """Forget a part that is taken out."""
        for found in _OVERRIDE.finditer(self.content):
            name = (attribute(found[2], b"PartName") or b"").decode().lower()
            if name == f"/{part}":
                self.content = self.content[: found.start()] + self.content[found.end() :]
                return


def sheet_names(workbook: bytes) -> list[tuple[str, bytes]]:
    """Return the sheets of a workbook: (name in raw XML, id of its relation)."""
    return [
        ((attribute(found[2], b"name") or b"").decode(), local_attribute(found[2], b"id") or b"")
        for found in _SHEET.finditer(workbook)
    ]


def free_sheet_name(wanted: str, taken: list[str]) -> str:
    """Return a name no sheet has yet; sheets are told apart without case."""
    used = {name.casefold() for name in taken}
    name, number = wanted, 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted[: _LONGEST_NAME - 5]} ({number})"
    return name


def with_sheet(workbook: bytes, names: Names, title: str, identifier: bytes) -> bytes:
    """Return a workbook part with one more sheet, the last one."""
    held = list(_SHEET.finditer(workbook))
    number = max((integer(attribute(each[2], b"sheetId")) for each in held), default=0) + 1
    prefix = held[-1][1] if held else root_prefix(workbook)
    made = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
        prefix, names.relations, escaped(title), number, identifier,
    )  # fmt: skip
    return inserted(workbook, b"sheets", made)


def with_property(content: bytes | None, text: str) -> bytes:
    """Return the custom properties with ours set, the user's own as they were."""
    part = content or (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="%s">'
        b"</Properties>" % _PROPERTIES
    )
    highest = 1
    for found in reversed(list(_PROPERTY.finditer(part))):
        if attribute(found[2], b"name") == PROPERTY.encode():
            part = part[: found.start()] + part[found.end() :]
        else:
            highest = max(highest, integer(attribute(found[2], b"pid")))
    prefix = root_prefix(part)
    made = (
        b'<%sproperty fmtid="%s" pid="%d" name="%s"><vt:lpwstr xmlns:vt="%s">%s</vt:lpwstr>'
        b"</%sproperty>"
        % (prefix, _FMTID, highest + 1, PROPERTY.encode(), _VT, escaped(text), prefix)
    )
    return inserted(part, b"Properties", made)


_MARKED = re.compile(
    rb"<(?:[\w.\-]+:)?property(?=\s)[^<>]*\bname=[\"']" + PROPERTY.encode()
    + rb"[\"'][^<>]*>\s*<(?:[\w.\-]+:)?lpwstr[^<>]*>([A-Za-z0-9;:._\-]{1,200})</"
)  # fmt: skip


_SAVED_AS_ODS = re.compile(
    rb"<meta:user-defined(?=\s)[^<>]*\bmeta:name=[\"']" + PROPERTY.encode()
    + rb"[\"'][^<>]*>([A-Za-z0-9;:._\-]{1,200})</"
)  # fmt: skip
_SAVED_AS_XLS = re.compile(
    rb"(?<![A-Za-z0-9;:._\-])(v1;[0-9a-f]{32};[0-9]{1,9};[0-9a-f]{32})(?![A-Za-z0-9;])"
)


def mark_in(content: bytes) -> str:
    """Return our property in a part of custom properties, "" where it isn't."""
    return _found(_MARKED, content)


def mark_in_ods(content: bytes) -> str:
    """Return our property in the part `meta.xml` of an OpenDocument, "" where it isn't."""
    return _found(_SAVED_AS_ODS, content)


def mark_in_xls(content: bytes) -> str:
    """Return what looks like our property anywhere in an .xls, "" where nothing does."""
    return _found(_SAVED_AS_XLS, content)


def _found(pattern: re.Pattern[bytes], content: bytes) -> str:
    found = pattern.search(content)
    return found[1].decode() if found else ""
