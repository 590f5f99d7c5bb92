"""The installation: companies, branch offices and people. An admin never sees rows."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from hr_portal.adapters.database.models import Company
from hr_portal.domain.letter_numbers import DEFAULT_PATTERN
from hr_portal.services import (
    accounts,
    joining,
    own_account,
    passwords,
    places,
    registrations,
    second_factor,
    throttling,
    unsent,
)
from hr_portal.services.company_letters import on_record
from hr_portal.services.errors import Conflict, Invalid, NotFound
from hr_portal.web.access import actor, needs
from hr_portal.web.company import form_parts, sent_values
from hr_portal.web.current import portal
from hr_portal.web.errors import status_of
from hr_portal.web.i18n import beside, said

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

ZONES: Final = (
    ("Asia/Jakarta", _l("WIB (Jakarta)")),
    ("Asia/Makassar", _l("WITA (Makassar)")),
    ("Asia/Jayapura", _l("WIT (Jayapura)")),
)
ROLES: Final = (
    ("hrd", _l("HRD sebuah perusahaan")),
    ("reviewer", _l("Pemeriksa sebuah kantor cabang")),
    ("admin", _l("Admin")),
)
ROLE_WORDS: Final = {"hrd": _l("HRD"), "reviewer": _l("Pemeriksa"), "admin": _l("Admin")}
EMPTY_LETTER_DATA: Final[dict[str, Any]] = {
    "address": "", "city": "", "phone": "", "email": "", "short_name": "",
    "number_pattern": DEFAULT_PATTERN, "paper": "a4", "contact": {}, "signatories": [], "copies_to": [],
}  # fmt: skip


# --- companies ----------------------------------------------------------------------------------


@blueprint.get("/perusahaan")
@needs("installation.manage")
def companies() -> str:
    """All companies."""
    return render_template(
        "admin/companies.html",
        companies=places.companies(portal(), actor()),
        registrations=len(registrations.waiting(portal(), actor())),
        unsent=unsent.count(portal(), actor()),
        branches={branch.id: branch.name for branch in places.branches(portal())},
    )


@blueprint.get("/perusahaan/baru")
@needs("installation.manage")
def new_company() -> str:
    """The form of a new company."""
    return _company_form(
        None,
        {"name": "", "npp": "", "division": "000", "default_branch_id": "", **EMPTY_LETTER_DATA},
    )


@blueprint.post("/perusahaan/baru")
@needs("installation.manage")
def add_company() -> str | Response | tuple[str, int]:
    """Adds a company with a data key of its own."""
    values = _company_values()
    try:
        more = {
            name: value for name, value in values.items() if name not in {"name", "npp", "division"}
        }
        more["default_branch_id"] = more["default_branch_id"] or None
        places.create_company(
            portal(), name=values["name"], npp=values["npp"], division=values["division"] or "000",
            by=actor(), **more,
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        fields = beside(error, "npp")
        return _company_form(
            None, values, said(error.message, error.message_en), fields
        ), status_of(error)
    flash(
        _("%(name)s ditambahkan. Tambahkan HRD-nya pada halaman Pengguna.", name=values["name"]),
        "ok",
    )
    return redirect(url_for("admin.companies"))


@blueprint.get("/perusahaan/<company_id>")
@needs("installation.manage")
def company(company_id: str) -> str:
    """The form of a company with what is on record."""
    held = places.company(portal(), actor(), company_id)
    values = {
        "name": held.name, "npp": held.npp, "division": held.division,
        "default_branch_id": held.default_branch_id or "", **on_record(held),
    }  # fmt: skip
    return _company_form(held, values)


@blueprint.post("/perusahaan/<company_id>")
@needs("installation.manage")
def save_company(company_id: str) -> str | Response | tuple[str, int]:
    """Keeps a company's form; NPP and division stay as they are."""
    held = places.company(portal(), actor(), company_id)
    values = _company_values()
    try:
        changed = {name: value for name, value in values.items() if name not in {"npp", "division"}}
        changed["default_branch_id"] = changed["default_branch_id"] or None
        places.edit_company(portal(), actor(), company_id, changed)
    except Invalid as error:
        values |= {"npp": held.npp, "division": held.division}
        return _company_form(
            held, values, said(error.message, error.message_en), beside(error)
        ), 422
    flash(_("%(name)s disimpan.", name=values["name"]), "ok")
    return redirect(url_for("admin.companies"))


def _company_values() -> dict[str, Any]:
    form = request.form
    known = {branch.id for branch in places.branches(portal())}
    chosen = form.get("default_branch_id", "")
    return {
        "name": form.get("name", "").strip(),
        "npp": form.get("npp", "").strip(),
        "division": form.get("division", "").strip(),
        "default_branch_id": chosen if chosen in known else "",
        **sent_values(),
    }


def _company_form(
    held: Company | None,
    values: dict[str, Any],
    problem: str = "",
    wrong: dict[str, str] | None = None,
) -> str:
    return render_template(
        "admin/company.html",
        company=held,
        branches=places.branches(portal()),
        problem=problem,
        wrong=wrong or {},
        **form_parts(values),
    )


# --- branches -----------------------------------------------------------------------------------


@blueprint.get("/kantor-cabang")
@needs("installation.manage")
def branches() -> str:
    """All branch offices, and the form of a new one."""
    return _branches()


@blueprint.post("/kantor-cabang")
@needs("installation.manage")
def add_branch() -> str | Response | tuple[str, int]:
    """Adds a branch office."""
    form = request.form
    try:
        places.create_branch(
            portal(), name=form.get("name", ""), city=form.get("city", ""),
            address=form.get("address", ""), timezone=form.get("timezone", ""), by=actor(),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        fields = beside(error, "name")
        return _branches(said(error.message, error.message_en), fields), status_of(error)
    flash(_("%(name)s ditambahkan.", name=form.get("name", "").strip()), "ok")
    return redirect(url_for("admin.branches"))


def _branches(problem: str = "", wrong: dict[str, str] | None = None) -> str:
    listed = places.branches(portal())
    reviewers = {
        branch.id: sum(
            held["branch_id"] == branch.id
            for user in accounts.list_users(portal())
            if user["is_active"]
            for held in user["roles"]
        )
        for branch in listed
    }
    return render_template(
        "admin/branches.html",
        branches=listed,
        reviewers=reviewers,
        zones=ZONES,
        zone_names=dict(ZONES),
        problem=problem,
        wrong=wrong or {},
        typed={name: request.form.get(name, "") for name in ("name", "city", "address")}
        | {"timezone": request.form.get("timezone") or "Asia/Jakarta"},
    )


# --- people -------------------------------------------------------------------------------------


@blueprint.get("/pengguna")
@needs("installation.manage")
def people() -> str:
    """All people with their roles, and whether they may sign in."""
    return render_template(
        "admin/people.html",
        people=accounts.list_users(portal()),
        unsent=unsent.count(portal(), actor()),
        role_words=ROLE_WORDS,
    )


@blueprint.get("/pengguna/baru")
@needs("installation.manage")
def new_person() -> str:
    """The form of a new person, or of a further role."""
    return _person_form()


@blueprint.post("/pengguna/baru")
@needs("installation.manage")
def add_person() -> str | Response | tuple[str, int]:
    """Adds a person with a role at a place, or gives a known one a further role."""
    form = request.form
    role, password = form.get("role", ""), form.get("password", "")
    whom: dict[str, Any] = {
        "email": form.get("email", ""), "name": form.get("name", ""), "role": role,
        "company_id": (form.get("company") or None) if role == "hrd" else None,
        "branch_id": (form.get("branch") or None) if role == "reviewer" else None,
        "is_lead": role == "hrd" and form.get("lead") == "ya",
    }  # fmt: skip
    try:
        if not password:
            return _invited(joining.invite(portal(), actor(), **whom), whom["email"].strip())
        accounts.create_user(portal(), **whom, password=password, by=actor(), temporary=True)
    except (Invalid, Conflict) as error:
        fields = beside(error, "role")
        return _person_form(said(error.message, error.message_en), fields), status_of(error)
    except NotFound:
        text = _("Perusahaan atau kantor cabang itu tidak ada lagi. Pilih yang lain.")
        return _person_form(text, {"role": text}), 422
    flash(
        _(
            "%(email)s dapat masuk dengan kata sandi yang Anda berikan, lalu menggantinya.",
            email=form.get("email", "").strip(),
        ),
        "ok",
    )
    return redirect(url_for("admin.people"))


def _invited(invited: joining.Invited, email: str) -> str | Response:
    """Shows an invitation's link, or says what was sent."""
    if invited.link:
        return _care(invited.user_id, link=invited.link)
    flash(
        _("Undangan dikirim ke %(email)s.", email=email) if invited.is_new
        else _("%(email)s sudah punya akun; perannya ditambahkan.", email=email),
        "ok",
    )  # fmt: skip
    return redirect(url_for("admin.people"))


@blueprint.post("/pengguna/<user_id>/undangan")
@needs("installation.manage")
def invite_again(user_id: str) -> str | Response:
    """Sends another link to somebody who hasn't joined yet."""
    invited = joining.invite_again(portal(), actor(), user_id)
    if invited.link:
        return _care(user_id, link=invited.link)
    flash(_("Undangan dikirim lagi."), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/pengguna/<user_id>/keadaan")
@needs("installation.manage")
def switch_person(user_id: str) -> Response:
    """Switches an account on or off; off ends all its sessions at once."""
    active = request.form.get("aktif") == "ya"
    accounts.set_user_active(portal(), user_id, active=active, by=actor())
    flash(
        _("Akun diaktifkan.") if active else _("Akun dinonaktifkan; semua sesinya berakhir."), "ok"
    )
    return redirect(url_for("admin.people"))


@blueprint.get("/pengguna/<user_id>")
@needs("installation.manage")
def person(user_id: str) -> str:
    """Help for somebody who can't get in."""
    return _care(user_id)


@blueprint.post("/pengguna/<user_id>/kunci")
@needs("installation.manage")
def unlock(user_id: str) -> Response | tuple[str, int]:
    """Lets somebody in again who was shut out after too many tries, with a written reason."""
    try:
        own_account.unlock(portal(), actor(), user_id, reason=request.form.get("reason", ""))
    except Invalid as error:
        return _care(user_id, problem=said(error.message, error.message_en)), status_of(error)
    flash(_("Kunci dibuka; orangnya dapat mencoba masuk lagi."), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/pengguna/<user_id>/sesi")
@needs("installation.manage")
def end_sessions(user_id: str) -> Response | tuple[str, int]:
    """Ends all sign-ins of a person, with a written reason."""
    try:
        own_account.end_sessions_of(
            portal(), actor(), user_id, reason=request.form.get("reason", "")
        )
    except Invalid as error:
        return _care(user_id, problem=said(error.message, error.message_en)), status_of(error)
    flash(_("Semua sesinya diakhiri."), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


@blueprint.post("/pengguna/<user_id>/kata-sandi")
@needs("installation.manage", fresh="admin.person")
def new_password(user_id: str) -> str | tuple[str, int]:
    """Makes a new password and shows it this once; it has to be changed at sign-in."""
    try:
        password = own_account.make_new_password(
            portal(), actor(), user_id, reason=request.form.get("reason", "")
        )
    except Invalid as error:
        return _care(user_id, problem=said(error.message, error.message_en)), status_of(error)
    return _care(user_id, password=password)


@blueprint.post("/pengguna/<user_id>/verifikasi")
@needs("installation.manage", fresh="admin.person")
def reset_second_step(user_id: str) -> Response | tuple[str, int]:
    """Takes a lost second factor off; the person sets up another."""
    try:
        second_factor.reset(portal(), actor(), user_id, reason=request.form.get("reason", ""))
    except Invalid as error:
        return _care(user_id, problem=said(error.message, error.message_en)), status_of(error)
    flash(_("Verifikasi dua langkah diatur ulang; semua sesinya berakhir."), "ok")
    return redirect(url_for("admin.person", user_id=user_id))


def _care(user_id: str, *, problem: str = "", password: str = "", link: str = "") -> str:
    found = [one for one in accounts.list_users(portal()) if one["id"] == user_id]
    if not found:
        raise NotFound
    return render_template(
        "admin/care.html",
        person=found[0],
        locked_until=throttling.locked_until(portal(), user_id),
        problem=problem,
        password=password,
        link=link,
    )


def _person_form(problem: str = "", wrong: dict[str, str] | None = None) -> str:
    form = request.form
    return render_template(
        "admin/person.html",
        companies=places.companies(portal(), actor()),
        branches=places.branches(portal()),
        roles=ROLES,
        least=passwords.MIN_ALONE,
        problem=problem,
        wrong=wrong or {},
        typed={name: form.get(name, "") for name in ("name", "email", "company", "branch")}
        | {"role": form.get("role") or request.args.get("peran", "hrd"), "lead": form.get("lead")},
    )
