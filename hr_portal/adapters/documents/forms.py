"""Finds filled-in fields whose text the PDF reader is to draw.

Runs in the child only. Two readers may draw such a field differently, or not at
all; and we can't draw it either, not having the reader's fonts. Printing the
form to PDF settles what it shows.
"""

import pikepdf

from hr_portal.adapters.documents.active import name_in

_TEXT_FIELDS = {"/Tx", "/Ch"}
_DEEPEST = 32


def has_undrawn_field(pdf: pikepdf.Pdf) -> bool:
    """Whether a field holds a text that isn't certainly the one drawn on the page."""
    form = pdf.Root.get("/AcroForm")
    drawn_later = isinstance(form, pikepdf.Dictionary) and bool(form.get("/NeedAppearances"))
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        for note in notes if isinstance(notes, pikepdf.Array) else ():
            if not isinstance(note, pikepdf.Dictionary) or name_in(note, "/Subtype") != "/Widget":
                continue
            if _is_filled(note) and (drawn_later or not _is_drawn(note)):
                return True
    return False


def _is_filled(field: pikepdf.Object) -> bool:
    """Whether a field of text or choice has a value; buttons are drawn by their state."""
    kind, value = _inherited(field, "/FT"), _inherited(field, "/V")
    if not isinstance(kind, pikepdf.Name) or str(kind) not in _TEXT_FIELDS:
        return False
    if isinstance(value, pikepdf.String):
        return bool(str(value).strip())
    return isinstance(value, pikepdf.Stream | pikepdf.Array)


def _is_drawn(field: pikepdf.Object) -> bool:
    drawn = field.get("/AP")
    return isinstance(drawn, pikepdf.Dictionary) and isinstance(drawn.get("/N"), pikepdf.Stream)


def _inherited(field: pikepdf.Object, key: str) -> object:
    """Return what a field says under a key, or the nearest of its parents."""
    here: object = field
    for _ in range(_DEEPEST):
        if not isinstance(here, pikepdf.Dictionary):
            break
        if key in here:
            return here.get(key)
        here = here.get("/Parent")
    return None
