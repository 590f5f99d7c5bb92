"""A batch on its way, brought there by the services, so that a page test starts where it looks.

Workbooks are made by openpyxl; letters are only numbered, unless a test is about their PDF.
"""

import datetime as dt
import io

import openpyxl
import pytest

from hr_portal import demo, worker
from hr_portal.adapters.documents.specimen import specimen
from hr_portal.services import (
    accounts,
    batch_views,
    coverage,
    documents,
    explaining,
    intake,
    letters,
    places,
    results,
    review,
    submission,
)
from tests.furnished import everybody_agrees
from tests.web.client import PASSWORD, PageClient

PER_CORRECTION = (
    "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK", "Data", "Semula", "Menjadi", "Alasan",
)  # fmt: skip
PER_EMPLOYEE = (
    "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK",
    "No HP", "No HP (Menjadi)", "Alamat Domisili", "Alamat Domisili (Menjadi)",
)  # fmt: skip
SECOND = "lestari@cabang.example"


def workbook(header, rows) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def employee(serial: int) -> tuple[str, ...]:
    one = demo._person(serial)
    return one["kpj"], one["nik"], one["nama"], one["lahir"], one["kk"]


def phones(count: int, start: int = 100) -> io.BytesIO:
    """Clean corrections of phone numbers, from row 2 of the sheet on."""
    return workbook(
        PER_CORRECTION,
        [
            (
                *employee(start + i),
                "No HP",
                f"0813{90000000 + i}",
                f"0812{90000000 + start + i}",
                "Nomor lama mati",
            )
            for i in range(count)
        ],
    )


def accounts_sheet(count: int, start: int = 100) -> io.BytesIO:
    """Clean corrections of bank accounts, which lists mask."""
    return workbook(
        PER_CORRECTION,
        [
            (
                *employee(start + i),
                "No Rekening",
                f"90000{start + i:05}",
                f"90001{start + i:05}",
                "Salah ketik",
            )
            for i in range(count)
        ],
    )


def pairs(count: int, start: int = 300) -> io.BytesIO:
    """Employees with two corrections each."""
    return workbook(
        PER_EMPLOYEE,
        [
            (
                *employee(start + i),
                f"0813{90000000 + i}", f"0812{90000000 + start + i}",
                f"Jalan Misal Lama Nomor {i + 1}", f"Jalan Misal Baru Nomor {i + 1}",
            )
            for i in range(count)
        ],
    )  # fmt: skip


class Story:
    """Short ways to bring a batch where a test wants it."""

    def __init__(self, portal, people):
        self.portal, self.people = portal, people
        self.users = {user["email"]: user["id"] for user in accounts.list_users(portal)}
        self.hrd = self.actor(people.hrd)
        self.reviewer = self.actor(people.reviewer)

    def actor(self, email):
        return accounts.load_actor(self.portal, self.users[email])

    def person(self, email, name, role, **place):
        self.users[email] = accounts.create_user(
            self.portal, email=email, name=name, password=PASSWORD, role=role, **place
        )
        everybody_agrees(self.portal)
        return self.actor(email)

    def complete_company(self):
        admin = self.actor(self.people.admin)
        places.edit_company(
            self.portal,
            admin,
            self.people.company_id,
            {
                "address": "Jalan Misal Nomor 1, Jakarta 10999",
                "short_name": "CSJ",
                "contact": {
                    "name": "Rahma Contohan",
                    "title": "Staf",
                    "phone": "0812 0000 9001",
                    "email": "",
                },
                "signatories": [
                    {"name": "Bambang Contohadi", "title": "Manajer SDM", "attorney_number": ""},
                    {"name": "Endang Umpamawati", "title": "Direktur", "attorney_number": ""},
                ],
            },
        )

    def draft(self, sheet=None, name="koreksi-hp.xlsx"):
        taken = intake.create_batch(self.portal, self.hrd, sheet or phones(4), name)
        worker.run_all(self.portal)
        return taken.batch_id

    def ready(self, sheet=None, *, wait=False, without="Aslinya dibawa ke cabang"):
        batch = self.draft(sheet)
        for item in results.todo(self.portal, self.hrd, batch):
            if item.severity == "warning":
                results.confirm_warnings(
                    self.portal, self.hrd, batch, reason="Sesuai KTP-el asli", code=item.code
                )
        if coverage.matrix(self.portal, self.hrd, batch).lacking:
            explaining.explain(self.portal, self.hrd, batch, reason=without)
        letters.issue(self.portal, self.hrd, batch, wait=wait)
        return batch

    def submitted(self, sheet=None):
        batch = self.ready(sheet)
        submission.submit(self.portal, self.hrd, batch, version=None, declaration=True)
        return batch

    def taken(self, sheet=None, by=None):
        batch = self.submitted(sheet)
        review.take(self.portal, by or self.reviewer, batch)
        return batch

    def verdict(self, batch, rows, verdict, reason="", by=None):
        review.give_verdicts(
            self.portal,
            by or self.reviewer,
            batch,
            version=None,
            rows=rows,
            verdict=verdict,
            reason=reason,
        )

    def decide(self, batch, by=None):
        return review.decide(self.portal, by or self.reviewer, batch, version=None)

    def view(self, batch, actor=None):
        return batch_views.batch_view(self.portal, actor or self.hrd, batch)

    def card(self, batch, row=None, name="KTP.jpg"):
        picture = io.BytesIO(specimen("KTP", "SITI CONTOHAN", []))
        return documents.add_document(
            self.portal, self.hrd, batch, picture, name, kind="ktp", row=row
        ).id

    def ago(self, **span):
        """The clock that long ago, until `now` is called."""
        moment = dt.datetime.now(dt.UTC) - dt.timedelta(**span)
        self.portal.clock = lambda: moment

    def now(self):
        self.portal.clock = lambda: dt.datetime.now(dt.UTC)


@pytest.fixture
def story(portal, people) -> Story:
    made = Story(portal, people)
    made.complete_company()
    return made


@pytest.fixture
def second(app, story) -> PageClient:
    """Another reviewer of the same branch."""
    story.person(SECOND, "Lestari Misalnya", "reviewer", branch_id=story.people.branch_id)
    return PageClient(app).arrive(SECOND)
