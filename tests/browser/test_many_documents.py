"""Hundreds of scans at once: a ZIP or a folder is dropped, and the matrix is complete."""

import io
import os
import re
import zipfile

from playwright.sync_api import expect

from hr_portal.services import filing, letters, review, submission
from hr_portal.services.archive_uploads import PART_BYTES
from samples.people import person
from tests.adapters.documents.made import small_png
from tests.browser.looking import look
from tests.services.test_depicting import written_pdf
from tests.world import HEADER

ROWS, SCANS, TOLD = 200, 500, 480
PATIENCE_MS = 240_000
_MANNERS = (
    "Kartu BPJS TK {one.name}.png", "{one.kpj} kartu peserta.png", "KTP_{one.nik}.png",
    "{one.nik}/kk.png", "Akta - {one.name}.png", "baris {row} KK.png",
)  # fmt: skip


def sheet():
    """200 corrections of a phone number."""
    rows = [
        f"{one.kpj};{one.nik};{one.name};{one.birth};{one.kk};No HP;081270000001;{one.phone};Ganti"
        for one in map(person, range(ROWS))
    ]
    return "\r\n".join([HEADER, *rows, ""]).encode()


def scans():
    """500 tiny scans: 480 whose names tell their row, 20 as a scanner calls them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for number in range(SCANS):
            manner = _MANNERS[number // ROWS * 2 + number % 2]
            name = manner.format(row=2 + number % ROWS, one=person(number % ROWS))
            name = name if number < TOLD else f"scan{number:04}.png"
            archive.writestr(name, small_png(number))
    return {"name": "dokumen.zip", "mimeType": "application/zip", "buffer": made.getvalue()}


def test_a_zip_of_500_scans_is_one_choice_and_the_matrix_is_complete(visit, site):
    batch = site.draft(sheet())
    rahma = visit().arrives_as(site.rahma)
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    rahma.page.locator("input[type=file]").set_input_files([scans()])
    expect(rahma.page.locator("main")).to_contain_text(
        "480 dari 500 berkas menemukan barisnya · 20 ke baki", timeout=PATIENCE_MS
    )
    expect(rahma.page.get_by_role("heading", name="Baki: 20 berkas")).to_be_visible()
    expect(rahma.page.locator("main")).to_contain_text("Dokumen 200 baris sudah lengkap")
    look(rahma.page)


def large_zip():
    """A ZIP of three parts: one scan, and a film that is refused by its name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("film.mp4", os.urandom(2 * PART_BYTES + 4 * 1024 * 1024))
        archive.writestr("KTP baris 2.png", small_png(1))
    return made.getvalue()


def test_a_large_zip_goes_in_parts_and_a_page_that_was_left_goes_on_with_the_rest(
    visit, site, tmp_path
):
    batch = site.draft()
    content = large_zip()
    assert len(content) > 20 * 1024 * 1024
    path = tmp_path / "berkas november.zip"
    path.write_bytes(content)
    rahma = visit().arrives_as(site.rahma)
    sent = []

    def first_part_only(route):
        sent.append(route.request.url.rpartition("/")[2])
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort("aborted")  # of the second nothing ever arrives

    rahma.page.route("**/kiriman/*/bagian/*", first_part_only)
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    with rahma.page.expect_request(lambda request: request.url.endswith("/bagian/2")):
        rahma.page.locator("input[type=file]").set_input_files(path)
    expect(rahma.page.locator("[data-queue-of]")).to_contain_text("8 dari 21 MB")
    rahma.context.set_offline(True)  # a try that the closing page frees of its route goes nowhere
    rahma.page.close()
    rahma.context.set_offline(False)
    assert sent[:2] == ["1", "2"]
    assert set(sent[1:]) == {"2"}  # tried again for a while

    sent.clear()
    rahma.page = rahma.context.new_page()
    rahma.page.on(
        "request",
        lambda request: "/bagian/" in request.url and sent.append(request.url[-1]),
    )
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    rahma.reads("1 ZIP belum selesai dikirim")
    rahma.reads("1 dari 3 bagian sudah diterima")
    look(rahma.page)
    rahma.page.locator("input[type=file]").set_input_files(path)
    expect(rahma.page.locator("main")).to_contain_text("1 dari 2 berkas menemukan barisnya")
    rahma.reads("film.mp4")
    assert sent == ["2", "3"]
    expect(rahma.page.locator("main")).not_to_contain_text("belum selesai dikirim")


def test_many_files_are_sent_one_by_one_and_what_failed_is_named(visit, site):
    batch = site.draft()
    rahma = visit().arrives_as(site.rahma)
    rahma.expected |= {422}
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    good = [
        {"name": f"KTP baris {row}.png", "mimeType": "image/png", "buffer": small_png(row)}
        for row in (2, 3, 4)
    ]
    wrong = {"name": "KTP rusak.png", "mimeType": "image/png", "buffer": b"bukan gambar"}
    rahma.page.locator("input[type=file]").set_input_files([*good, wrong])
    rahma.reads("3 menemukan barisnya · 0 ke baki · 0 sudah ada · 1 tidak terlampir")
    rahma.reads("KTP rusak.png")
    look(rahma.page)
    rahma.press("Tutup daftar ini")
    site.without_documents(batch)
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    rahma.sees("3 dokumen terlampir")
    rahma.page.locator("input[type=file]").set_input_files(good)
    rahma.sees("3 dokumen terlampir")
    expect(rahma.page.locator("[data-queue]")).to_be_hidden()


def test_a_dropped_folder_is_cancelled_cut_off_and_sent_again_and_nothing_is_lost(
    visit, site, tmp_path
):
    batch = site.draft()
    for row in (2, 3, 4, 5):
        (tmp_path / "Berkas" / f"baris {row}").mkdir(parents=True)
        (tmp_path / "Berkas" / f"baris {row}" / "ktp.png").write_bytes(small_png(row))
    rahma = visit().arrives_as(site.rahma)
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    held = []

    def first_only(route):
        held.append(route)
        if len(held) == 1:
            route.continue_()

    rahma.page.route("**/dokumen/satu", first_only)
    drop(rahma, tmp_path / "Berkas")
    rahma.reads("1 dari 4 berkas")
    rahma.press("Batalkan sisanya")
    rahma.reads("4 dari 4 berkas")
    rahma.reads("Dihentikan sebelum dikirim.")
    rahma.page.unroute("**/dokumen/satu")
    rahma.page.route("**/dokumen/satu", lambda route: route.abort("aborted"), times=1)
    rahma.press("Kirim lagi yang gagal")
    rahma.reads("Kiriman terputus.")
    expect(rahma.page.locator("[data-queue-refused] li")).to_have_count(1)
    rahma.press("Kirim lagi yang gagal")
    listed = rahma.page.get_by_role("region", name="Tabel dokumen").locator("tbody tr")
    expect(listed).to_have_count(3)  # row 5 is not there: its name asks in the tray
    expect(rahma.page.locator(".pk-tray li")).to_have_count(1)


def drop(someone, folder):
    """Let a folder of this machine go over the page's place for it."""
    zone = someone.page.locator("[data-upload-zone]")
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    devtools = someone.context.new_cdp_session(someone.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {
            "type": kind, "x": box["x"] + box["width"] / 2, "y": box["y"] + 20,
            "data": {"items": [], "files": [str(folder)], "dragOperationsMask": 1},
        })  # fmt: skip


def test_a_document_is_dragged_onto_rows_and_back_into_the_tray(visit, site):
    batch = site.draft()
    rahma = visit().arrives_as(site.rahma)
    rahma.page.set_viewport_size({"width": 1280, "height": 2400})  # all in sight: no scrolling
    rahma.goto(f"/pengajuan/{batch}/dokumen?lengkap=semua")
    rahma.page.locator("input[type=file]").set_input_files(
        [
            {"name": f"scan{at}.png", "mimeType": "image/png", "buffer": small_png(at)}
            for at in (1, 2)
        ]
    )
    rahma.sees("2 dokumen belum menemukan baris")
    rahma.goto(f"/pengajuan/{batch}/dokumen?lengkap=semua")
    page = rahma.page
    aloud, first = (
        page.locator("body > [role=status]"),
        page.locator("li [data-carry-name='scan1.png'] .file"),
    )
    row = lambda number: page.locator(f"tr[data-carry-row='{number}']")  # noqa: E731
    lies = lambda number: row(number).locator("[data-carry-from]")  # noqa: E731

    first.drag_to(row(3).locator("[data-carry-to=kartu_bpjstk]"))  # the cell tells its kind
    expect(aloud).to_have_text("Dokumen ditempatkan pada baris 3.")
    expect(row(3)).to_contain_text("Ada")
    lies(3).drag_to(row(4).get_by_role("rowheader"))
    expect(aloud).to_have_text("Dokumen ditempatkan pada baris 4.")
    expect(lies(4)).to_contain_text("scan1.png")
    expect(lies(3)).to_contain_text("scan1.png")
    look(page)
    page.set_viewport_size({"width": 1280, "height": 2400})

    box = lies(3).bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 40, steps=3)
    expect(aloud).to_have_text("scan1.png diangkat. Lepaskan di atas barisnya.")
    page.locator("[data-carry-tray]").hover(force=True)
    page.mouse.up()
    expect(aloud).to_have_text("Dokumen dilepas dari baris 3; masih pada baris 4.")
    expect(lies(3)).to_have_count(0)
    row(4).get_by_role("button", name="Ke baki scan1.png dari baris 4").press("Enter")
    rahma.sees("2 dokumen belum menemukan baris")

    first.drag_to(row(2).get_by_role("rowheader"))  # nobody knows its kind: that is asked
    kind = page.get_by_label("Jenis scan1.png")
    expect(kind).to_be_focused()
    kind.select_option("ktp")
    page.get_by_label("Baris, NIK, KPJ, atau nama untuk scan1.png").press("Enter")
    rahma.reads("Dokumen ditempatkan pada baris 2.")


def test_a_reviewer_looks_through_the_documents_by_key_and_judges_them(visit, site):
    batch = site.draft()
    scans = (("KTP baris 2.pdf", written_pdf(2)), ("KTP baris 3.png", small_png(3)),
             ("KTP baris 4.png", small_png(4)))  # fmt: skip
    ids = [
        filing.file_document(site.portal, site.rahma, batch, io.BytesIO(content), name).document_id
        for name, content in scans
    ]
    site.confirm(batch)
    letters.issue(site.portal, site.rahma, batch, wait=False)
    submission.submit(site.portal, site.rahma, batch, version=None, declaration=True)
    review.take(site.portal, site.bayu, batch)
    bayu = visit().arrives_as(site.bayu)
    page = bayu.page
    bayu.goto(f"/dokumen/{ids[0]}/lihat")
    expect(page.locator("[data-picture]")).to_have_count(2)
    figure, sheet = page.locator("figure"), page.locator("[data-sheet]").first
    expect(figure).to_be_focused()
    expect(page.locator("[data-at]")).to_have_text("Halaman 1 dari 2")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-at]")).to_have_text("Halaman 2 dari 2")
    page.keyboard.press("+")
    expect(sheet).to_have_attribute("style", re.compile(r"width: 125%"))
    page.keyboard.press("r")
    expect(page.locator("[data-picture]").first).to_have_attribute("style", re.compile("90deg"))
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile(ids[1]))
    expect(figure).to_be_focused()
    page.keyboard.press("s")  # fits, and on to the next
    expect(page).to_have_url(re.compile(ids[2]))
    bayu.reads("Dokumen ditandai “Sesuai”.")
    expect(figure).to_be_focused()
    page.keyboard.press("t")
    why = page.get_by_label("Mengapa dokumen ini tidak sesuai")
    expect(why).to_be_focused()
    page.keyboard.type("Tidak terbaca sisi kiri")
    expect(why).to_have_value("Tidak terbaca sisi kiri")
    bayu.press("Tandai tidak sesuai")
    expect(page).to_have_url(re.compile(ids[0]))
    expect(figure).to_be_focused()
    page.keyboard.press("s")
    bayu.reads("Tidak ada lagi yang perlu diperiksa.")

    bayu.goto(f"/pengajuan/{batch}/dokumen?nilai=sesuai")
    expect(page.get_by_role("checkbox", name="Pilih KTP baris 4.png")).to_have_count(0)
    page.get_by_label("Centang semua di halaman ini").check()
    look(page)
    bayu.press("Periksa lagi")
    bayu.reads("2 dokumen ditandai “Perlu diperiksa”.")
    bayu.goto(f"/pengajuan/{batch}/dokumen")
    page.get_by_label("Semua yang perlu diperiksa: 2 dokumen").check()
    bayu.press("Sesuai")
    bayu.reads("2 dokumen ditandai “Sesuai”.")
    expect(page.get_by_role("link", name="Sesuai 2", exact=True)).to_be_visible()


def test_the_tray_is_emptied_with_the_keyboard(visit, site):
    batch = site.draft()
    rahma = visit().arrives_as(site.rahma)
    rahma.goto(f"/pengajuan/{batch}/dokumen")
    rahma.page.locator("input[type=file]").set_input_files(
        [{"name": "scan0031.png", "mimeType": "image/png", "buffer": small_png(7)}]
    )
    rahma.sees("1 dokumen belum menemukan baris")
    rahma.page.get_by_label("Baris, NIK, KPJ, atau nama untuk scan0031.png").fill("3")
    rahma.page.get_by_label("Jenis scan0031.png").select_option("ktp")
    rahma.page.get_by_label("Baris, NIK, KPJ, atau nama untuk scan0031.png").press("Enter")
    rahma.reads("Dokumen ditempatkan pada baris 3.")
