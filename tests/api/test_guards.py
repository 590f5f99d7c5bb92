"""Who may act on what they saw: versions, four eyes, and what is closed."""

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Correction
from hr_portal.services import accounts
from tests.api.conftest import workbook


@pytest.fixture
def settings(sqlite_settings):
    """The races themselves run on both databases; these guards are the same code on either."""
    return sqlite_settings


ACTS_OF_HRD = {
    "submit": {"declaration": True},
    "letters": {},
    "cancel": {},
    "confirmations": {"reason": "Benar", "code": "ROW-03"},
}
ACTS_OF_REVIEWER = {
    "verdicts": {"rows": "rest", "verdict": "approve"},
    "decide": {},
    "release": {},
    "pass-on": {},
}


@pytest.mark.parametrize("act", [*ACTS_OF_HRD, "revisions", "documents"])
def test_an_act_of_hrd_on_a_stale_version_is_refused_with_the_present_one(hrd, checked, act):
    here = f"/batches/{checked['id']}"
    stale = checked["version"] + 1
    if act in ACTS_OF_HRD:
        refused = hrd.post(f"{here}/{act}", expect=409, **ACTS_OF_HRD[act], version=stale)
    else:
        refused = hrd.send(f"{here}/{act}", workbook(), "a.xlsx", expect=409, version=stale)
    assert refused["error"]["code"] == "stale_version"
    assert refused["error"]["fields"] == {"version": checked["version"]}
    assert hrd.get(here) == checked


def test_an_act_of_a_reviewer_on_a_stale_version_is_refused_with_the_present_one(
    portal, reviewer, under_review
):
    here = f"/batches/{under_review['id']}"
    for act, body in ACTS_OF_REVIEWER.items():
        refused = reviewer.post(
            f"{here}/{act}", expect=409, **body, version=under_review["version"] - 1
        )["error"]
        assert (refused["code"], refused["fields"]) == (
            "stale_version",
            {"version": under_review["version"]},
        )
    assert reviewer.get(here)["version"] == under_review["version"]
    with portal.db.read() as session:
        assert (
            session.scalar(sa.select(sa.func.count()).where(Correction.verdict.is_not(None))) == 0
        )


def test_a_stale_take_is_refused_with_the_present_version(reviewer, submitted):
    refused = reviewer.post(f"/batches/{submitted['id']}/take", expect=409, version=1)["error"]
    assert (refused["code"], refused["fields"]) == (
        "stale_version",
        {"version": submitted["version"]},
    )


def test_only_the_reviewer_who_holds_a_batch_decides_it(caller, under_review):
    here, version = f"/batches/{under_review['id']}", under_review["version"]
    other = caller("reviewer2")
    for act in ("verdicts", "decide", "release", "pass-on"):
        refused = other.post(f"{here}/{act}", expect=409, **ACTS_OF_REVIEWER[act], version=version)[
            "error"
        ]
        assert "Orang Reviewer" in refused["message"]


def test_nobody_reviews_what_they_uploaded_or_what_their_company_sent(
    portal, caller, world, submitted
):
    here = f"/batches/{submitted['id']}"
    for email, code, role, place in (
        ("hrd@portal.example", "own_upload", "reviewer", {"branch_id": world.branch}),
        ("reviewer2@portal.example", "own_company", "hrd", {"company_id": world.company}),
    ):
        accounts.create_user(portal, email=email, name="", password="", role=role, **place)
        who = caller(email.split("@")[0])
        assert who.post(f"{here}/take", expect=403)["error"]["code"] == code
        assert {one["barred"] for one in who.get("/queue")["items"]} == {code}


def test_what_was_submitted_is_not_edited(hrd, submitted):
    here = f"/batches/{submitted['id']}"
    assert (
        hrd.send(f"{here}/revisions", workbook(), "a.xlsx", expect=409)["error"]["code"]
        == "not_editable"
    )
    assert hrd.post(f"{here}/cancel", expect=409)["error"]["code"] == "not_editable"
    assert (
        hrd.post(f"{here}/letters", expect=201)["state"] == "issued"
    )  # nothing changed: the one that stands
