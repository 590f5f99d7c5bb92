"""Somebody at a sign-in that was left open: what asks once more who it is."""

import inspect
import re

import pyotp

from hr_portal.services import second_factor, tokens
from tests.web.client import PASSWORD, PageClient


def test_a_sign_in_left_open_exports_nothing_and_changes_no_account(
    world, portal, browser_of, clock
):
    batch = world.draft()
    taken = world.submitted(actor=world.surya)
    acts = [
        (world.rahma, "GET", f"/pengajuan/{batch}/temuan.xlsx", f"/pengajuan/{batch}/hasil"),
        (world.rahma, "GET", f"/pengajuan/{batch}/berkas-catatan", f"/pengajuan/{batch}/hasil"),
        (world.rahma, "POST", "/templat/terisi", "/pengajuan/baru"),
        (world.rahma, "POST", "/akun/token", "/akun"),
        (world.rahma, "POST", "/akun/verifikasi", "/akun"),
        (world.rahma, "POST", "/akun/verifikasi/kode-pemulihan", "/akun"),
        (world.bayu, "GET", f"/pengajuan/{taken}/penerusan/1/berkas", f"/pengajuan/{taken}/penerusan"),
        (world.bayu, "POST", f"/periksa/{taken}/nomor", f"/periksa/{taken}"),
        (world.admin, "POST", f"/admin/pengguna/{world.rahma.user_id}/kata-sandi",
         f"/admin/pengguna/{world.rahma.user_id}"),
        (world.admin, "POST", f"/admin/pengguna/{world.rahma.user_id}/verifikasi",
         f"/admin/pengguna/{world.rahma.user_id}"),
    ]  # fmt: skip
    browsers = {who: browser_of(who) for who, *_act in acts}
    rahma, export = browsers[world.rahma], f"/pengajuan/{batch}/temuan.xlsx"
    rahma.get(export)
    clock.go(minutes=11)
    for who, method, path, back in acts:
        client = browsers[who]
        data = {"csrf_token": client.token()} if method == "POST" else None
        answer = client.client.open(path, method=method, data=data)
        assert (answer.status_code, answer.headers["Location"]) == (
            302, f"/akun/pastikan?next={back}",
        ), path  # fmt: skip
    before = rahma.client.get_cookie("sesi").value
    asked = f"/akun/pastikan?next=/pengajuan/{batch}/hasil"
    assert "Pastikan ini Anda" in rahma.get(asked).text
    assert "tidak cocok" in rahma.post(asked, {"proof": "salah sama sekali"}, expect=422).text
    assert rahma.get(export, expect=302).headers["Location"] == asked
    gone_on = rahma.post(asked, {"proof": PASSWORD})
    assert gone_on.headers["Location"] == f"/pengajuan/{batch}/hasil"
    rahma.get(export)
    assert rahma.client.get_cookie("sesi").value != before
    clock.go(minutes=11)
    rahma.get(export, expect=302)


def test_a_code_of_the_authenticator_proves_it_too_and_only_once(world, portal, browser_of, clock):
    rahma = browser_of(world.rahma)
    secret = second_factor.new_secret()
    second_factor.set_up(
        portal, world.rahma, secret, pyotp.TOTP(secret).at(portal.clock()),
        session_id=rahma.client.get_cookie("sesi").value,
    )  # fmt: skip
    clock.go(minutes=11)
    code = pyotp.TOTP(secret).at(portal.clock())
    rahma.post("/akun/pastikan", {"proof": f"{code[:3]} {code[3:]}"})
    rahma.post("/akun/pastikan", {"proof": code}, expect=422)


def test_the_demo_with_one_click_knows_no_password_and_is_not_asked(world, app, clock):
    client = PageClient(app)
    client.post("/masuk/demo", {"user": world.rahma.user_id})
    clock.go(minutes=11)
    client.get("/akun/verifikasi")


def test_a_program_fetches_many_identifiers_only_within_an_hour_of_its_owners_word(
    world, portal, program_of, browser_of, make_settings, clock
):
    batch = world.draft()
    program = program_of(world.rahma)
    (token,) = [one.id for one in tokens.own(portal, world.rahma)]
    many = ((f"/batches/{batch}/annotated", {}), (f"/batches/{batch}/rows", {"reveal": "true"}))
    for path, query in many:
        assert program.call("GET", path, query_string=query).status_code in {200, 202}, "the demo"
    demo = portal.settings
    earnest = make_settings(
        database_url=demo.database_url, demo=False, base_url="https://localhost"
    )

    def answers():
        portal.settings = earnest
        found = [program.call("GET", path, query_string=query) for path, query in many]
        portal.settings = demo
        return {(one.status_code, (one.json or {}).get("error", {}).get("code")) for one in found}

    assert answers() == {(403, "step_up_needed")}
    browser_of(world.surya).post("/akun/token", {"token": token}, expect=404)
    rahma = browser_of(world.rahma)
    assert "Izinkan ekspor 1 jam" in rahma.get("/akun").text
    rahma.post("/akun/token", {"token": token})
    assert "boleh mengekspor sampai" in rahma.get("/akun").text
    assert answers() <= {(200, None), (202, None)}
    clock.go(minutes=61)
    assert answers() == {(403, "step_up_needed")}


WITHOUT = {
    "letters.preview letters.show letters.download letters.contents signing.show_copy "
    "api-letters.show_letter_pdf letters.table api-letters.show_letter_table "
    "letter_runs.download api-letter|runs.fetch_run api-letter|data.preview_letter api-signing.show_copy":
        "the company's own letter, made to be sent; each look is an act",
    "documents.view documents.download workbench.document api-documents.show_document "
    "api-documents.show_page messages.download api-messages.fetch_message_file":
        "one document of one person; each look is an act",
    "papers.download api-papers.fetch_paper": "numbers are masked in it",
    "numbers.download figures.download batches.template api-letter|data.show_register "
    "api-letter|data.show_letter_sample":
        "holds nobody's identifiers",
}  # fmt: skip
"""What sends a file and asks nothing, and why."""


def test_every_address_that_sends_a_file_asks_who_it_is_or_says_why_not(app):
    sends = re.compile(r"stream\(|workbook\(|content_disposition|_send\(|framed\w*\(|BINARY|\.pdf")
    asked, not_asked = set(), set()
    for endpoint, view in app.view_functions.items():
        if sends.search(inspect.getsource(inspect.unwrap(view))):
            (asked if getattr(view, "portal_fresh", "") else not_asked).add(endpoint)
    excused = {one.replace("|", " ") for names in WITHOUT for one in names.split()}
    assert not_asked == excused & not_asked, "says neither"
    assert excused <= not_asked, "nothing to excuse"
    assert {
        "annotated.show", "api-findings.show_annotated", "api-forwarding.fetch_handover",
        "api-papers.fetch_notices", "audit.export", "batches.filled_template", "incidents.export",
        "outlets.download", "papers.notice_file", "person_trail.make", "results.download",
    } <= asked  # fmt: skip
