"""What every page shows around its content: menu, whose account, state words, step bar."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from hr_portal.domain.permissions import may
from hr_portal.services import memberships
from hr_portal.services.batch_views import BatchView
from hr_portal.web import holding
from hr_portal.web.auth import whereabouts
from hr_portal.web.current import portal
from hr_portal.web.security import is_signed_in


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu: an endpoint, shown to who may do the action."""

    endpoint: str
    label: Any
    action: str


@dataclass(frozen=True, slots=True)
class State:
    """How a state is shown: word, tone (`data-s`) and icon; never colour alone."""

    label: Any
    tone: str
    icon: str


NAV: Final = (
    NavItem("home.start", _l("Beranda"), "batch.create"),
    NavItem("batches.index", _l("Pengajuan"), "batch.create"),
    NavItem("letters.index", _l("Surat"), "letter.issue"),
    NavItem("colleagues.start", _l("Rekan"), "company.people"),
    NavItem("queue.index", _l("Antrean"), "branch.queue"),
    NavItem("queue.decided", _l("Keputusan"), "branch.queue"),
    NavItem("admin.companies", _l("Perusahaan"), "installation.manage"),
    NavItem("admin.branches", _l("Kantor cabang"), "installation.manage"),
    NavItem("admin.people", _l("Pengguna"), "installation.manage"),
    NavItem("four_eyes.index", _l("Pengaturan"), "installation.manage"),
    NavItem("audit.index", _l("Pelindungan"), "installation.manage"),
    NavItem("figures.index", _l("Ikhtisar"), "figures.read"),
)

BATCH_STATES: Final[dict[str, State]] = {
    "draft": State(_l("Draf"), "mute", "pencil"),
    "ready": State(_l("Siap diajukan"), "ok", "check-circle-fill"),
    "submitted": State(_l("Diajukan"), "mute", "send"),
    "in_review": State(_l("Diperiksa"), "hint", "search"),
    "returned": State(_l("Dikembalikan"), "warn", "arrow-return-left"),
    "approved": State(_l("Disetujui"), "ok", "check-circle-fill"),
    "partly_approved": State(_l("Disetujui sebagian"), "warn", "circle-half"),
    "rejected": State(_l("Ditolak"), "err", "x-octagon-fill"),
    "forwarded": State(_l("Diteruskan ke kantor cabang"), "ok", "send"),
    "completed": State(_l("Selesai"), "ok", "check-circle-fill"),
    "cancelled": State(_l("Dibatalkan"), "mute", "slash-circle"),
    "reading": State(_l("Sedang diperiksa"), "hint", "arrow-repeat"),
    "asking": State(_l("Menunggu kepastian kolom"), "warn", "exclamation-triangle-fill"),
    "unreadable": State(_l("Berkas tidak terbaca"), "err", "x-octagon-fill"),
}
"""Words of decisions.md; `ready` and those of its file are derived, not states of a batch."""

SEVERITIES: Final[dict[str, State]] = {
    "error": State(_l("Tidak valid"), "err", "x-octagon-fill"),
    "override": State(_l("Perlu dokumen"), "err", "paperclip"),
    "warning": State(_l("Peringatan"), "warn", "exclamation-triangle-fill"),
    "note": State(_l("Catatan"), "mute", "info-circle-fill"),
    "valid": State(_l("Valid"), "ok", "check-circle-fill"),
}

VERDICTS: Final[dict[str | None, State]] = {
    None: State(_l("Menunggu"), "mute", "circle"),
    "approve": State(_l("Disetujui"), "ok", "check-circle-fill"),
    "return": State(_l("Dikembalikan"), "warn", "arrow-return-left"),
    "reject": State(_l("Ditolak"), "err", "x-octagon-fill"),
}
REFUSED: Final = State(_l("Ditolak kantor cabang"), "err", "x-octagon-fill")
"""What was approved, and the agency has refused since."""

DOCUMENTS: Final[dict[str, State]] = {
    "open": State(_l("Perlu diperiksa"), "mute", "circle"),
    "fits": State(_l("Sesuai"), "ok", "check-circle-fill"),
    "unfit": State(_l("Tidak sesuai"), "err", "x-octagon-fill"),
}
"""What the reviewer found of a document."""

STEPS: Final = (
    ("batches.show", _l("Berkas")),
    ("results.show", _l("Hasil")),
    ("documents.show", _l("Dokumen")),
    ("letters.prepare", _l("Surat")),
    ("submit.review", _l("Tinjau dan ajukan")),
)
"""The way of a draft, as the bar above its pages; each step is an endpoint with a `batch_id`."""

COLUMNS_STEP: Final = ("columns.show", _l("Kolom"))
"""Comes after the first step, for files whose columns are asked about."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bar, as it stands for a batch."""

    label: Any
    href: str | None
    is_done: bool
    is_current: bool


def list_with(batch: BatchView) -> tuple[str, str]:
    """Address and name of the list in which this actor finds a batch: own ones, or the queue."""
    if batch.company_id in current_user.actor.companies:
        return url_for("batches.index"), _("Pengajuan")
    return url_for("queue.index"), _("Antrean")


def menu() -> list[tuple[NavItem, bool]]:
    """The entries that this actor may open, each with whether it is the page's own."""
    if not is_signed_in():
        return []
    actor = current_user.actor
    here = request.endpoint or ""
    shown = [
        item
        for item in NAV
        if item.endpoint in current_app.view_functions and may(actor, item.action)
    ]
    subject = here.partition(".")[0]
    wanted = (here, *BELONGS.get(here, ()), *BELONGS.get(subject, ()), f"{subject}.index")
    by_endpoint = {item.endpoint: item for item in shown}
    near = next((by_endpoint[endpoint] for endpoint in wanted if endpoint in by_endpoint), None)
    return [(item, item is near) for item in shown]


OF_A_BATCH: Final = ("batches.index", "queue.index")
BELONGS: Final[dict[str, tuple[str, ...]]] = {
    "results": OF_A_BATCH,
    "differences": OF_A_BATCH,
    "mending": OF_A_BATCH,
    "splitting": ("batches.index",),
    "long_acts": ("batches.index",),
    "documents": OF_A_BATCH,
    "submit": OF_A_BATCH,
    "tracking": OF_A_BATCH,
    "outlets": ("queue.decided",),
    "outlets.index": ("four_eyes.index",),
    "outlets.edit": ("four_eyes.index",),
    "calendar": ("four_eyes.index",),
    "batches": OF_A_BATCH,
    "columns": OF_A_BATCH,
    "columns.layouts": ("letters.index", "admin.companies"),
    "workbench": ("queue.index",),
    "works": ("queue.index",),
    "letter_runs": ("letters.index",),
    "letters.prepare": ("batches.index",),
    "company": ("letters.index", "admin.companies"),
    "person_trail": ("audit.index", "letters.index"),
    "reopening": ("four_eyes.index",),
    "standard_reasons": ("four_eyes.index",),
    "requirements": ("four_eyes.index", "batches.index", "queue.index"),
    "retention": ("audit.index",),
    "incidents": ("audit.index",),
    "admin.new_company": ("admin.companies",),
    "admin.company": ("admin.companies",),
    "unsent": ("admin.people",),
    "admin.new_person": ("admin.people",),
    "admin.add_person": ("admin.people",),
    "admin.person": ("admin.people",),
    "admin.unlock": ("admin.people",),
    "admin.end_sessions": ("admin.people",),
    "admin.new_password": ("admin.people",),
    "admin.reset_second_step": ("admin.people",),
    "admin": ("admin.companies",),
    "registrations": ("admin.companies",),
    "colleagues": ("colleagues.start",),
}
"""The entry of the menu a page belongs to, by endpoint or subject: the first that is shown."""


def steps(current: str, batch_id: str | None = None, *, reached: int = 0) -> list[Step]:
    """The step bar with `current` (a subject such as "results") marked.

    Steps before it are done; steps up to the index `reached` can be opened.
    """
    shown = (STEPS[0], COLUMNS_STEP, *STEPS[1:]) if current == "columns" else STEPS
    place = next(i for i, (name, _label) in enumerate(shown) if name.partition(".")[0] == current)
    known = current_app.view_functions
    return [
        Step(
            label,
            url_for(endpoint, batch_id=batch_id)
            if batch_id and i != place and i <= max(reached, place) and endpoint in known
            else None,
            is_done=i < place,
            is_current=i == place,
        )
        for i, (endpoint, label) in enumerate(shown)
    ]


def other_workplaces() -> list[memberships.Workplace]:
    """The companies that the head of the page offers to change to."""
    mine = memberships.workplaces(portal(), current_user.actor)
    return [one for one in mine if not one.is_current]


def form_key() -> str:
    """A new key for a form, so that a double click or a repeated send makes one thing (E9)."""
    return uuid4().hex


def here() -> str:
    """This page's own path, for links that come back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def has_notice() -> bool:
    """Whether a notice of the step before waits; looking does not begin a session."""
    return bool(session) and "_flashes" in session


def _around() -> dict[str, Any]:
    signed_in = is_signed_in()
    return {
        "actor": current_user.actor if signed_in else None,
        "demo": portal().settings.demo,
        "request_id": g.get("request_id", ""),
    }


def init_app(app: Flask) -> None:
    """Gives the templates what they show around their content."""
    app.context_processor(_around)
    app.jinja_env.globals.update(
        list_with=list_with,
        menu=menu,
        whereabouts=whereabouts,
        other_workplaces=other_workplaces,
        steps=steps,
        form_key=form_key,
        here=here,
        has_notice=has_notice,
        to_send_on=holding.to_send_on,
        csrf_token=generate_csrf,
        BATCH_STATES=BATCH_STATES,
        DOCUMENTS=DOCUMENTS,
        REFUSED=REFUSED,
        SEVERITIES=SEVERITIES,
        VERDICTS=VERDICTS,
    )
