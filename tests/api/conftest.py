"""Callers with tokens, workbooks to send, and a client that holds every refusal to its shape."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hr_portal import worker
from hr_portal.adapters.scanner import Scanner
from hr_portal.app import create_app
from hr_portal.services import accounts, places
from hr_portal.services.context import Portal
from hr_portal.settings import Settings
from tests.conftest import MASTER_KEY, SECRET_KEY
from tests.furnished import everybody_agrees, furnish

BASE = "/api/v1"
PASSWORD = "kuda laut biru tujuh"
HEADERS = [
    "No",
    "KPJ",
    "NIK",
    "No KK",
    "Nama Lengkap",
    "Tanggal Lahir",
    "Data",
    "Semula",
    "Menjadi",
    "Alasan",
]
KK = "3171011203159001"
MOTHER = ["Nama Ibu Kandung", "AMINA", "AMINAH"]
ADDRESS = ["Alamat Domisili", "Jl. Melati 1", "Jl. Kenanga 7"]
BIRTHPLACE = ["Tempat Lahir", "BOGOR", "JAKARTA"]
# Everybody here is invented; serials from 9000 up.
CLEAN = [
    [
        "1",
        "09999990017",
        "3171014508909013",
        KK,
        "SITI CONTOHAN",
        "05-08-1990",
        *MOTHER,
        "Salah tulis",
    ],
    ["2", "09999990025", "3171011203859021", KK, "BUDI MISALNYA", "12-03-1985", *ADDRESS, "Pindah"],
    [
        "3",
        "09999990033",
        "3171016511929034",
        KK,
        "RINI REKAAN",
        "25-11-1992",
        *BIRTHPLACE,
        "Salah tulis",
    ],
]


def workbook(rows=CLEAN, headers=HEADERS) -> bytes:
    """A real xlsx of these rows, all as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (headers, *rows):
        sheet.append(row)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.number_format = "@"
            if cell.value is not None:
                cell.data_type = "s"  # openpyxl takes "=…" for a formula
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return stream.getvalue()


@dataclass(frozen=True)
class World:
    """Who and what the tests work with."""

    company: str
    other_company: str
    branch: str
    other_branch: str
    tokens: dict[str, str]


@dataclass
class Caller:
    """A program with one user's token; every answer is held to what the interface promises."""

    app: Flask
    token: str | None = None
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def call(self, method: str, path: str, *, headers: dict | None = None, **more) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        full = path if path.startswith("/api/") else BASE + path
        answer = self.client.open(full, method=method, headers={**sent, **(headers or {})}, **more)
        if answer.status_code >= 400:
            check_refusal(answer)
        return answer

    def get(self, path: str, *, expect: int = 200, **query) -> dict:
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == expect, answer.text
        return answer.json

    def post(self, path: str, *, expect: int = 200, **body) -> dict:
        answer = self.call("POST", path, json=body)
        assert answer.status_code == expect, answer.text
        return answer.json

    def send(
        self,
        path: str,
        content: bytes,
        name: str,
        *,
        expect: int = 201,
        key: str | None = None,
        **form,
    ) -> dict:
        """A file as a multipart form."""
        data = {**form, "file": (io.BytesIO(content), name)}
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.call("POST", path, data=data, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json


def check_refusal(answer: TestResponse) -> None:
    """Holds a refusal to the one shape."""
    assert answer.mimetype == "application/json", answer.text
    assert set(answer.json) == {"error"}
    error = answer.json["error"]
    assert set(error) == {"code", "message", "message_en", "request_id", "fields"}
    assert error["request_id"] == answer.headers["X-Request-Id"]
    assert error["code"]
    assert error["message"] != error["message_en"]
    assert isinstance(error["fields"], dict)
    assert "Traceback" not in answer.text
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.fixture
def portal(settings) -> Iterator[Portal]:
    opened = Portal.from_settings(settings)
    yield opened
    opened.close()


def build_app(portal: Portal) -> Flask:
    made = create_app(portal.settings, portal=portal)
    made.config["TESTING"] = False  # faults are answered as in earnest
    return made


@pytest.fixture
def app(portal: Portal) -> Flask:
    return build_app(portal)


def build_world(portal: Portal) -> World:
    """Two companies, two branches, and a token for each kind of person."""
    branch = places.create_branch(
        portal, name="Contoh Raya", city="Jakarta", address="Jl. Contoh 1"
    )
    other_branch = places.create_branch(portal, name="Umpama Barat", city="Bandung")
    common = {"default_branch_id": branch, "city": "Jakarta", "address": "Jl. Rekaan 9, Jakarta"}
    letters = {
        "signatories": [{"name": "Dewi Teladan", "title": "Manajer HRD", "attorney_number": ""}],
        "contact": {
            "name": "Rahma Contohan",
            "title": "Staf HRD",
            "phone": "021-5550100",
            "email": "hrd@contoh.example",
        },
        "short_name": "CS",
    }
    company = places.create_company(
        portal, name="PT Contoh Sejahtera", npp="90000123", **common, **letters
    )
    other = places.create_company(
        portal, name="PT Umpama Jaya", npp="90000124", **common, **letters
    )
    tokens = {}
    for who, role, where in (
        ("hrd", "hrd", {"company_id": company}),
        ("other_hrd", "hrd", {"company_id": other}),
        ("reviewer", "reviewer", {"branch_id": branch}),
        ("reviewer2", "reviewer", {"branch_id": branch}),
        ("other_reviewer", "reviewer", {"branch_id": other_branch}),
        ("admin", "admin", {}),
    ):
        email = f"{who}@portal.example"
        accounts.create_user(
            portal, email=email, name=f"Orang {who.title()}", password=PASSWORD, role=role, **where
        )
        tokens[who] = accounts.create_token(portal, email)
    # HRD of the other company, and reviewer of the other branch: may do everything, elsewhere
    accounts.create_user(
        portal,
        email="other_hrd@portal.example",
        name="",
        password="",
        role="reviewer",
        branch_id=other_branch,
    )
    everybody_agrees(portal)
    return World(company, other, branch, other_branch, tokens)


@pytest.fixture
def world(portal: Portal) -> World:
    return furnish(portal, build_world)


@pytest.fixture
def caller(app: Flask, world: World):
    """`caller("hrd")` calls with that person's token, `caller()` without any."""

    def make(who: str | None = None) -> Caller:
        return Caller(app, world.tokens[who] if who else None)

    return make


@pytest.fixture
def hrd(caller) -> Caller:
    return caller("hrd")


@pytest.fixture
def reviewer(caller) -> Caller:
    return caller("reviewer")


def without_documents(hrd: Caller, here: str) -> None:
    """State why the batch goes without the documents that its corrections ask for."""
    hrd.post(f"{here}/explanations", reason="Aslinya dibawa ke cabang")


@pytest.fixture
def checked(portal: Portal, hrd: Caller) -> dict:
    """A batch of three clean rows that has been read and checked."""
    made = hrd.send("/batches", workbook(), "koreksi.xlsx")
    worker.run_all(portal)
    return hrd.get(f"/batches/{made['id']}")


@pytest.fixture
def submitted(hrd: Caller, checked: dict) -> dict:
    """That batch with its letter, submitted."""
    without_documents(hrd, f"/batches/{checked['id']}")
    hrd.post(f"/batches/{checked['id']}/letters", expect=201)
    version = hrd.get(f"/batches/{checked['id']}")["version"]
    return hrd.post(f"/batches/{checked['id']}/submit", version=version, declaration=True)


@pytest.fixture
def under_review(reviewer: Caller, submitted: dict) -> dict:
    """That batch, taken by the reviewer."""
    return reviewer.post(f"/batches/{submitted['id']}/take", version=submitted["version"])


def small_pdf() -> bytes:
    """A small real PDF of one empty page."""
    stream = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(stream)
    return stream.getvalue()


def zipped(end: bytes = b"") -> bytes:
    """A ZIP of one document whose name tells nothing; `end` makes its bytes others than before."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("scan0031.pdf", small_pdf() + end)
    return made.getvalue()


@dataclass(frozen=True)
class Scene:
    """A world that many tests look at and none changes: every kind of thing exists once."""

    app: Flask
    portal: Portal
    tokens: dict[str, str]
    batch: str
    document: str
    letter: str
    archive: str
    held: str
    upload: str
    run: str
    company: str
    reason: str

    def caller(self, who: str | None = None) -> Caller:
        return Caller(self.app, self.tokens[who] if who else None)

    def ids(self, **other: str) -> dict[str, str]:
        """Values for the parameters of any route."""
        return {
            "batch_id": self.batch,
            "document_id": self.document,
            "letter_id": self.letter,
            "archive_id": self.archive,
            "held_id": self.held,
            "upload_id": self.upload,
            "run_id": self.run,
            "company_id": self.company,
            "reason_id": self.reason,
            **other,
        }


@pytest.fixture(scope="package")
def scene(tmp_path_factory, _migrated_sqlite) -> Iterator[Scene]:
    with make_scene(tmp_path_factory.mktemp("scene"), _migrated_sqlite) as made:
        yield made


@contextmanager
def make_scene(folder: Path, migrated: Path) -> Iterator[Scene]:
    """A scene of its own, for a test that changes it."""
    shutil.copy(migrated, folder / "portal.sqlite3")
    settings = Settings(
        data_dir=folder, secret_key=SECRET_KEY, master_key=MASTER_KEY, demo=True,
        database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
    )  # fmt: skip
    settings.make_folders()
    portal = Portal.from_settings(settings)
    app, world = build_app(portal), build_world(portal)
    tokens = world.tokens
    # for made-up requests: somebody whom no route refuses for their role
    for role, place in (
        ("hrd", {"company_id": world.company}),
        ("reviewer", {"branch_id": world.branch}),
    ):
        accounts.create_user(
            portal,
            email="semua@portal.example",
            name="Orang Semua",
            password=PASSWORD,
            role=role,
            **place,
        )
    tokens["everybody"] = accounts.create_token(portal, "semua@portal.example")
    hrd = Caller(app, tokens["hrd"])
    batch = hrd.send("/batches", workbook(), "koreksi.xlsx")["id"]
    worker.run_all(portal)
    document = hrd.send(f"/batches/{batch}/documents", small_pdf(), "ktp.pdf", row=2)["id"]
    letter = hrd.post(f"/batches/{batch}/letters", expect=201)["id"]
    archive = hrd.send(f"/batches/{batch}/archives", zipped(), "dokumen.zip")["id"]
    begun = hrd.post(f"/batches/{batch}/archive-uploads", file_name="b.zip", size=9, expect=201)
    upload = begun["id"]
    run = hrd.post("/letter-runs", expect=201, batches=[batch])["id"]
    worker.run_all(portal)
    admin = Caller(app, tokens["admin"])
    reason = admin.post("/standard-reasons", text="KTP contoh", expect=201)["id"]
    portal.scanner = Scanner("127.0.0.1:1")
    held = hrd.send(f"/batches/{batch}/documents", small_pdf(), "akta.pdf", row=3)["id"]
    portal.scanner = None
    yield Scene(
        app,
        portal,
        tokens,
        batch,
        document,
        letter,
        archive,
        held,
        upload,
        run,
        world.company,
        reason,
    )
    portal.close()
