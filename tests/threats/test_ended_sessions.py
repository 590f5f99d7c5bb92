"""A sign-in that ended by itself: said in a sentence, and nothing of what was typed is lost."""

import io
import re

from tests.web.client import PASSWORD, PageClient

OURS = {"Sec-Fetch-Site": "same-origin"}
TEXT = "Mohon diperiksa lebih dahulu"


def _again(browser, actor, **more):
    browser.post("/masuk", {"email": actor.email, "password": PASSWORD}, **more)


def test_what_was_typed_as_the_session_ended_waits_for_its_writer_and_nobody_else(
    world, browser_of, clock
):
    batch = world.submitted()
    path, page = f"/pengajuan/{batch}/pesan", f"/pengajuan/{batch}/lacak"
    browser_of(world.surya)
    rahma = browser_of(world.rahma)

    def after_a_pause(headers=OURS, data=None):
        clock.go(minutes=31)
        sent = data or {"text": TEXT, "csrf_token": "lama"}
        return rahma.client.post(path, data=sent, headers=headers).text

    assert "kami simpan" in after_a_pause()
    _again(rahma, world.rahma)
    offered = rahma.get(page).text
    assert f'action="{path}"' in offered
    assert TEXT in offered
    assert "Kirim sekarang" in rahma.get("/akun").text, "until it is sent or discarded"
    rahma.post(path, {"text": TEXT})
    assert "Kirim sekarang" not in rahma.get(page).text
    with_a_file = {"text": TEXT, "csrf_token": "lama", "file": (io.BytesIO(b"x"), "ktp.png")}
    assert "pilih berkasnya lagi" in after_a_pause(data=with_a_file)
    _again(rahma, world.rahma)
    offered = rahma.get(page).text
    (form,) = re.findall(r'<form[^>]* id="titipan".*?</form>', offered, re.DOTALL)
    assert 'enctype="multipart/form-data"' in form
    assert re.search(r'type="file"[^>]* name="file" required>', form), "to be chosen again"
    assert "ktp.png" in form
    assert TEXT in form
    rahma.post("/akun/isian/buang", {"next": page})
    assert "Kirim sekarang" not in rahma.get(page).text

    assert "kami simpan" in after_a_pause()
    rahma.post("/masuk", {"email": world.surya.email, "password": PASSWORD})
    assert TEXT not in rahma.get("/akun").text, "somebody else at the same browser"
    rahma.post("/keluar")
    _again(rahma, world.rahma)
    assert "kami simpan" not in after_a_pause({"Sec-Fetch-Site": "cross-site"})
    _again(rahma, world.rahma)
    assert "kami simpan" not in after_a_pause(data={"text": TEXT, "current": PASSWORD})


def test_what_is_sent_from_an_old_tab_after_signing_out_can_be_copied_from_the_answer(
    world, browser_of
):
    path = f"/pengajuan/{world.submitted()}/pesan"
    rahma = browser_of(world.rahma)
    old = {"text": TEXT, "csrf_token": rahma.token()}
    rahma.post("/keluar")
    answers = [
        rahma.client.post(path, data=old, headers={"Sec-Fetch-Site": site})
        for site in ("same-origin", "cross-site")
    ]
    assert [(one.status_code, TEXT in one.text) for one in answers] == [(400, True), (400, False)]


def test_a_sign_in_page_says_why_one_is_there(world, app, browser_of, clock):
    assert "Masuk lagi" not in PageClient(app).get("/masuk?next=/akun").text
    rahma, elsewhere = browser_of(world.rahma), browser_of(world.rahma)
    clock.go(minutes=31)
    asked = rahma.get("/akun", expect=302).headers["Location"]
    assert "karena 30 menit tidak ada kegiatan" in rahma.get(asked).text
    _again(rahma, world.rahma)
    for _ in range(36):
        rahma.get("/akun")
        clock.go(minutes=20)
    rahma.get("/akun", expect=302)
    assert "keluar otomatis setelah 12 jam" in rahma.get(asked).text
    _again(rahma, world.rahma)
    elsewhere.client.delete_cookie("sesi")
    _again(elsewhere, world.rahma)
    (other,) = re.findall(r'name="sesi" value="([0-9a-f]{64})"', elsewhere.get("/akun").text)
    elsewhere.post("/akun/sesi/akhiri", {"sesi": other})
    rahma.get("/akun", expect=302)
    assert "sudah diakhiri" in rahma.get(asked).text


def test_who_shows_again_who_they_are_goes_on_with_what_they_began(world, browser_of, clock):
    batch = world.draft()
    rahma, back = browser_of(world.rahma), f"/pengajuan/{batch}/hasil"
    clock.go(minutes=11)

    def prove(then):
        rahma.post("/akun/pastikan", {"proof": PASSWORD, "next": then})
        page = rahma.get(then).text
        assert "data-go" not in rahma.get(then).text, "goes by itself once only"
        clock.go(minutes=11)
        return re.search(r'<form[^>]*method="(\w+)" action="([^"]+)"[^>]*data-go', page).groups()

    rahma.get(f"/pengajuan/{batch}/temuan.xlsx", expect=302)
    assert prove(back) == ("get", f"/pengajuan/{batch}/temuan.xlsx")
    rahma.post("/templat/terisi", {"company": world.people.companies[0], "layout": "employee"})
    assert prove("/pengajuan/baru") == ("post", "/templat/terisi")
