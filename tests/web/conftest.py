"""People of two companies, a branch and the installation, each with a client of their own."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from hr_portal import worker
from hr_portal.app import create_app
from hr_portal.services import accounts, places
from hr_portal.services.context import Portal
from hr_portal.settings import Settings
from tests.furnished import everybody_agrees, furnish
from tests.web.client import PASSWORD, PageClient

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@dataclass(frozen=True)
class People:
    """Who and what the tests of pages work with."""

    company_id: str
    other_company_id: str
    branch_id: str
    hrd: str = "rahma@contoh.example"
    hrd2: str = "dian@contoh.example"
    other_hrd: str = "joko@umpama.example"
    reviewer: str = "bayu@cabang.example"
    admin: str = "admin@portal.example"


@pytest.fixture
def limits() -> dict[str, object]:
    """Settings that a test wants otherwise; it gives them by parametrising this."""
    return {}


@pytest.fixture
def settings(make_settings, limits, sqlite_url) -> Settings:
    """Pages ask nothing of the database that services don't; these tests run on SQLite."""
    return make_settings(database_url=sqlite_url, **limits)


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    opened = Portal.from_settings(settings)
    yield opened
    opened.close()


@pytest.fixture
def people(portal: Portal) -> People:
    return furnish(portal, make_people)


def make_people(portal: Portal) -> People:
    """Two companies of one branch, and a person of each kind."""
    branch_id = places.create_branch(portal, name="Contoh Raya", city="Jakarta")
    company_id = places.create_company(
        portal,
        name="PT Contoh Sejahtera",
        npp="90000123",
        default_branch_id=branch_id,
        city="Jakarta",
    )
    other = places.create_company(
        portal, name="PT Umpama Jaya", npp="90000124", default_branch_id=branch_id
    )
    made = People(company_id, other, branch_id)
    for email, name, role, where in (
        (made.hrd, "Rahma Contohan", "hrd", {"company_id": company_id}),
        (made.hrd2, "Dian Misalnya", "hrd", {"company_id": company_id}),
        (made.other_hrd, "Joko Umpama", "hrd", {"company_id": other}),
        (made.reviewer, "Bayu Teladan", "reviewer", {"branch_id": branch_id}),
        (made.admin, "Ayu Rekaan", "admin", {}),
    ):
        accounts.create_user(portal, email=email, name=name, password=PASSWORD, role=role, **where)
    everybody_agrees(portal)
    return made


@pytest.fixture
def app(portal: Portal, settings: Settings) -> Flask:
    made = create_app(settings, portal=portal)
    made.config["TESTING"] = False  # faults are answered as in earnest
    return made


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """Somebody who hasn't signed in."""
    return PageClient(app)


@pytest.fixture
def hrd(app: Flask, people: People) -> PageClient:
    return PageClient(app).arrive(people.hrd)


@pytest.fixture
def other_hrd(app: Flask, people: People) -> PageClient:
    return PageClient(app).arrive(people.other_hrd)


@pytest.fixture
def reviewer(app: Flask, people: People) -> PageClient:
    return PageClient(app).arrive(people.reviewer)


@pytest.fixture
def admin(app: Flask, people: People) -> PageClient:
    return PageClient(app).arrive(people.admin)


@pytest.fixture
def sample() -> Callable[[str], tuple[io.BytesIO, str]]:
    """A sample workbook as a form sends it."""
    return lambda name: (io.BytesIO((SAMPLES / name).read_bytes()), name)


@pytest.fixture
def upload(hrd: PageClient, portal: Portal, sample) -> Callable[..., str]:
    """Sends a sample as HRD and lets the worker check it; gives the submission's address."""

    def send(name: str = "koreksi-november.xlsx", *, check: bool = True) -> str:
        answer = hrd.post("/pengajuan/baru", {"file": sample(name)})
        if check:
            worker.run_all(portal)
        return answer.headers["Location"]

    return send
