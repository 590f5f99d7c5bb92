"""Buat pengajuan: the file is sent, checked while one may leave, and refused in plain words."""

import io
import re

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import worker
from hr_portal.adapters.database.models import Revision
from hr_portal.domain.workflow import BATCH_STATES
from hr_portal.services import accounts, batch_views
from hr_portal.web.batches import GROUPS


def numbers(page) -> list[str]:
    return re.findall(r"PKD-\d{4}-\d{5}", page.get("/pengajuan").text)


def test_every_state_has_its_tab_in_the_list():
    held = [state for states in GROUPS.values() for state in states]
    assert sorted(held) == sorted(BATCH_STATES)


def test_home_of_a_new_hrd_leads_to_the_first_submission(hrd):
    text = hrd.get("/").text
    assert "Tidak ada yang menunggu Anda" in text
    assert 'href="/pengajuan/baru"' in text
    assert "Belum ada pengajuan" in hrd.get("/pengajuan").text


def test_company_and_branch_are_filled_in(hrd):
    text = hrd.get("/pengajuan/baru").text
    assert "PT Contoh Sejahtera · NPP 90000123" in text
    assert "PT Umpama Jaya" not in text
    assert re.search(r'<option value="[0-9a-f]{32}" selected>Contoh Raya</option>', text)


def test_an_upload_shows_its_progress_and_then_its_result(hrd, portal, upload):
    address = upload(check=False)
    text = hrd.get(address).text
    assert "Memeriksa koreksi-november.xlsx" in text
    assert f'hx-get="{address}/kemajuan"' in text
    assert "Anda boleh meninggalkan halaman ini" in text
    part = hrd.part(f"{address}/kemajuan")
    assert "Menunggu giliran" in part.text
    assert "Sedang diperiksa" in hrd.get("/").text
    worker.run_all(portal)
    assert hrd.part(f"{address}/kemajuan").headers["HX-Redirect"] == address
    assert hrd.get(address, expect=302).headers["Location"] == f"{address}/hasil"


def test_the_first_rows_of_a_large_file_show_while_it_is_read(hrd, portal, upload, set_revision):
    address = upload(check=False)
    found = [
        {"code": "NIK-01", "case": "", "field": "nik", "severity": 4, "findings": 3, "rows": 3, "first": 14},
        {"code": "CELL-15", "case": "zeros", "field": "kk", "severity": 2, "findings": 1, "rows": 1, "first": 0},
    ]  # fmt: skip
    preview = {"rows": 1000, "invalid": 3, "warning": 0, "summary": found}
    set_revision(state="reading", preview=preview)
    for text in (hrd.get(address).text, hrd.part(f"{address}/kemajuan").text):
        assert "Sementara, dari 1.000 baris pertama" in text
        assert "3 baris, pertama pada baris 14" in text
        assert "Mengenai seluruh kolom" in text
        assert "NIK-01" in text
    set_revision(state="reading", preview={**preview, "summary": []})
    assert "Belum ada yang perlu diperbaiki" in hrd.get(address).text
    set_revision(state="received", preview=None)
    assert "Sementara" not in hrd.get(address).text


@pytest.fixture
def set_revision(portal):
    def change(**values):
        with portal.db.write() as session:
            session.execute(sa.update(Revision).values(**values))

    return change


def test_the_same_form_sent_twice_makes_one_submission(hrd, sample):
    key = re.search(r'name="idempotency_key" value="(\w+)"', hrd.get("/pengajuan/baru").text)[1]
    sent = [
        hrd.post("/pengajuan/baru", {"file": sample("koreksi-bersih.xlsx"), "idempotency_key": key})
        for _ in range(2)
    ]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    assert len(numbers(hrd)) == 1


def test_a_form_without_file_says_so_and_keeps_what_was_chosen(hrd):
    form = {"layout": "per-employee", "received": "2026-11-02"}
    text = hrd.post("/pengajuan/baru", form, expect=422).text
    assert "Belum ada berkas yang dipilih" in text
    assert '<option value="per-employee" selected>' in text
    assert 'value="2026-11-02"' in text


def test_a_day_that_is_none_is_told(hrd, sample):
    form = {"file": sample("koreksi-bersih.xlsx"), "received": "besok"}
    assert "Pilih tanggal dari kalender" in hrd.post("/pengajuan/baru", form, expect=422).text
    assert numbers(hrd) == []


def test_a_file_of_another_kind_is_refused_by_name_and_nothing_is_kept(hrd):
    form = {"file": (io.BytesIO(b"%PDF-1.7 bukan lembar kerja"), "koreksi<b>.xlsx")}
    text = hrd.post("/pengajuan/baru", form, expect=422).text
    assert "koreksi&lt;b&gt;.xlsx" in text
    assert "<b>" not in text
    assert numbers(hrd) == []


@pytest.mark.parametrize(
    "name",
    ["libreoffice-bersih.ods", "libreoffice-bersih.xls", "koreksi-bersih-utf8.csv"],
)
def test_every_kind_that_the_form_offers_is_taken_and_checked(hrd, upload, name):
    form = hrd.get("/pengajuan/baru").text
    offered = re.search(r'accept="([^"]*)"', form)[1]
    assert offered == ".xlsx,.xls,.ods,.csv,.tsv,.txt"
    assert "Excel (.xlsx, .xls), OpenDocument (.ods), atau teks (.csv, .tsv, .txt)" in form
    assert "1.048.575 baris dan 250 MB" in form
    address = upload(name)
    assert hrd.get(address, expect=302).headers["Location"] == f"{address}/hasil"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gaji.xls", b"<html><table><tr><td>NIK", "halaman web (HTML)"),
        ("gaji.xls", b"NIK\tNama\r\n1\tSITI\r\n", "Ganti akhiran namanya menjadi .csv"),
        ("gaji.xlsb", b"PK\x03\x04", "buku kerja biner Excel (.xlsb)"),
        ("gaji.numbers", b"PK\x03\x04", "File &gt; Ekspor Ke &gt; Excel"),
        ("gaji.csv", "NIK;Nama\r\n".encode("utf-16-le"), "UTF-16 tanpa tanda pengenal"),
    ],
)
def test_what_is_no_workbook_is_named_with_the_way_out(hrd, name, content, told):
    text = hrd.post("/pengajuan/baru", {"file": (io.BytesIO(content), name)}, expect=422).text
    assert told in text
    assert numbers(hrd) == []


@pytest.mark.parametrize("limits", [{"max_upload_bytes": 200 * 1024}])
def test_a_body_over_the_limit_is_told_the_limit_and_its_own_size(hrd):
    form = {"file": (io.BytesIO(bytes(300 * 1024)), "besar.xlsx")}
    text = hrd.post("/pengajuan/baru", form, expect=413).text
    assert re.search(r"Kiriman Anda 30\d KB, sedangkan batasnya 200 KB", text)
    assert "Tidak ada yang disimpan" in text
    assert numbers(hrd) == []


@pytest.mark.parametrize("limits", [{"max_upload_bytes": 200 * 1024}])
def test_a_file_over_the_limit_is_told_beside_the_form(hrd):
    form = {"file": (io.BytesIO(bytes(210 * 1024)), "besar.xlsx")}
    assert "besar.xlsx" in hrd.post("/pengajuan/baru", form, expect=413).text
    assert numbers(hrd) == []


def test_an_unreadable_file_has_its_code_its_reason_and_the_way_on(hrd, upload):
    address = upload("tabel-lain.xlsx")
    text = hrd.get(address).text
    assert "tabel-lain.xlsx tidak dapat dibaca" in text
    assert "FILE-07" in text
    assert f'href="{address}/unggah-ulang"' in text
    assert "Unggah berkas lain" in hrd.get("/").text


def test_an_unreadable_submission_is_mended_under_its_own_number(hrd, portal, upload, sample):
    address = upload("tabel-lain.xlsx")
    number = numbers(hrd)
    form = {"file": sample("koreksi-bersih.xlsx")}
    assert hrd.post(f"{address}/unggah-ulang", form).headers["Location"] == address
    worker.run_all(portal)
    assert hrd.get(f"{address}/hasil").status_code == 200
    assert numbers(hrd) == number


def test_a_refused_next_revision_leaves_the_submission_as_it_was(hrd, upload):
    address = upload("koreksi-bersih.xlsx")
    form = {"file": (io.BytesIO(b"bukan"), "salah.docx")}
    text = hrd.post(f"{address}/unggah-ulang", form, expect=422).text
    assert "salah.docx" in text
    assert "Berkas ini menjadi revisi 2" in text
    assert hrd.get(f"{address}/hasil").status_code == 200


def test_a_cancelled_draft_stays_in_the_list(hrd, upload):
    address = upload("tabel-lain.xlsx")
    hrd.post(f"{address}/batalkan", {"version": "1"})
    assert "Dibatalkan" in hrd.get("/pengajuan?status=dibatalkan").text
    again = hrd.post(f"{address}/batalkan", {"version": "1"}, expect=409)
    assert "Muat ulang" in again.text


def test_another_company_gets_the_same_page_as_for_an_unknown_number(
    hrd, other_hrd, upload, portal
):
    address = upload("koreksi-bersih.xlsx")
    unknown = "/pengajuan/" + "0" * 32

    def plain(response):
        varying = r'[0-9a-f]{4}(-[0-9a-f]{4}){3}|[0-9a-f]{32}|\d\d\.\d\d|value="[^"]*"'
        return re.sub(varying, "", response.text)

    for tail in ("", "/hasil", "/dokumen", "/baris/2", "/temuan.xlsx", "/unggah-ulang"):
        theirs = other_hrd.get(address + tail, expect=404)
        assert plain(theirs) == plain(other_hrd.get(unknown + tail, expect=404)), tail
    assert numbers(other_hrd) == []
    assert len(numbers(hrd)) == 1


def test_templates_can_be_taken_away_and_opened(hrd):
    for layout, meant in (("per-correction", "koreksi"), ("per-employee", "karyawan")):
        response = hrd.get(f"/templat/{layout}.xlsx")
        name = f"templat-satu-baris-satu-{meant}.xlsx"
        assert name in response.headers["Content-Disposition"]
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        book = openpyxl.load_workbook(io.BytesIO(response.data))
        assert "KPJ" in " ".join(str(cell.value) for cell in next(book.worksheets[0].iter_rows()))
        book.close()
    hrd.get("/templat/lain.xlsx", expect=404)


def test_home_tells_the_first_thing_to_do_and_counts_the_rest(hrd, portal, upload):
    upload("koreksi-november.xlsx")
    text = hrd.get("/").text
    assert "1 pengajuan menunggu Anda" in text
    assert re.search(r"Perbaiki \d+ baris", text)
    upload("koreksi-bersih.xlsx")
    assert "2 pengajuan menunggu Anda" in hrd.get("/").text


def test_a_page_of_the_list_that_is_not_there_says_so(hrd, upload):
    upload("koreksi-bersih.xlsx")
    assert "Tidak ada pengajuan pada halaman ini" in hrd.get("/pengajuan?halaman=9").text
    assert hrd.get("/pengajuan?halaman=-1&status=apa").status_code == 200


def test_a_colleague_of_the_company_sees_the_submission(app, people, portal, upload):
    from tests.web.client import PageClient

    address = upload("koreksi-bersih.xlsx")
    colleague = PageClient(app).sign_in(people.hrd2)
    assert colleague.get(f"{address}/hasil").status_code == 200
    actor = accounts.load_actor(
        portal, next(u["id"] for u in accounts.list_users(portal) if u["email"] == people.hrd2)
    )
    assert batch_views.list_batches(portal, actor).total == 1


def test_the_same_file_again_is_shown_with_the_first_and_can_be_cancelled(hrd, upload, portal):
    first = upload("koreksi-bersih.xlsx")
    second = upload("koreksi-bersih.xlsx", check=False)
    assert "Berkas yang sama sudah pernah diunggah." in hrd.get(second).text
    worker.run_all(portal)
    text = hrd.get(second + "/hasil").text
    assert f'href="{first}"' in text
    assert "sudah pernah diunggah" not in hrd.get(first + "/hasil").text
    form = text.partition(f'action="{second}/batalkan"')[2].partition("</form>")[0]
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    assert hrd.post(second + "/batalkan", {"version": version}).status_code == 302
    assert "Berkas yang sama" not in hrd.get(second + "/hasil").text


def test_a_template_filled_from_the_last_submission_is_a_post_and_says_when_there_is_none(
    hrd, people, upload
):
    upload("koreksi-bersih.xlsx")
    assert 'action="/templat/terisi"' in hrd.get("/pengajuan/baru").text
    form = {"company": people.company_id, "layout": "per-employee"}
    page = hrd.post("/templat/terisi", form, expect=422).text
    assert "belum pernah mengajukan" in page
    hrd.post("/templat/terisi", {**form, "layout": "lain"}, expect=404)
    hrd.post("/templat/terisi", {**form, "company": people.other_company_id}, expect=404)
    hrd.get("/templat/terisi", expect=405)
