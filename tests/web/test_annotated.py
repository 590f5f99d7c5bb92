"""Unduh berkas beserta catatan: small at once, large with a page to wait on."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Act, Annotation
from hr_portal.services.annotated import MOST_MADE_AT_ONCE
from tests.adapters.spreadsheets.annotating import assert_sound


@pytest.fixture
def large(hrd, portal):
    """The address of a submission whose workbook a worker has to write."""
    rows = "".join(
        f"0999999{n:04};3171014508909013;SITI CONTOHAN;Email;;orang{n}@contoh.example\r\n"
        for n in range(MOST_MADE_AT_ONCE + 1)
    )
    text = "KPJ;NIK;Nama Lengkap;Data;Semula;Menjadi\r\n" + rows
    answer = hrd.post("/pengajuan/baru", {"file": (io.BytesIO(text.encode()), "besar.csv")})
    worker.run_all(portal)
    return answer.headers["Location"]


def test_the_users_workbook_is_the_first_thing_to_take_along(hrd, portal, upload):
    address = upload("koreksi-november.xlsx")
    page = hrd.get(f"{address}/hasil").text
    assert f'href="{address}/berkas-catatan"' in page
    assert f'href="{address}/temuan.xlsx"' in page
    answer = hrd.get(f"{address}/berkas-catatan")
    assert "koreksi-november-catatan.xlsx" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert_sound(answer.data)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book["Koreksi"][1]][-2:] == ["Hasil", "Catatan"]
    with portal.db.read() as session:
        assert session.query(Act).filter_by(action="batch:annotated_exported").count() == 1


def test_the_timeline_tells_who_took_the_workbook(hrd, upload):
    address = upload("koreksi-bersih.xlsx")
    hrd.get(f"{address}/berkas-catatan")
    assert "Berkas beserta catatan diunduh" in hrd.get(f"{address}/lacak").text


def test_a_large_workbook_has_a_page_that_waits_and_then_gives_it(hrd, portal, large):
    page = hrd.get(f"{large}/berkas-catatan").text
    assert "Menulis catatan ke berkas Anda" in page
    assert f'hx-get="{large}/berkas-catatan/kemajuan"' in page
    panel = hrd.part(f"{large}/berkas-catatan/kemajuan").text
    assert "Menunggu giliran" in panel
    assert "value=" not in panel
    with portal.db.write() as session:  # as a worker does after some rows
        session.execute(sa.update(Annotation).values(progress=MOST_MADE_AT_ONCE))
    panel = hrd.part(f"{large}/berkas-catatan/kemajuan").text
    assert '<progress value="49" max="100"' in panel
    assert "49% selesai" in panel
    worker.run_all(portal)
    panel = hrd.part(f"{large}/berkas-catatan/kemajuan").text
    assert "Berkasnya sudah siap." in panel
    assert "hx-get" not in panel
    assert_sound(hrd.get(f"{large}/berkas-catatan").data)


def test_strangers_and_other_companies_find_nothing(visitor, other_hrd, upload):
    address = upload("koreksi-bersih.xlsx")
    for tail in ("/berkas-catatan", "/berkas-catatan/kemajuan"):
        other_hrd.get(address + tail, expect=404)
        assert visitor.get(address + tail, expect=302).headers["Location"].startswith("/masuk")


def test_a_workbook_that_comes_back_is_recognised_and_says_so_with_a_way_out(hrd, portal, upload):
    address = upload("koreksi-november.xlsx")
    data = hrd.get(f"{address}/berkas-catatan").data
    sent = {"file": (io.BytesIO(data), "apa saja.xlsx")}
    answer = hrd.post("/pengajuan/baru", sent)
    assert answer.headers["Location"] == address
    assert "Dikenali sebagai revisi 2 dari PKD-" in hrd.get(address).text
    worker.run_all(portal)
    page = hrd.get(f"{address}/hasil").text
    assert "Dikenali sebagai revisi 2 dari PKD-" in page
    assert "0 selesai, 0 baru" in page
    assert "Kolom Hasil dan Catatan (L, M) dari pemeriksaan sebelumnya diabaikan." in page
    version = page.partition(f'action="{address}/pisahkan"')[2].partition('name="version" value="')[
        2
    ]
    gone = hrd.post(f"{address}/pisahkan", {"version": version.partition('"')[0]})
    assert gone.headers["Location"] != address
    new = hrd.get(f"{gone.headers['Location']}/hasil").text
    assert "Berkas ini sekarang pengajuan baru" in new
    assert "Dikenali" not in new
    assert "Dikenali" not in hrd.get(f"{address}/hasil").text
    assert "dijadikan pengajuan baru" in hrd.get(f"{address}/lacak").text


def test_a_file_of_another_submission_on_the_revision_page_is_taken_and_told(hrd, portal, upload):
    first, second = upload("koreksi-november.xlsx"), upload("koreksi-bersih.xlsx")
    data = hrd.get(f"{first}/berkas-catatan").data
    hrd.post(f"{second}/unggah-ulang", {"file": (io.BytesIO(data), "salah.xlsx")})
    worker.run_all(portal)
    page = hrd.get(f"{second}/hasil").text
    assert "Anda mengunggahnya sebagai revisi 2 dari" in page
    assert "Dikenali sebagai" not in page


def test_a_file_of_a_closed_submission_becomes_a_new_one_and_says_why(hrd, portal, upload):
    address = upload("koreksi-bersih.xlsx")
    data = hrd.get(f"{address}/berkas-catatan").data
    hrd.post(f"{address}/batalkan")
    answer = hrd.post("/pengajuan/baru", {"file": (io.BytesIO(data), "lama.xlsx")})
    assert answer.headers["Location"] != address
    assert "yang tidak dapat diubah lagi" in hrd.get(answer.headers["Location"]).text
