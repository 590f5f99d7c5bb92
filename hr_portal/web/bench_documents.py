"""What is laid beside a row on the bench: its documents, the batch's, and the letter."""

from collections import Counter
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from hr_portal.services import depicting, documents, letter_signing, letter_views
from hr_portal.services.batch_views import BatchView
from hr_portal.services.changes import ChangeRow
from hr_portal.services.documents import DocumentView
from hr_portal.services.letter_views import LetterView
from hr_portal.web.access import actor
from hr_portal.web.current import portal
from hr_portal.web.framed import PDF
from hr_portal.web.i18n import language


@dataclass(frozen=True, slots=True)
class Shown:
    """One document as the viewer shows it: a picture, or a PDF in a frame."""

    id: str
    label: str
    file_name: str
    href: str
    is_pdf: bool
    about: DocumentView | None
    """None for a letter, which is shown as the PDF that it is."""


def beside_the_row(batch: BatchView, number_: int) -> list[Shown]:
    """What can be laid beside the row: its own documents, the batch's, and the letter."""
    listed = documents.list_documents(portal(), actor(), batch.id, row=number_)
    listed.sort(key=lambda one: one.whole_batch)
    viewed = [
        Shown(
            one.id,
            one.kind_label_en if language() == "en" else one.kind_label,
            one.file_name,
            url_for("workbench.document", batch_id=batch.id, document_id=one.id),
            one.media_type == PDF,
            one,
        )
        for one in listed
    ]
    letter = _letter(batch)
    if letter is not None:
        viewed.append(
            Shown(
                "surat",
                _("Surat permohonan koreksi"),
                letter.number,
                url_for("letters.show", letter_id=letter.id),
                is_pdf=True,
                about=None,
            )
        )
        viewed += [
            Shown(
                f"salinan-{copy.id}",
                _("Surat bertanda tangan"),
                letter.number,
                url_for("signing.show_copy", letter_id=letter.id, copy_id=copy.id, lihat=1),
                is_pdf=copy.media_type == PDF,
                about=None,
            )
            for copy in letter_signing.copies(portal(), actor(), letter.id)
            if copy.kind != "elsewhere"  # a stranger's file: downloaded on the page of the letter
        ]
    return _told_apart(viewed)


def _told_apart(viewed: list[Shown]) -> list[Shown]:
    """Number those whose label others have, too: "KTP-el 1", "KTP-el 2"."""
    alike, seen = Counter(one.label for one in viewed), Counter[str]()
    found: list[Shown] = []
    for one in viewed:
        seen[one.label] += 1
        label = one.label if alike[one.label] == 1 else f"{one.label} {seen[one.label]}"
        found.append(replace(one, label=label))
    return found


def _letter(batch: BatchView) -> LetterView | None:
    issued = letter_views.list_letters(portal(), actor(), batch.id)
    standing = (one for one in issued if one.state == "issued" and one.kind == letter_views.SERIES)
    return next((one for one in standing if one.sha256), None)


def pictures_of(chosen: Shown | None) -> depicting.Pictures | None:
    """The pages of a document; a letter is shown whole, as it was issued."""
    if chosen is None or chosen.about is None:
        return None
    return depicting.pictures_of(portal(), actor(), chosen.id)


def next_of(viewed: list[Shown], chosen: Shown | None) -> Shown | None:
    """The document after the chosen one, in a circle; None where there is no other."""
    if chosen is None or len(viewed) < 2:  # noqa: PLR2004 - the next of one is itself
        return None
    return viewed[(viewed.index(chosen) + 1) % len(viewed)]


def must_rest(row: ChangeRow, viewed: list[Shown]) -> list[Shown] | None:
    """The documents an approval may rest on where it has to; None where it needn't."""
    if row.severity != "override":
        return None
    return [
        one
        for one in viewed
        if one.about is not None
        and row.number in one.about.rows
        and one.about.status.state != "unfit"
    ]
