"""Companies and branches: adding, changing, listing."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Branch, Company, new_id
from hr_portal.adapters.letters import LetterError, check_logo
from hr_portal.adapters.letters.company_texts import check_choices
from hr_portal.adapters.letters.logo import media_type_of
from hr_portal.domain.letter_choices import PHRASES, choices_of, kept_choices
from hr_portal.domain.letter_numbers import check_pattern
from hr_portal.domain.permissions import Actor, may
from hr_portal.domain.told import REQUIRED, UNKNOWN, Told
from hr_portal.services import audit, queue_words, visible
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from hr_portal.services.letter_numbering import company_series

NPP_DIGITS = 8
DIVISION_DIGITS = 3
NPP_SHAPE = Told("NPP terdiri atas 8 angka", "An NPP has 8 digits")
DIVISION_SHAPE = Told("Divisi terdiri atas 1 sampai 3 angka", "A division has 1 to 3 digits")
COMPANY_TEXTS = ("name", "address", "city", "phone", "email", "letter_code", "short_name")


def _require_admin(by: Actor | None) -> None:
    if by is not None and not may(by, "installation.manage"):
        raise Forbidden("Hanya admin yang dapat mengubah ini.", "Only an admin may change this.")


def create_branch(
    portal: Portal,
    *,
    name: str,
    city: str = "",
    address: str = "",
    timezone: str = "Asia/Jakarta",
    by: Actor | None = None,
) -> str:
    """Add a branch office and return its id.

    Raises:
        Invalid: the name is empty. Conflict: there is one of this name.

    """
    _require_admin(by)
    if not name.strip():
        raise Invalid(
            "Nama kantor cabang wajib diisi.",
            "A branch needs a name.",
            fields={"name": REQUIRED},
        )
    if timezone not in {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}:
        raise Invalid(
            "Pilih WIB, WITA, atau WIT.",
            "Choose WIB, WITA or WIT.",
            fields={"timezone": UNKNOWN},
        )
    with portal.db.write() as session:
        if session.scalar(sa.select(Branch.id).where(Branch.name == name.strip())):
            raise Conflict(
                f"Kantor cabang {name.strip()} sudah ada.", f"Branch {name.strip()} exists already."
            )
        branch = Branch(
            id=new_id(),
            name=name.strip(),
            city=city.strip(),
            address=address.strip(),
            timezone=timezone,
        )
        session.add(branch)
        session.flush()
        audit.record(portal, session, by, "branch:created", branch.id)
        return branch.id


def create_company(
    portal: Portal,
    *,
    name: str,
    npp: str,
    division: str = "000",
    by: Actor | None = None,
    **more: Any,  # noqa: ANN401 - columns of many kinds
) -> str:
    """Add a company with its own data key and return its id.

    `more` may hold the other columns of `Company` (address, contact, signatories …).

    Raises:
        Invalid: name or NPP can't be taken. Conflict: NPP and division exist.

    """
    with portal.db.write() as session:
        return add_company(portal, session, name=name, npp=npp, division=division, by=by, **more)


def add_company(
    portal: Portal,
    session: Session,
    *,
    name: str,
    npp: str,
    division: str = "000",
    by: Actor | None = None,
    **more: Any,  # noqa: ANN401 - columns of many kinds
) -> str:
    """As `create_company`, in the transaction."""
    _require_admin(by)
    npp, division = npp.strip(), division.strip().zfill(3)
    problems = {}
    if not name.strip():
        problems["name"] = REQUIRED
    if not (len(npp) == NPP_DIGITS and npp.isascii() and npp.isdigit()):
        problems["npp"] = NPP_SHAPE
    if not (len(division) == DIVISION_DIGITS and division.isascii() and division.isdigit()):
        problems["division"] = DIVISION_SHAPE
    if problems:
        raise Invalid(
            "Data perusahaan belum lengkap; lihat isian yang ditandai.",
            "The company's data is incomplete; see the marked fields.",
            fields=problems,
        )
    if session.scalar(
        sa.select(Company.id).where(Company.npp == npp, Company.division == division)
    ):
        raise Conflict(
            f"NPP {npp} divisi {division} sudah terdaftar.",
            f"NPP {npp} division {division} exists already.",
        )
    company_id = new_id()
    session.add(
        Company(
            id=company_id,
            name=name.strip(),
            npp=npp,
            division=division,
            data_key=portal.vault.new_company_key(company_id),
            **more,
        )
    )
    session.flush()
    audit.record(portal, session, by, "company:created", company_id, company_id=company_id)
    return company_id


def edit_company(portal: Portal, actor: Actor, company_id: str, values: dict[str, Any]) -> None:
    """Change what letters show of a company: texts, contact, signatories, pattern.

    Raises:
        NotFound: not theirs. Invalid: a value can't be taken; `fields` says which.

    """
    problems = {}
    with portal.db.read() as session:
        reset = company_series(visible.company(session, actor, company_id), "permohonan").reset
    if "name" in values and not str(values["name"]).strip():
        problems["name"] = REQUIRED
    if "number_pattern" in values and (
        wrong := check_pattern(str(values["number_pattern"]), reset)
    ):
        problems["number_pattern"] = Told.together(wrong)
    values = dict(values)
    problems |= _unprintable(values)
    if values.get("paper", "a4") not in {"a4", "f4"}:
        problems["paper"] = Told("A4 atau F4", "A4 or F4")
    if problems:
        raise Invalid(
            "Ada isian yang perlu diperbaiki.", "Some fields need mending.", fields=problems
        )
    with portal.db.write() as session:
        company = visible.company(session, actor, company_id)
        renamed = "name" in values and str(values["name"]).strip() != company.name
        if renamed:
            queue_words.lock_of_company(session, company_id)
        for key in (
            *COMPANY_TEXTS,
            "number_pattern",
            "paper",
            "contact",
            "signatories",
            "copies_to",
            "letter_choices",
            "logo",
            "logo_type",
            "default_branch_id",
        ):
            if key in values:
                value = values[key]
                setattr(company, key, value.strip() if isinstance(value, str) else value)
        if renamed:
            queue_words.rename(session, company_id, company.name)
        audit.record(
            portal,
            session,
            actor,
            "company:edited",
            company_id,
            company_id=company_id,
            keys=sorted(values),
        )


def _unprintable(values: dict[str, Any]) -> dict[str, Told]:
    """Check choices and logo as a letter will, and make them what is kept; return what is wrong."""
    problems = {}
    if "letter_choices" in values:
        chosen = choices_of(values["letter_choices"])
        if chosen.phrases not in PHRASES:
            problems["phrases"] = Told(
                "Pilih salah satu pasangan judul kolom", "Choose one pair of column titles"
            )
        problems |= {
            name: Told(error.message, error.message_en)
            for name, error in check_choices(chosen).items()
        }
        values["letter_choices"] = kept_choices(chosen)
    if logo := values.get("logo"):
        values["logo_type"] = media_type_of(logo)
        try:
            check_logo(logo, values["logo_type"])
        except LetterError as error:
            problems["logo"] = Told(error.message, error.message_en)
    elif "logo" in values:
        values["logo"] = values["logo_type"] = None
    return problems


def companies(portal: Portal, actor: Actor) -> list[Company]:
    """Return the companies an actor works for; an admin gets all."""
    with portal.db.read() as session:
        query = sa.select(Company).order_by(Company.name, Company.division)
        if not actor.is_admin:
            query = query.where(Company.id.in_(actor.companies or [""]))
        return list(session.scalars(query))


def company(portal: Portal, actor: Actor, company_id: str) -> Company:
    """Return one company the actor may change, or raise NotFound."""
    with portal.db.read() as session:
        return visible.company(session, actor, company_id)


def branches(portal: Portal) -> list[Branch]:
    """Return active branches by name."""
    with portal.db.read() as session:
        query = sa.select(Branch).where(Branch.is_active).order_by(Branch.name)
        return list(session.scalars(query))


def branch_names(portal: Portal, ids: Iterable[str]) -> list[str]:
    """Return the names of those of some branches that are active, in order."""
    with portal.db.read() as session:
        return list(session.scalars(_NAMES, {"branches": sorted(ids)}))


_NAMES: Final = (
    sa.select(Branch.name)
    .where(Branch.is_active, Branch.id.in_(sa.bindparam("branches", expanding=True)))
    .order_by(Branch.name)
)
"""Made once: it is asked for the head of every page of a reviewer."""


def branch(portal: Portal, branch_id: str) -> Branch:
    """Return one branch, or raise NotFound."""
    with portal.db.read() as session:
        found = session.get(Branch, branch_id)
        if found is None:
            raise NotFound
        return found
