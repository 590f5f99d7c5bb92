"""The people of a company, for who is in charge of them."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hr_portal.services import company_people, joining, places
from hr_portal.services.errors import Conflict, Invalid
from hr_portal.web.access import actor, needs
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import beside, said

blueprint = Blueprint("colleagues", __name__)

PATH: Final = "/perusahaan/<company_id>/orang"


@blueprint.get("/rekan")
@needs("company.people")
def start() -> Response:
    """To the people of the company that one works for and is in charge of."""
    return _back(min(actor().leads))


@blueprint.get(PATH)
@needs("company.people")
def index(company_id: str) -> str:
    """Who works here, and the form of an invitation."""
    return _page(company_id)


@blueprint.post(PATH)
@needs("company.people")
def invite(company_id: str) -> str | Response | tuple[str, int]:
    """Invites a colleague as HRD of this company."""
    email = request.form.get("email", "").strip()
    try:
        invited = joining.invite(
            portal(), actor(), email=email, name=request.form.get("name", ""), role="hrd",
            company_id=company_id, is_lead=request.form.get("lead") == "ya",
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        told = said(error.message, error.message_en)
        return _page(company_id, told, wrong=beside(error, "email")), status_of(error)
    if invited.link:
        return _page(company_id, link=invited.link)
    flash(_("Undangan dikirim ke %(email)s.", email=email), "ok")
    return _back(company_id)


@blueprint.post(PATH + "/<user_id>/undangan")
@needs("company.people")
def invite_again(company_id: str, user_id: str) -> str | Response:
    """Sends another link to somebody who hasn't joined yet."""
    invited = joining.invite_again(portal(), actor(), user_id, company_id)
    if invited.link:
        return _page(company_id, link=invited.link)
    flash(_("Undangan dikirim lagi."), "ok")
    return _back(company_id)


@blueprint.post(PATH + "/<user_id>/peran")
@needs("company.people")
def change_role(company_id: str, user_id: str) -> Response:
    """Takes a person out of the company, or puts them in charge, or no longer."""
    wanted = request.form.get("peran", "")
    if wanted == "keluar":
        company_people.take_out(portal(), actor(), company_id, user_id)
        flash(_("Orang itu dikeluarkan dari perusahaan; semua sesinya berakhir."), "ok")
    else:
        company_people.set_lead(
            portal(), actor(), company_id, user_id, is_lead=wanted == "penanggung-jawab"
        )
        flash(_("Perannya diganti."), "ok")
    return _back(company_id) if user_id != actor().user_id else redirect(url_for("home.start"))


@blueprint.post(PATH + "/<user_id>/sesi")
@needs("company.people")
def end_sessions(company_id: str, user_id: str) -> Response:
    """Ends all sign-ins of one of the company's people."""
    company_people.end_sessions(portal(), actor(), company_id, user_id)
    flash(_("Semua sesinya diakhiri."), "ok")
    return _back(company_id)


def _back(company_id: str) -> Response:
    return redirect(url_for("colleagues.index", company_id=company_id))


def _page(
    company_id: str, problem: str = "", *, wrong: dict[str, str] | None = None, link: str = ""
) -> str:
    return render_template(
        "company/people.html",
        people=company_people.colleagues(portal(), actor(), company_id),
        company=places.company(portal(), actor(), company_id),
        problem=problem,
        wrong=wrong or {},
        link=link,
        typed={name: request.form.get(name, "") for name in ("email", "name")} if problem else {},
    )
