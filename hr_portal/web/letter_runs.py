"""Many letters at once: asked for, watched while a worker makes them, taken as one ZIP."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hr_portal.domain.workflow import EDITABLE
from hr_portal.services import batch_views, letter_runs, letter_views
from hr_portal.services.batch_views import BatchView
from hr_portal.services.errors import Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import said
from hr_portal.web.letters import letter_page
from hr_portal.web.security import content_disposition

blueprint = Blueprint("letter_runs", __name__)

ZIP = "application/zip"


@blueprint.get("/surat/sekaligus")
@needs("letter.issue")
def choose() -> str:
    """The drafts whose letter may be issued now, to choose from."""
    return _choice()


@blueprint.post("/surat/sekaligus")
@needs("letter.issue")
def ask_drafts() -> AnyResponse | tuple[str, int]:
    """Has the letters of the chosen drafts issued."""
    try:
        run_id = letter_runs.ask_for_drafts(portal(), actor(), request.form.getlist("pengajuan"))
    except Invalid as error:
        return _choice(said(error.message, error.message_en)), status_of(error)
    return redirect(url_for("letter_runs.show", run_id=run_id))


@blueprint.post("/pengajuan/<batch_id>/surat/formulir")
@needs("letter.issue")
def ask_forms(batch_id: str) -> AnyResponse | tuple[Response, int]:
    """Has one form an employee issued: of those who left, or of all."""
    whose: letter_runs.Whose = "all" if request.form.get("siapa") == "semua" else "left"
    try:
        run_id = letter_runs.ask_for_forms(portal(), actor(), batch_id, whose)
    except Invalid as error:
        return letter_page(batch_id, said(error.message, error.message_en)), status_of(error)
    return redirect(url_for("letter_runs.show", run_id=run_id))


@blueprint.get("/surat/sekaligus/<run_id>")
@needs("letter.issue")
def show(run_id: str) -> str:
    """How far a run is, and its letters."""
    run = letter_runs.view(portal(), actor(), run_id)
    return render_template("letter/run.html", run=run)


@blueprint.post("/surat/sekaligus/<run_id>/coba-lagi")
@needs("letter.issue")
def try_again(run_id: str) -> AnyResponse:
    """Has the letters of a run made that are missing."""
    letter_runs.try_again(portal(), actor(), run_id)
    return redirect(url_for("letter_runs.show", run_id=run_id))


@blueprint.get("/surat/sekaligus/<run_id>/surat.zip")
@needs("letter.issue")
def download(run_id: str) -> Response:
    """All letters of a run as they are kept, and a list of them."""
    answer = make_response(letter_runs.zipped(portal(), actor(), run_id))
    answer.mimetype = ZIP
    answer.headers["Content-Disposition"] = content_disposition(_("Surat.zip"), attached=True)
    return answer


def _choice(problem: str = "") -> str:
    drafts = batch_views.list_batches(
        portal(), actor(), states=tuple(sorted(EDITABLE)), per_page=letter_runs.MOST_LETTERS
    )
    ready = [draft for draft in drafts.items if _is_ready(draft)]
    return render_template(
        "letter/choose.html",
        drafts=ready,
        others=drafts.total - len(ready),
        runs=letter_runs.recent(portal(), actor()),
        problem=problem,
    )


def _is_ready(draft: BatchView) -> bool:
    """Whether nothing of the rows stands in the way of a letter, and none stands yet."""
    revision = draft.revision
    if not draft.is_mine_to_edit or revision.state != "checked" or revision.is_due:
        return False
    if revision.invalid or not revision.fields:
        return False
    standing = [
        letter
        for letter in letter_views.list_letters(portal(), actor(), draft.id)
        if letter.kind == letter_views.SERIES and letter.state == "issued" and not letter.is_stale
    ]
    return not standing
