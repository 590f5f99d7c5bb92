"""Whether a letter is genuine: for whoever holds it, without a sign-in.

The page tells number, date, company, office, counts and state, and compares the SHA-256 of a PDF
in the browser; it never tells a name or an identifier. What doesn't exist, what is mistyped and
what isn't issued yet answer alike.
"""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import letter_proofs
from hr_portal.services.errors import NotFound, TooMany
from hr_portal.web.access import OPEN, needs
from hr_portal.web.current import portal
from hr_portal.web.i18n import said
from hr_portal.web.letters import kind_name

blueprint = Blueprint("proofs", __name__)


@blueprint.get("/verifikasi")
@needs(OPEN)
def ask() -> Response:
    """The form for the code; sent, it leads to what the code proves."""
    typed = request.args.get("kode", "").strip()[:100]
    return _page(typed) if typed else make_response(render_template("proofs/show.html"))


@blueprint.get("/verifikasi/<proof>")
@needs(OPEN)
def show(proof: str) -> Response:
    """What a token or a code proves."""
    return _page(proof)


@blueprint.get("/V/<proof>")
@needs(OPEN)
def scanned(proof: str) -> Response:
    """The address in the QR, short and in capitals; leads to the page."""
    return redirect(url_for("proofs.show", proof=proof))


def _page(typed: str) -> Response:
    try:
        found = letter_proofs.look_up(portal(), typed, address=request.remote_addr or "")
    except TooMany as error:
        said_so = said(error.message, error.message_en)
        answer = make_response(render_template("proofs/show.html", problem=said_so), 429)
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    except NotFound:
        problem = _(
            "Tidak ada surat terbit dengan kode ini. Periksa lagi kode pada kaki surat, atau tanyakan "
            "kepada perusahaan yang menerbitkannya."
        )
        return make_response(render_template("proofs/show.html", problem=problem), 404)
    return make_response(render_template("proofs/show.html", found=found, kind_name=kind_name))
