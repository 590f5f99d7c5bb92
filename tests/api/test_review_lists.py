"""What an admin keeps for reviewers, and e-mails that were not sent, as the pages have them."""

import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from tests.api.test_races import both


def test_an_admin_keeps_the_reasons_and_reviewers_read_what_is_offered(caller):
    admin, reviewer = caller("admin"), caller("reviewer")
    before = admin.get("/standard-reasons")["items"]
    made = admin.post("/standard-reasons", text="  KTP   buram ", expect=201)
    assert (made["text"], made["text_en"]) == ("KTP buram", "KTP buram")
    assert admin.get("/standard-reasons")["items"] == [*before, made]
    assert "sudah ada" in str(admin.post("/standard-reasons", text="ktp BURAM", expect=409))
    here = f"/standard-reasons/{made['id']}"
    changed = admin.post(here, text="KTP tidak terbaca sama sekali", text_en="KTP unreadable")
    assert changed["id"] == made["id"]
    offered = reviewer.get("/reasons")["items"][-1]
    assert offered == {"text": changed["text"], "text_en": "KTP unreadable"}
    assert admin.post(f"{here}/remove")["items"] == before
    admin.post(f"{here}/remove", expect=404)
    admin.post(here, text="KTP", expect=404)


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [({"text": " "}, "text", "Tulis alasannya"),
     ({"text": "x" * 201}, "text", "paling panjang 200 huruf; ini 201"),
     ({"text": "KTP", "text_en": "x" * 201}, "text_en", "paling panjang 200 huruf")],
)  # fmt: skip
def test_a_reason_that_cannot_stand_on_the_list_says_why(caller, sent, field, told):
    error = caller("admin").post("/standard-reasons", **sent, expect=422)["error"]
    assert set(error["fields"]) == {field}
    assert told in error["message"]


def test_an_admin_keeps_what_two_reviewers_have_to_approve(caller, under_review, reviewer):
    admin = caller("admin")
    before = admin.get("/four-eyes")["items"]
    made = admin.post("/four-eyes", fields=["alamat", "nama_ibu"], expect=201)
    assert made == {"id": made["id"], "fields": ["nama_ibu", "alamat"]}
    assert admin.get("/four-eyes")["items"] == [*before, made]
    assert "sudah ada" in str(admin.post("/four-eyes", fields=["nama_ibu", "alamat"], expect=409))
    single = admin.post("/four-eyes", fields=["alamat"], expect=201)

    here, version = f"/batches/{under_review['id']}", under_review["version"]
    reviewer.post(f"{here}/verdicts", version=version, rows="rest", verdict="approve")
    error = reviewer.post(f"{here}/decide", version=version, expect=422)["error"]
    assert (error["code"], error["fields"]) == ("second_missing", {"rows": "3"})
    assert admin.post(f"/four-eyes/{single['id']}/remove")["items"] == [*before, made]
    admin.post(f"/four-eyes/{single['id']}/remove", expect=404)
    assert reviewer.post(f"{here}/decide", version=version)["outcome"] == "approve"


@pytest.mark.parametrize("chosen", [[], ["gaji"], ["nik", "kk", "hp", "email", "nama", "alamat"]])
def test_a_combination_of_no_data_unknown_or_too_many_is_refused(caller, chosen):
    admin = caller("admin")
    before = admin.get("/four-eyes")
    error = admin.post("/four-eyes", fields=chosen, expect=422)["error"]
    assert next(iter(error["fields"])).startswith("fields")
    assert admin.get("/four-eyes") == before


@pytest.fixture
def settings(make_settings, database_url):
    """Settings with a mail server that nobody is at."""
    return make_settings(database_url=database_url, mail_url="smtp://127.0.0.1:1")


def test_an_admin_sees_what_was_not_sent_and_sends_it_again_once(
    portal, app, world, caller, under_review
):
    worker.run_all(portal)
    admin = caller("admin")
    told = admin.get("/unsent-mails")
    one = told["items"][0]
    assert one["subject"].endswith("mulai diperiksa"), "the latest first"
    assert one["to"]["name"] == "Orang Hrd"
    assert (one["may_send_again"], bool(one["next_try"])) == (True, True)
    ((first, second),) = both(
        app, [world.tokens["admin"]] * 2, [one["id"]],
        lambda caller, mail: caller.call("POST", f"/unsent-mails/{mail}/send", json={}),
    )  # fmt: skip
    won, lost = sorted((first, second), key=lambda answer: answer.status_code)
    assert (won.status_code, won.json, lost.status_code) == (
        200, {"unsent": told["total"] - 1}, 409
    )  # fmt: skip
    with portal.db.read() as session:
        acts = session.scalars(sa.select(Act.action)).all()
        assert acts.count("mail:sent_again") == 1
    worker.run_all(portal)
    again = admin.get("/unsent-mails")["items"][0]
    assert (again["id"], again["error"]) == (one["id"], one["error"])
    admin.post("/unsent-mails/999/send", expect=404)
