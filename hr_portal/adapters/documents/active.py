"""Finds what a PDF would do rather than show.

Runs in the child only. Every dictionary, array and stream that can be reached
from the trailer is looked at, inline ones too: `Pdf.objects` lists only those
with a number of their own, and an action needs none.
"""

from collections.abc import Iterator

import pikepdf

from hr_portal.adapters.documents.verdict import Refused

# Actions by their /S (ISO 32000-2, table 201); what isn't named here only moves the view.
_ACTIONS = {
    "/GoTo3DView": "media",
    "/GoToE": "embedded",
    "/GoToR": "remote",
    "/ImportData": "import",
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/Movie": "media",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
    "/Sound": "media",
    "/SubmitForm": "submit",
}
# Annotations by their /Subtype (table 171).
_ANNOTATIONS = {
    "/3D": "media",
    "/FileAttachment": "embedded",
    "/Movie": "media",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Sound": "media",
}
# What a document may do by itself when it is opened: we drop it, nobody loses by it.
_MOVES_ONLY = {
    "/GoTo", "/GoToDp", "/Hide", "/NOP", "/Named", "/ResetForm", "/SetOCGState", "/Thread",
    "/Trans",
}  # fmt: skip


def containers(start: pikepdf.Object, most: int) -> Iterator[pikepdf.Object]:
    """Yield every dictionary, array and stream reachable from one, each once.

    Raises Refused where there are more than `most`.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [start]
    count = 0
    while waiting:
        here = waiting.pop()
        if here.is_indirect:
            if here.objgen in seen:
                continue
            seen.add(here.objgen)
        count += 1
        if count > most:
            raise Refused("objects")
        yield here
        children = here if isinstance(here, pikepdf.Array) else here.values()
        waiting += [child for child in children if _holds_others(child)]


def kinds_of_active(pdf: pikepdf.Pdf, most: int) -> set[str]:
    """Return the kinds of active content in a document, as `refusals.ACTIVE` names them.

    Plain links and jumps within the document are none. Raises Refused where
    the document has more than `most` parts.
    """
    found = _of_catalog(pdf.Root)
    for here in containers(pdf.trailer, most):
        if not isinstance(here, pikepdf.Array):
            found |= _of_dictionary(here)
    return found


def name_in(dictionary: pikepdf.Object, key: str) -> str:
    """Return the name under a key, with its slash; empty where there is none."""
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _holds_others(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)


def _of_catalog(root: pikepdf.Object) -> set[str]:
    found: set[str] = set()
    if "/Collection" in root:
        found.add("embedded")
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key, kind in (("/JavaScript", "javascript"), ("/EmbeddedFiles", "embedded")):
            if _has_entries(names.get(key)):
                found.add(kind)
    if _acts(root.get("/OpenAction")):
        found.add("automatic")
    return found


def _has_entries(tree: object) -> bool:
    """Whether a name tree has any entry; programs leave empty ones behind."""
    if not isinstance(tree, pikepdf.Dictionary):
        return tree is not None
    branches = [tree.get(key) for key in ("/Names", "/Kids") if key in tree]
    return any(not isinstance(branch, pikepdf.Array) or len(branch) > 0 for branch in branches)


def _of_dictionary(here: pikepdf.Object) -> set[str]:
    """Return the kinds of active content that one dictionary, or head of a stream, is."""
    found: set[str] = set()
    is_stream = isinstance(here, pikepdf.Stream)
    action = name_in(here, "/S")
    if name_in(here, "/Type") in {"", "/Action"} and action in _ACTIONS:
        found.add(_ACTIONS[action])
    if action and isinstance(here.get("/JS"), pikepdf.String | pikepdf.Stream):
        found.add("javascript")
    if action == "/Thread" and "/F" in here:
        found.add("remote")
    subtype = name_in(here, "/Subtype")
    # A font may be called /Sound; what lies on a page has a place on it.
    if "/Rect" in here and subtype in _ANNOTATIONS:
        found.add(_ANNOTATIONS[subtype])
    if name_in(here, "/Type") == "/EmbeddedFile" or _holds_a_file(here.get("/EF")):
        found.add("embedded")
    if "/Fields" in here and "/XFA" in here:
        found.add("xfa")
    # A stream may leave its content, or the page it shows, in another file.
    if is_stream and ("/F" in here or "/Ref" in here):
        found.add("remote")
    if is_stream and "/PS" in {subtype, name_in(here, "/Subtype2")}:
        found.add("postscript")
    by_itself = here.get("/AA")
    if isinstance(by_itself, pikepdf.Dictionary) and any(
        _acts(action) for action in by_itself.values()
    ):
        found.add("automatic")
    return found


def _holds_a_file(files: object) -> bool:
    """Whether this is the /EF of a file specification (table 43) rather than a font so called."""
    return isinstance(files, pikepdf.Dictionary) and any(
        isinstance(files.get(key), pikepdf.Stream) for key in ("/F", "/UF", "/DOS", "/Mac", "/Unix")
    )


def _acts(action: object) -> bool:
    """Whether an action, or one that follows it, does more than move the view."""
    seen: set[tuple[int, int]] = set()
    waiting = [action]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            # A destination is an array too: [page /XYZ 0 0 0]. Its page has no /S.
            waiting += [item for item in here if isinstance(item, pikepdf.Dictionary)]
        if not isinstance(here, pikepdf.Dictionary):
            continue
        if here.is_indirect:
            if here.objgen in seen:
                continue
            seen.add(here.objgen)
        kind = name_in(here, "/S")
        if kind and kind not in _MOVES_ONLY:
            return True
        waiting.append(here.get("/Next"))
    return False
