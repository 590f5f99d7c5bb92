"""Banding: what differs between two revisions of a submission, cell by cell."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from hr_portal.domain.masking import mask_name
from hr_portal.services import batch_views, differences
from hr_portal.services.differences import CHANGES, CellChange, Change, Difference
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.layout import State
from hr_portal.web.paging import finding_id, page_number, view_of
from hr_portal.web.words import file_rows

blueprint = Blueprint("differences", __name__)

PER_PAGE: Final = 25
KINDS: Final[dict[str, State]] = {
    "changed": State(_l("Berubah"), "hint", "pencil"),
    "added": State(_l("Baru"), "ok", "plus-lg"),
    "removed": State(_l("Tidak ada lagi"), "warn", "slash-circle"),
}
NAMES: Final[dict[str, Change]] = {"berubah": "changed", "baru": "added", "hilang": "removed"}


@blueprint.get("/pengajuan/<batch_id>/banding")
@needs("batch.read")
def show(batch_id: str) -> str:
    """Two revisions side by side: counts first, then row by row."""
    batch = batch_views.batch_view(portal(), actor(), batch_id)
    g.zone = batch.timezone
    chosen = NAMES.get(request.args.get("jenis", ""))
    column = request.args.get("kolom", type=finding_id)
    found = differences.difference(
        portal(), actor(), batch_id,
        older=request.args.get("dari", type=finding_id),
        newer=request.args.get("ke", type=finding_id),
        change=chosen, column=column, page=page_number(), per_page=PER_PAGE,
    )  # fmt: skip
    return render_template(
        "differences/show.html",
        batch=batch,
        about=file_rows(batch),
        found=found,
        page=view_of(found.page),
        chosen=chosen,
        column=column,
        kinds=KINDS,
        names={change: name for name, change in NAMES.items()},
        order=CHANGES,
        address=_Address(batch_id, found, chosen, column),
        secret=secret,
    )


class _Address:
    """The address of this comparison with something changed; the first page unless said."""

    def __init__(
        self, batch_id: str, found: Difference, chosen: Change | None, column: int | None
    ) -> None:
        self._path = url_for("differences.show", batch_id=batch_id)
        names = {change: name for name, change in NAMES.items()}
        self._now = {
            "dari": found.older,
            "ke": found.newer,
            "jenis": names[chosen] if chosen else None,
            "kolom": column,
        }

    def __call__(self, **changed: str | int | None) -> str:
        values = {**self._now, **changed}
        kept = {name: value for name, value in values.items() if value is not None}
        return f"{self._path}?{urlencode(kept)}"


def secret(cell: CellChange) -> tuple[str, str]:
    """Both values of a cell whose field nobody knows, hidden as the most private one."""
    return mask_name(cell.before), mask_name(cell.after)
