"""Somebody at a sign-in that was left open: what asks once more who it is."""

import pyotp

from hr_portal.services import second_factor
from tests.web.client import PASSWORD, PageClient


def test_a_sign_in_left_open_exports_nothing_and_changes_no_account(
    world, portal, browser_of, clock
):
    batch = world.draft()
    taken = world.submitted(actor=world.surya)
    acts = [
        (world.rahma, "GET", f"/pengajuan/{batch}/temuan.xlsx", f"/pengajuan/{batch}/hasil"),
        (world.rahma, "POST", "/akun/verifikasi", "/akun"),
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
