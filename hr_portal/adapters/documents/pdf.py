"""Checks a PDF and writes it anew with nothing in it but pages to look at.

Runs in the child only. What would act is refused, never quietly repaired: the
person who sent it may not know of it. What is idle but no part of a page
(links, comments, outlines, metadata, layers, attachments' empty shells) is left
behind; filled-in forms, stamps and drawings become part of the page.
"""

import io
import re
from decimal import Decimal

import pikepdf

from hr_portal.adapters.documents.active import containers, kinds_of_active, name_in
from hr_portal.adapters.documents.forms import has_undrawn_field
from hr_portal.adapters.documents.limits import DocumentLimits
from hr_portal.adapters.documents.streams import StreamCheck
from hr_portal.adapters.documents.verdict import Refused

_END = b"%%EOF"
_BLANKS = b"\x00\t\n\x0c\r \x1a"
_EDGES = 4
_OBJECT = re.compile(rb"\d+ \d+ obj\b")

_TRAILER_KEEPS = {"/Root", "/Size"}
_CATALOG_KEEPS = {"/Type", "/Pages"}
_TREE_KEEPS = {
    "/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/Rotate",
}  # fmt: skip
_PAGE_KEEPS = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources",
    "/Contents", "/Group",
}  # fmt: skip
# Of a part that stays, what is not shown. Names of resources are anyone's choice, so these go
# only where a stream or a /Type says that they are keys.
_PART_LOSES = (
    "/AF", "/Alternates", "/LastModified", "/Measure", "/Metadata", "/OC", "/OPI", "/PieceInfo",
    "/PtData", "/StructParent", "/StructParents",
)  # fmt: skip
# Annotations that are only there to be clicked or opened.
_IDLE = {"/Link", "/Popup", "/Text"}


def rewritten(data: bytes, limits: DocumentLimits) -> tuple[bytes, int]:
    """Return a new PDF of the same pages, and their number.

    The same bytes give the same bytes. A digital signature does not survive
    (its picture does). Raises Refused.
    """
    _check_ends(data)
    try:
        return _rewritten(data, limits)
    except (Refused, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except Exception as error:
        # Whatever a made-up structure trips over, in the library or here, it isn't sound.
        raise Refused("damaged-pdf") from error


def _check_ends(data: bytes) -> None:
    """Refuse a file that stops too early, or goes on after its end."""
    end = data.rfind(_END)
    if end < 0:
        raise Refused("truncated-pdf")
    rest = data[end + len(_END) :].strip(_BLANKS)
    if _OBJECT.search(rest):
        # An end in the middle is normal, after each round of changes; objects go on from there.
        raise Refused("truncated-pdf")
    if rest:
        raise Refused("after-pdf", count=len(rest))


def _rewritten(data: bytes, limits: DocumentLimits) -> tuple[bytes, int]:
    # Without recovery: it gives pages back with their pictures missing, and says nothing.
    with pikepdf.open(
        io.BytesIO(data),
        attempt_recovery=False,
        suppress_warnings=True,
        # The library would mend pages without a size, so that nobody could tell any more.
        inherit_page_attributes=False,
    ) as pdf:
        if pdf.is_encrypted:
            raise Refused("encrypted")
        pages = _checked_pages(pdf, limits)
        if pages != len(pdf.pages):
            raise Refused("damaged-pdf")
        active = kinds_of_active(pdf, limits.max_objects)
        if has_undrawn_field(pdf):
            active.add("form")
        if active:
            raise Refused("active", **dict.fromkeys(active, 1))
        _flatten(pdf)
        _trim(pdf)
        check = StreamCheck(limits)
        for part in containers(pdf.Root, limits.max_objects):
            is_stream = isinstance(part, pikepdf.Stream)
            if is_stream or (isinstance(part, pikepdf.Dictionary) and name_in(part, "/Type")):
                _remove(part, _PART_LOSES)
            if is_stream:
                check.check(part)
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue(), pages


def _checked_pages(pdf: pikepdf.Pdf, limits: DocumentLimits) -> int:
    """Count the pages and look at their sizes, in the tree as it was written."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[object, object]] = [(pdf.Root["/Pages"], None)]
    pages = 0
    while waiting:
        node, inherited = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            raise Refused("damaged-pdf")
        box = node.get("/MediaBox", inherited)
        kids = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            if node.objgen in seen:
                raise Refused("damaged-pdf")
            seen.add(node.objgen)
            waiting += [(kid, box) for kid in reversed(list(kids))]
            continue
        pages += 1
        if pages > limits.max_pages:
            raise Refused("pages")
        _check_page_size(box, node.get("/UserUnit", 1), pages, limits)
    if pages == 0:
        raise Refused("no-page")
    return pages


def _check_page_size(box: object, unit: object, page: int, limits: DocumentLimits) -> None:
    """Refuse a page without a size, or longer than any paper."""
    edges = list(box) if isinstance(box, pikepdf.Array) else []
    figures = [float(edge) for edge in (*edges, unit) if isinstance(edge, int | Decimal)]
    if len(figures) != _EDGES + 1 or len(edges) != _EDGES:
        raise Refused("page-size", page=page)
    left, bottom, right, top, scale = figures
    sides = abs(right - left) * scale, abs(top - bottom) * scale
    if min(sides) <= 0:
        raise Refused("page-size", page=page)
    if max(sides) > limits.max_page_points:
        raise Refused("page-points", page=page)


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Make what is seen on a page, though not part of it, a part of it."""
    if not any("/Annots" in page.obj for page in pdf.pages):
        return
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, pikepdf.Array):
            page.obj["/Annots"] = pikepdf.Array(
                [
                    note
                    for note in notes
                    if isinstance(note, pikepdf.Dictionary)
                    and name_in(note, "/Subtype") not in _IDLE
                ]
            )
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/NeedAppearances" in form:
        # What is filled in was found drawn; with this key the library would leave it out.
        del form["/NeedAppearances"]
    pdf.flatten_annotations("screen")


def _trim(pdf: pikepdf.Pdf) -> None:
    """Leave catalog, page tree and pages with the keys that make up what is seen."""
    _keep(pdf.trailer, _TRAILER_KEEPS)
    _keep(pdf.Root, _CATALOG_KEEPS)
    for page in pdf.pages:
        _keep(page.obj, _PAGE_KEEPS)
    for part in containers(pdf.Root.Pages, 10_000):
        if isinstance(part, pikepdf.Dictionary) and name_in(part, "/Type") == "/Pages":
            _keep(part, _TREE_KEEPS)


def _keep(dictionary: pikepdf.Object, keys: set[str]) -> None:
    _remove(dictionary, [key for key in dictionary.keys() if key not in keys])  # noqa: SIM118


def _remove(dictionary: pikepdf.Object, keys: "list[str] | tuple[str, ...]") -> None:
    for key in keys:
        if key in dictionary:
            del dictionary[key]
