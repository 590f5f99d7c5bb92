"""Hundreds of scans at once: a ZIP or a folder is dropped, and the matrix is complete."""

import io
import os
import zipfile

from playwright.sync_api import expect

from hr_portal.services.archive_uploads import PART_BYTES
from samples.people import person
from tests.adapters.documents.made import small_png
from tests.browser.looking import look
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
    rahma.page.close()
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
