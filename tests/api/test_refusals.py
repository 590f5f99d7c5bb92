"""Every route, refused in every way it can be, in the one shape. Made from the list of routes."""

import io
import re
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from hr_portal import api
from hr_portal.adapters.database.models import Act, Batch, Correction
from hr_portal.api import door
from hr_portal.app import create_app
from hr_portal.domain.permissions import ALLOWED
from hr_portal.services.context import Portal
from hr_portal.services.errors import TooMany
from tests.api.conftest import (
    BASE,
    PASSWORD,
    Caller,
    build_world,
    check_refusal,
    small_pdf,
    workbook,
)

OPEN = {f"{BASE}/openapi.json", f"{BASE}/docs", f"{BASE}/docs/<name>"}

# What each POST takes at least; a new route without a line here fails the tests.
BODIES = {
    "create_batch": {"file": "koreksi.xlsx"},
    "add_revision": {"file": "koreksi.xlsx"},
    "add_document": {"file": "ktp.pdf"},
    "file_document": {"file": "ktp.pdf"},
    "add_archive": {"file": "dokumen.zip"},
    "stop_archive": {},
    "take_mapping_sheet": {"file": "pemetaan.xlsx"},
    "begin_upload": {"file_name": "dokumen.zip", "size": 1000},
    "put_part": {"file": "bagian.zip", "sha256": "0" * 64},
    "complete_upload": {},
    "cancel_upload": {},
    "remove_held_document": {},
    "accept_proposals": {"documents": ["0" * 32]},
    "place_document": {"whose": "2", "kind": "ktp"},
    "take_back": {},
    "judge_document": {"state": "fits"},
    "judge_documents": {"documents": "open", "state": "fits"},
    "remove_document": {},
    "explain_missing": {"reason": "Aslinya dibawa ke cabang"},
    "put_requirements_into_force": {"based_on": 1, "note": "Edaran", "corrections": []},
    "take_back_explanation": {},
    "cancel_batch": {},
    "confirm_warnings": {"reason": "Benar", "code": "ROW-03"},
    "issue_letter": {},
    "issue_many": {"batches": ["0" * 32]},
    "issue_forms": {},
    "retry_run": {},
    "change_letter_data": {},
    "keep_logo": {"file": "logo.png"},
    "show_letter_sample": {},
    "change_series": {
        "kind": "permohonan",
        "pattern": "{urut}/{tahun}",
        "reset": "year",
        "start": 1,
    },
    "note_outside_number": {"kind": "permohonan", "number": "1/2026", "used_on": "2026-11-01"},
    "keep_certificate": {"pkcs12": "AAAA", "password": "x"},
    "drop_certificate": {},
    "sign_letter": {"password": "x"},
    "add_copy": {"file": "surat.pdf"},
    "look_up_proof": {"code": "0000-0000-0000"},
    "render_letter": {},
    "revoke_letter": {"reason": "Salah alamat"},
    "submit_batch": {"version": 1, "declaration": True},
    "withdraw_batch": {"reason": "Keliru"},
    "take_batch": {},
    "find_person": {"number": "09999990017"},
    "take_next": {},
    "release_batch": {},
    "pass_batch_on": {"version": 1},
    "hand_over": {"outlet": "sipp"},
    "write_message": {"text": "Mohon KTP baris 3"},
    "write_message_with_file": {"file": "ktp.pdf", "text": "Ini KTP baris 3"},
    "take_agency_answer": {"file": "jawaban.csv"},
    "give_verdicts": {"version": 1, "rows": "rest", "verdict": "approve"},
    "take_verdicts_back": {"version": 1, "rows": [2]},
    "decide_batch": {"version": 1},
    "reopen_batch": {"reason": "Dokumen peserta lain"},
    "mend_batch": {},
    "divide_batch": {"version": 1},
    "split_batch": {"version": 1},
    "check_rows": {"rows": [{"record": {"kpj": "09999990017"}}]},
    "answer_columns": {"columns": {"A": "kpj"}},
    "order_bundle": {},
    "change_holiday": {"day": "2026-12-24", "is_free": True},
    "change_outlet": {
        "key": "csv",
        "columns": ["KPJ = kpj"],
        "rows_a_file": 500,
        "is_confirmed": False,
    },
    "add_standard_reason": {"text": "KTP buram"},
    "change_standard_reason": {"text": "KTP buram"},
    "remove_standard_reason": {},
    "add_four_eyes": {"fields": ["hp", "email"]},
    "remove_four_eyes": {},
    "send_mail_again": {},
    "fix_cells": {"code": "KPJ-03"},
    "undo_fixes": {"act": 1},
    "add_column": {"field": "kk"},
    "take_column_away": {"field": "kk"},
}
REQUIRED = {
    "judge_document": {"state"},
    "judge_documents": {"documents", "state"},
    "create_batch": {"file"},
    "add_revision": {"file"},
    "add_document": {"file"},
    "file_document": {"file"},
    "add_archive": {"file"},
    "take_mapping_sheet": {"file"},
    "begin_upload": {"file_name", "size"},
    "put_part": {"file", "sha256"},
    "place_document": {"whose", "kind"},
    "explain_missing": {"reason"},
    "put_requirements_into_force": {"based_on", "note", "corrections"},
    "accept_proposals": {"documents"},
    "confirm_warnings": {"reason"},
    "revoke_letter": {"reason"},
    "issue_many": {"batches"},
    "keep_logo": {"file"},
    "change_series": {"kind", "pattern", "reset", "start"},
    "note_outside_number": {"kind", "number", "used_on"},
    "keep_certificate": {"pkcs12", "password"},
    "sign_letter": {"password"},
    "add_copy": {"file"},
    "look_up_proof": {"code"},
    "submit_batch": {"version", "declaration"},
    "withdraw_batch": {"reason"},
    "reopen_batch": {"reason"},
    "find_person": {"number"},
    "give_verdicts": {"version", "rows", "verdict"},
    "take_verdicts_back": {"version"},
    "decide_batch": {"version"},
    "pass_batch_on": {"version"},
    "hand_over": {"outlet"},
    "write_message": {"text"},
    "write_message_with_file": {"file", "text"},
    "take_agency_answer": {"file"},
    "divide_batch": {"version"},
    "split_batch": {"version"},
    "check_rows": {"rows"},
    "undo_fixes": {"act"},
    "add_standard_reason": {"text"},
    "change_standard_reason": {"text"},
    "add_four_eyes": {"fields"},
    "add_column": {"field"},
    "take_column_away": {"field"},
    "change_holiday": {"day", "is_free"},
    "change_outlet": {"key", "columns", "rows_a_file", "is_confirmed"},
}


def _routes():
    app = Flask("routes")
    api.register(app)
    return sorted(
        (
            method,
            rule.rule,
            rule.endpoint.split(".")[1],
            door.policy_of(app.view_functions[rule.endpoint]),
        )
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule not in OPEN
        for method in rule.methods - {"HEAD", "OPTIONS"}
    )


ROLES = {"hrd", "reviewer", "admin"}
ROUTES = _routes()
POSTS = [route for route in ROUTES if route[0] == "POST"]
WITH_IDS = [
    route for route in ROUTES if "<id:" in route[1] and ALLOWED[route[3]] & {"hrd", "reviewer"}
]
"""An admin belongs to no company; to everybody else their routes are closed. What has a number
alone is the installation's."""


def name(route):
    return route[2]


every_route = pytest.mark.parametrize("route", ROUTES, ids=name)
every_post = pytest.mark.parametrize("route", POSTS, ids=name)
every_json_post = pytest.mark.parametrize(
    "route", [r for r in POSTS if "file" not in BODIES[r[2]]], ids=name
)


def address(rule, ids):
    numbered = re.sub(r"<int:\w+>", "1", rule)
    return re.sub(r"<id:(\w+)>", lambda found: ids[found[1]], numbered)


def body_of(operation, **more):
    """The body of a POST as the test client takes it."""
    body = {**BODIES[operation], **more}
    if "file" not in BODIES[operation]:
        return {"json": body}
    if "file" in body:
        content = small_pdf() if body["file"].endswith("pdf") else workbook()
        body["file"] = (io.BytesIO(content), body["file"])
    return {"data": body, "content_type": "multipart/form-data"}


def call(caller, route, ids, **more):
    method, rule, operation, _policy = route
    sent = more or (body_of(operation) if method == "POST" else {})
    return caller.call(method, address(rule, ids), **sent)


def someone_for(scene, policy):
    """A caller whose role is asked for: the batch's own HRD, its branch's reviewer, or an admin."""
    return scene.caller(
        next(role for role in ("hrd", "reviewer", "admin") if role in ALLOWED[policy])
    )


def state_of(portal):
    with portal.db.read() as session:
        return [
            session.execute(
                sa.select(Batch.id, Batch.state, Batch.version).order_by(Batch.id)
            ).all(),
            session.scalar(sa.select(sa.func.count()).select_from(Act)),
            session.scalar(sa.select(sa.func.count()).where(Correction.verdict.is_not(None))),
        ]


def without_request_id(answer):
    error = dict(answer.json["error"])
    error.pop("request_id")
    return error


def test_every_post_is_in_the_table_of_bodies():
    assert {operation for _m, _r, operation, _p in POSTS} == set(BODIES)


def test_every_route_names_an_action_of_the_rights_table():
    assert ROUTES
    assert {policy for *_rest, policy in ROUTES} <= set(ALLOWED)


@every_route
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer pkd_tidak-dikenal"},
        {"Authorization": "Basic YTpi"},
    ],
    ids=["nothing", "empty", "unknown", "basic"],
)
def test_without_a_valid_token_a_route_answers_401(scene, route, sent):
    before = state_of(scene.portal)
    answer = scene.caller().call(route[0], address(route[1], scene.ids()), headers=sent)
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "unauthenticated"
    assert state_of(scene.portal) == before


def test_the_session_of_the_pages_opens_no_route(scene):
    caller = scene.caller()
    page = caller.client.get("/masuk")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    sent = {"email": "hrd@portal.example", "password": PASSWORD, "csrf_token": token}
    assert caller.client.post("/masuk", data=sent).status_code == 302
    assert caller.client.get("/").status_code == 200
    assert caller.call("GET", "/batches").status_code == 401


def test_a_token_of_somebody_who_was_switched_off_opens_nothing(portal, caller, world):
    from hr_portal.services import accounts

    admin = accounts.actor_of_token(portal, world.tokens["admin"])
    hrd = accounts.actor_of_token(portal, world.tokens["hrd"])
    assert caller("hrd").call("GET", "/batches").status_code == 200
    accounts.set_user_active(portal, hrd.user_id, active=False, by=admin)
    assert caller("hrd").call("GET", "/batches").status_code == 401


@pytest.mark.parametrize("route", [one for one in ROUTES if ROLES - ALLOWED[one[3]]], ids=name)
def test_a_role_that_a_route_is_not_for_is_refused_with_403(scene, route):
    before = state_of(scene.portal)
    barred = ROLES - ALLOWED[route[3]]
    for role in barred:
        assert call(scene.caller(role), route, scene.ids()).status_code == 403
    assert state_of(scene.portal) == before


@pytest.mark.parametrize("route", WITH_IDS, ids=name)
def test_another_companys_thing_answers_like_one_that_does_not_exist(scene, route):
    before = state_of(scene.portal)
    nowhere = dict.fromkeys(scene.ids(), uuid4().hex)
    stranger = scene.caller("other_hrd")  # HRD of another company and reviewer of another branch
    theirs, unknown = call(stranger, route, scene.ids()), call(stranger, route, nowhere)
    assert (theirs.status_code, unknown.status_code) == (404, 404)
    assert without_request_id(theirs) == without_request_id(unknown)
    assert state_of(scene.portal) == before


@pytest.mark.parametrize("route", WITH_IDS, ids=name)
def test_an_id_that_is_none_answers_like_one_that_does_not_exist(scene, route):
    for odd in ("x", "%00", "' OR 1=1--", "..%2f..", "F" * 32):
        answer = call(scene.caller("other_hrd"), route, dict.fromkeys(scene.ids(), odd))
        assert answer.status_code == 404
        assert answer.json["error"]["code"] == "not_found"


@pytest.mark.parametrize("path", ["/tidak-ada", "/batches/", "/", "", "//batches//"])
def test_an_unknown_route_answers_404_with_or_without_a_token(scene, path):
    for who in (None, "hrd"):
        answer = scene.caller(who).call("GET", path + "x")
        assert answer.status_code == 404


@every_route
def test_a_method_that_a_route_does_not_know_is_refused_with_those_it_knows(scene, route):
    known = {m for m, rule, *_rest in ROUTES if rule == route[1]}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
        answer = scene.caller("hrd").call(method, address(route[1], scene.ids()))
        assert answer.status_code == 405
        assert known <= set(answer.headers["Allow"].split(", "))


@every_json_post
@pytest.mark.parametrize(
    "text",
    [
        b'{"version": 1',
        b"\xff\xfe{}",
        b'{"version": NaN}',
        b'{"version": 1, "version": 2}',
        b"[" * 100_000,
        b"9" * 5000,
    ],
    ids=["cut short", "no utf-8", "NaN", "a name twice", "deep", "a long number"],
)
def test_a_body_that_is_no_json_is_refused_with_400(scene, route, text):
    answer = call(
        someone_for(scene, route[3]), route, scene.ids(), data=text, content_type="application/json"
    )
    assert answer.status_code == 400


@every_json_post
@pytest.mark.parametrize("text", ["[]", '"teks"', "1", "null"])
def test_a_body_that_is_no_object_is_refused_with_422(scene, route, text):
    answer = call(
        someone_for(scene, route[3]), route, scene.ids(), data=text, content_type="application/json"
    )
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == {"body"}


@every_post
def test_a_body_of_another_type_is_refused_with_415(scene, route):
    caller = someone_for(scene, route[3])
    wrong = (
        "application/json" if "file" in BODIES[route[2]] else "application/x-www-form-urlencoded"
    )
    for content_type in (wrong, "text/plain", "application/xml"):
        answer = call(caller, route, scene.ids(), data="version=1", content_type=content_type)
        assert answer.status_code == 415


@pytest.mark.parametrize("route", [r for r in POSTS if r[2] in REQUIRED], ids=name)
def test_what_is_missing_is_refused_with_422_and_named(scene, route):
    caller = someone_for(scene, route[3])
    empty = (
        {"data": {}, "content_type": "multipart/form-data"}
        if "file" in BODIES[route[2]]
        else {"json": {}}
    )
    answer = call(caller, route, scene.ids(), **empty)
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == REQUIRED[route[2]]
    for field in REQUIRED[route[2]]:
        assert field in answer.json["error"]["message_en"]


@every_post
def test_a_field_that_a_route_does_not_know_is_refused_and_named(scene, route):
    """Mass assignment: nothing is set that isn't named (security.md C9), and nothing is ignored."""
    before = state_of(scene.portal)
    extra = {"state": "approved", "is_admin": "1", "company_id": "x"}
    if "file" not in BODIES[route[2]]:
        extra["\ud800"] = "half a character"
    answer = call(someone_for(scene, route[3]), route, scene.ids(), **body_of(route[2], **extra))
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == set(extra)
    assert state_of(scene.portal) == before


@every_route
def test_a_parameter_that_a_route_does_not_know_is_refused_and_named(scene, route):
    method, rule, operation, policy = route
    sent = body_of(operation) if method == "POST" else {}
    answer = someone_for(scene, policy).call(
        method, address(rule, scene.ids()) + "?tenant_id=x", **sent
    )
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == {"tenant_id"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/batches?page=0", "page"),
        ("/batches?page=99999999999999999999", "page"),
        ("/batches?per_page=501", "per_page"),
        ("/batches?page=1_0", "page"),
        ("/batches?page=1&page=2", "page"),
        ("/batches?state=' OR 1=1--", "state"),
        ("/batches/{batch_id}/rows?reveal=ya", "reveal"),
        ("/batches/{batch_id}/rows?show=semua", "show"),
        ("/batches/{batch_id}/rows?code=%00", "code"),
        ("/batches/{batch_id}/findings?severity=fatal", "severity"),
        ("/batches/{batch_id}/findings?row=-1", "row"),
        ("/batches/{batch_id}/findings?code=" + "x" * 21, "code"),
    ],
)
def test_a_parameter_out_of_its_bounds_is_refused_and_named(scene, path, field):
    answer = scene.caller("hrd").call("GET", path.format(**scene.ids()))
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == {field}


@pytest.mark.parametrize(
    ("operation", "change", "field"),
    [
        ("give_verdicts", {"rows": []}, "rows"),
        ("give_verdicts", {"rows": "semua"}, "rows"),
        ("give_verdicts", {"rows": [2, "3"]}, "rows.1"),
        ("give_verdicts", {"rows": [0]}, "rows.0"),
        ("give_verdicts", {"rows": {"2": 1}}, "rows"),
        ("give_verdicts", {"verdict": "setuju"}, "verdict"),
        ("give_verdicts", {"verdict": ["approve"]}, "verdict"),
        ("give_verdicts", {"fields": ["gaji"]}, "fields.0"),
        ("give_verdicts", {"reason": "a\x00b"}, "reason"),
        ("give_verdicts", {"reason": "\ud800"}, "reason"),
        ("give_verdicts", {"reason": "x" * 10_001}, "reason"),
        ("decide_batch", {"version": "1"}, "version"),
        ("decide_batch", {"version": True}, "version"),
        ("decide_batch", {"version": None}, "version"),
        ("decide_batch", {"version": 2**63}, "version"),
        ("submit_batch", {"declaration": "true"}, "declaration"),
        ("submit_batch", {"declaration": 1}, "declaration"),
        ("confirm_warnings", {"findings": list(range(1, 1002))}, "findings"),
        ("confirm_warnings", {"reason": ""}, "reason"),
        ("issue_letter", {"signatory": -1}, "signatory"),
        ("create_batch", {"layout": "bebas"}, "layout"),
        ("create_batch", {"received_on": "kemarin"}, "received_on"),
        ("create_batch", {"received_on": "9999-12-31"}, "received_on"),
        ("add_document", {"kind": "selfie"}, "kind"),
        ("add_document", {"row": "dua"}, "row"),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused_and_named(scene, operation, change, field):
    route = next(route for route in POSTS if route[2] == operation)
    before = state_of(scene.portal)
    answer = call(someone_for(scene, route[3]), route, scene.ids(), **body_of(operation, **change))
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == {field}
    assert state_of(scene.portal) == before


def test_a_file_sent_twice_or_as_text_is_refused(scene):
    hrd = scene.caller("hrd")
    twice = {"file": [(io.BytesIO(workbook()), "a.xlsx"), (io.BytesIO(workbook()), "b.xlsx")]}
    answer = hrd.call("POST", "/batches", data=twice)
    assert (answer.status_code, answer.json["error"]["fields"]) == (
        422,
        {"file": "Hanya boleh satu"},
    )
    answer = hrd.call("POST", "/batches", data={"file": "isi"}, content_type="multipart/form-data")
    assert (answer.status_code, set(answer.json["error"]["fields"])) == (422, {"file"})
    answer = hrd.call(
        "POST",
        "/batches",
        data={"file": (io.BytesIO(b"x"), "a.xlsx"), "layout": (io.BytesIO(b"auto"), "l")},
    )
    assert (answer.status_code, set(answer.json["error"]["fields"])) == (422, {"layout"})


@pytest.mark.parametrize("key", ["", "x" * 101, "dua kata", "\xe9"])
def test_an_idempotency_key_that_cannot_be_kept_is_refused(scene, key):
    answer = scene.caller("hrd").call(
        "POST",
        "/batches",
        data={"file": (io.BytesIO(workbook()), "a.xlsx")},
        headers={"Idempotency-Key": key},
    )
    assert (answer.status_code, set(answer.json["error"]["fields"])) == (422, {"Idempotency-Key"})


@every_json_post
def test_a_body_over_the_limit_is_refused_with_413(scene, route):
    big = b'{"reason": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    answer = call(
        someone_for(scene, route[3]), route, scene.ids(), data=big, content_type="application/json"
    )
    assert answer.status_code == 413
    assert "1.048.576 byte" in answer.json["error"]["message"]


def test_an_upload_over_the_limit_or_of_too_many_parts_is_refused_with_413(
    make_settings, sqlite_url
):
    settings = make_settings(
        database_url=sqlite_url, max_upload_bytes=50_000, max_document_bytes=40_000
    )
    portal = Portal.from_settings(settings)
    app, tokens = create_app(settings, portal=portal), build_world(portal).tokens
    app.config["TESTING"] = False
    hrd = Caller(app, tokens["hrd"])
    slightly = hrd.send("/batches", b"PK\x03\x04" + bytes(60_000), "besar.xlsx", expect=413)[
        "error"
    ]
    assert slightly["code"] == "FILE-06"
    assert "besar.xlsx" in slightly["message"]
    assert (
        hrd.send("/batches", bytes(300_000), "besar.xlsx", expect=413)["error"]["code"]
        == "too_large"
    )
    parts = {f"bagian{n}": "x" for n in range(300)}
    assert (
        hrd.send("/batches", workbook(), "a.xlsx", expect=413, **parts)["error"]["code"]
        == "too_large"
    )
    portal.close()


def test_too_many_requests_are_told_when_to_come_back(app):
    with app.test_request_context("/api/v1/batches"):
        answer = api.answer(TooMany("Tunggu 7 detik.", "Wait 7 seconds.", retry_after=7))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json["error"]["code"] == "too_many"


def test_a_fault_of_ours_tells_the_request_id_and_nothing_else(portal, hrd, capsys):
    with portal.db.write() as session:
        session.execute(sa.text("DROP TABLE outbox"))
        session.execute(sa.text("ALTER TABLE decisions RENAME TO rusak"))
        session.execute(sa.text("ALTER TABLE findings RENAME TO temuan"))
    made = hrd.send("/batches", workbook(), "koreksi.xlsx")
    answer = hrd.call("GET", f"/batches/{made['id']}/findings")
    assert answer.status_code == 500
    assert answer.json["error"]["code"] == "internal"
    for word in ("sql", "findings", "hr_portal/", "line ", "Error"):
        assert word not in answer.text
    check_refusal(answer)


def test_answers_are_kept_by_nobody_and_carry_the_security_headers(scene):
    for answer in (
        scene.caller("hrd").call("GET", "/batches"),
        scene.caller().call("GET", "/batches"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


@pytest.fixture
def settings(sqlite_settings):
    """How a request is refused has nothing to do with the database."""
    return sqlite_settings
