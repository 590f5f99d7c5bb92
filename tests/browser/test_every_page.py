"""Every page there is, at both widths, light and dark: accessible, unbroken, silent."""

import html
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from hr_portal.services import sessions
from tests.browser.looking import look
from tests.browser.visiting import Visitor

PAGES = {
    "nobody": ["/masuk", "/pelindungan-data", "/masuk?next=/surat", "/bantuan", "/bantuan/hrd", "/bantuan/aturan",
               "/verifikasi",
               "/lupa-kata-sandi", "/daftar", "/tautan/{link}", "/ketentuan",
               "/verifikasi/{proof}"],
    "rahma": [
        "/", "/pengajuan", "/pengajuan?status=draf", "/pengajuan?halaman=900", "/pengajuan/baru",
        "/surat", "/surat?halaman=900", "/perusahaan/{company}", "/perusahaan/{company}/nomor-surat",
        "/perusahaan/{company}/orang",
        "/pengajuan/{reading}", "/pengajuan/{unreadable}", "/pengajuan/{faulty}/unggah-ulang",
        "/pengajuan/{faulty}/hasil", "/pengajuan/{faulty}/hasil?tampil=all&halaman=3",
        "/pengajuan/{faulty}/hasil?tampil=error&aturan=CELL-05", "/pengajuan/{faulty}/hasil?cari={nobody}",
        "/pengajuan/{asking}/kolom", "/pengajuan/{sheets}/kolom", "/pengajuan/{again}/kolom",
        "/pengajuan/{known}/hasil", "/perusahaan/{company}/susunan-kolom",
        "/pengajuan/{bare}/hasil", "/pengajuan/{clean}/hasil", "/pengajuan/{submitted}/hasil",
        "/pengajuan/{reopened}/hasil", "/pengajuan/{child}/hasil", "/pengajuan/{cancelled}/hasil",
        "/pengajuan/{faulty}/baris/5", "/pengajuan/{clean}/baris/2",
        "/pengajuan/{faulty}/sebagian", "/pengajuan/{clean}/sebagian", "/pengajuan/{clean}/bagi",
        "/pengajuan/{faulty}/banding", "/pengajuan/{reopened}/banding",
        "/pengajuan/{bare}/pastikan?aturan=NIK-11&kasus=&kolom=tanggal_lahir",
        "/pengajuan/{clean}/pastikan?aturan=NIK-11&kasus=&kolom=tanggal_lahir",
        "/pengajuan/{mended}/hasil", "/pengajuan/{mended}/perubahan", "/pengajuan/{clean}/perubahan",
        "/pengajuan/{mended}/baris/2", "/pengajuan/{faulty}/usulan?aturan=KPJ-03&kasus=&kolom=kpj",
        "/pengajuan/{faulty}/usulan?semua=1",
        "/pengajuan/{clean}/usulan?aturan=KPJ-03&kasus=&kolom=kpj", "/pengajuan/{faulty}/baris/5/sel/1",
        "/pengajuan/{submitted}/baris/2/sel/1", "/pengajuan/{faulty}/ganti-teks",
        "/pengajuan/{bare}/dokumen?baris=9", "/pengajuan/{clean}/dokumen",
        "/pengajuan/{issued}/dokumen", "/pengajuan/{submitted}/dokumen", "/pengajuan/{tray}/dokumen",
        "/dokumen/{card}/lihat",
        "/pengajuan/{faulty}/surat", "/pengajuan/{clean}/surat", "/pengajuan/{numbered}/surat",
        "/surat/sekaligus", "/surat/sekaligus/{run}",
        "/pengajuan/{issued}/surat", "/surat/{letter}/isi", "/pengajuan/{stale}/surat", "/pengajuan/{submitted}/surat",
        "/pengajuan/{bare}/tinjau", "/pengajuan/{issued}/tinjau", "/pengajuan/{approved}/tanda-terima",
        "/pengajuan/{clean}/lacak", "/pengajuan/{submitted}/lacak?tarik=1",
        "/pengajuan/{in_review}/lacak", "/pengajuan/{returned}/lacak", "/pengajuan/{reopened}/lacak",
        "/pengajuan/{partly}/pemberitahuan", "/pengajuan/{partly}/lacak?keputusan=all", "/pengajuan/{child}/lacak",
        "/pengajuan/{rejected}/lacak", "/pengajuan/{approved}/lacak", "/pengajuan/{cancelled}/lacak",
    ],
    "wulan": ["/", "/perusahaan-saya", "/pengajuan", "/surat", "/akun", "/akun/verifikasi",
              "/akun/verifikasi-surel", "/akun/pastikan"],
    "lestari": [
        "/antrean", "/antrean?tampil=saya", "/antrean?halaman=900", "/keputusan",
        "/antrean?batas=nanti", "/antrean?cari=tidak+ada&data=hp&temuan=ya&pemeriksa=belum-ada&ukuran=besar",
        "/periksa/{in_review}/baris/2", "/dokumen/{card}/lihat?baris=2", "/periksa/{in_review}/baris/4?saring=clean",
        "/periksa/{in_review}/sekaligus", "/periksa/{in_review}/selesai", "/pengajuan/{in_review}/dokumen",
        "/periksa/{judged}/selesai",
        "/periksa/{judged}/baris/3", "/periksa/{weighty}/selesai", "/periksa/{seconded}/baris/2",
        "/periksa/{seconded}/selesai", "/pengajuan/{passed}/lacak",
        "/pengajuan/{approved}/penerusan", "/pengajuan/{forwarded}/penerusan", "/pengajuan/{answered}/penerusan",
        "/pengajuan/{answered}/lacak",
        "/pengajuan/{submitted}/lacak", "/pengajuan/{partly}/lacak",
        "/pengajuan/{partly}/tanda-terima",
    ],
    "tini": ["/antrean", "/antrean?tampil=saya", "/keputusan"],
    "admin": [
        "/admin/perusahaan", "/admin/perusahaan/baru", "/admin/perusahaan/{company}",
        "/admin/kantor-cabang", "/admin/pengguna", "/admin/pengguna/baru", "/admin/empat-mata",
        "/admin/buka-kembali", "/admin/alasan",
        "/admin/syarat", "/admin/syarat/versi/1", "/admin/syarat/draf/nama", "/syarat-dokumen/1",
        "/admin/pengguna/{person}", "/admin/pendaftaran",
        "/ikhtisar", "/admin/saluran", "/admin/saluran/sipp", "/admin/hari-libur", "/admin/hari-libur?tahun=2027",
        "/admin/surel",
        "/admin/masa-simpan", "/admin/jejak-audit", "/admin/jejak-audit?sampai=2020-01-01",
        "/jejak-peserta", "/admin/insiden", "/admin/insiden/{incident}",
    ],
}  # fmt: skip
"""Addresses by who opens them; names in braces are batches of the scene."""

NO_PAGE = {
    "auth.ask_code",  # between two steps of signing in: test_second_step
    "colleagues.start",
    "static", "vendor.static", "bootstrap.static",
    "health.alive", "preferences.choose_language", "preferences.choose_theme",
    "annotated.show", "annotated.progress", "batches.progress", "batches.template",
    "mending.one_row", "long_acts.show", "results.download", "workbench.choose_keys",
    "documents.view", "documents.download", "viewer.page", "viewer.thumbnail", "viewer.more", "filing.progress",
    "letters.preview", "letters.table", "letters.download", "proofs.scanned", "numbers.download", "letters.show",
    "letter_runs.download",
    "workbench.document", "workbench.open_batch", "workbench.browse",
    "outlets.download", "figures.download", "papers.download", "papers.notice_file", "signing.show_copy",
    "papers.notice_progress", "papers.all_notices",
    "messages.download",
    "works.show",  # a worker is at it or was: test_workbench
}  # fmt: skip
"""What answers GET with a file, a part of a page or a redirect."""


@pytest.fixture
def site(scenery):
    return scenery


@pytest.fixture
def come(visit, site):
    """`come("rahma")` gives that person at a browser, `come("nobody")` somebody not signed in."""

    def arrive(who, **options):
        visitor = visit(**options)
        return visitor if who == "nobody" else visitor.arrives_as(getattr(site, who))

    return arrive


@pytest.fixture(scope="module")
def _seated(browser, scenery):
    people = {}

    def seat(who):
        if who not in people:
            people[who] = Visitor(browser, scenery)
            if who != "nobody":
                people[who].arrives_as(getattr(scenery, who))
        return people[who]

    yield seat
    for one in people.values():
        one.close()


@pytest.fixture
def seated(_seated):
    """`seated("rahma")` sits where they sat before, for a look that changes nothing."""
    asked = []
    yield lambda who: asked.append(_seated(who)) or asked[-1]
    complaints = [what for one in asked for what in one.complaints]
    for one in asked:
        one.complaints.clear()
        one.expected.clear()
    assert not complaints, "\n".join(complaints)


def _addresses():
    for who, paths in PAGES.items():
        for path in paths:
            yield pytest.param(who, path, id=f"{who} {path}")


@pytest.mark.parametrize(("who", "path"), _addresses())
def test_a_page_is_accessible_and_fits_a_phone(seated, site, who, path):
    someone = seated(who)
    answer = someone.goto(path.format(**site.ids))
    assert answer.status == 200
    look(someone.page, wholly=path == PAGES[who][0])


@pytest.mark.parametrize("who", PAGES)
def test_no_page_links_to_what_its_reader_may_not_open(site, who):
    """One link of each kind is followed: it leads to a page, a file or a redirect."""
    client, adapter = site.app.test_client(), site.app.url_map.bind("127.0.0.1")
    if who != "nobody":
        user = getattr(site, who).user_id
        session = sessions.open_session(
            site.portal, {"_user_id": user, "proven": "demo"}, user_id=user
        )
        client.set_cookie(site.app.session_interface.get_cookie_name(site.app), session)
    asked, closed = set(), []
    for path in PAGES[who]:
        page = client.get(path.format(**site.ids))
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)', page.text):
            address = html.unescape(link)
            kind = adapter.match(urlsplit(address).path)[0]
            if kind in asked:
                continue
            asked.add(kind)
            with client.get(address) as answer:
                if answer.status_code >= 400:
                    closed.append((path, address, answer.status_code))
    assert len(asked) > 3
    assert closed == []


def test_no_page_is_left_out(site):
    adapter = site.app.url_map.bind("127.0.0.1")
    seen = {
        adapter.match(urlsplit(path.format(**site.ids)).path)[0]
        for paths in PAGES.values()
        for path in paths
    }
    pages = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.rule.startswith("/api/")
    }
    assert seen == pages - NO_PAGE - {"broken"}


def test_a_row_shown_in_full_is_accessible(come, site):
    rahma = come("rahma")
    rahma.goto("/pengajuan/{clean}/baris/2".format(**site.ids))
    rahma.press("Tampilkan utuh (dicatat)")
    rahma.reads("Ditampilkan utuh; tercatat atas nama Anda")
    look(rahma.page)


def test_the_bench_with_its_reason_open_and_numbers_in_full_is_accessible(come, site):
    lestari = come("lestari")
    lestari.goto("/periksa/{in_review}/baris/2".format(**site.ids))
    lestari.press("Tampilkan lengkap (dicatat)")
    expect(lestari.page.get_by_role("button", name="Samarkan lagi")).to_be_visible()
    lestari.press("Kembalikan", within=lestari.page.locator("#putusan"))
    expect(lestari.page.get_by_label("Alasan", exact=True)).to_be_focused()
    look(lestari.page)


@pytest.mark.parametrize("theme", ["terang", "gelap"])
def test_a_chosen_theme_stays_and_is_accessible(come, theme):
    rahma = come("rahma", dark=theme == "terang")
    rahma.goto("/")
    rahma.press(theme)
    rahma.goto("/pengajuan")
    expect(rahma.page.get_by_text(theme, exact=True)).to_have_attribute("aria-current", "true")
    paper = rahma.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"terang": "rgb(255, 255, 255)", "gelap": "rgb(17, 21, 28)"}[theme]
    look(rahma.page)


# --- refusals and faults ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path", "status", "heading"),
    [
        ("rahma", "/tidak-ada", 404, "Halaman tidak ditemukan"),
        ("nobody", "/tidak-ada", 404, "Halaman tidak ditemukan"),
        ("wulan", "/pengajuan/{faulty}/hasil", 404, "Halaman tidak ditemukan"),
        ("rahma", "/antrean", 403, "Halaman ini bukan untuk akun Anda"),
        ("nobody", "/masuk/demo", 405, "Alamat ini tidak dapat dibuka langsung"),
        ("rahma", "/rusak", 500, "Halaman ini gagal dimuat"),
    ],
)
def test_an_error_page_helps_and_is_accessible(seated, site, who, path, status, heading):
    someone = seated(who)
    someone.expected |= {status}
    assert someone.goto(path.format(**site.ids)).status == status
    someone.sees(heading)
    look(someone.page)


def test_a_form_of_an_ended_session_is_explained(come, site):
    rahma = come("rahma")
    rahma.goto("/pengajuan/{issued}/tinjau".format(**site.ids))
    rahma.context.clear_cookies()
    rahma.page.get_by_label("Saya menyetujui pernyataan di atas").check()
    rahma.page.get_by_label("Ketik nama lengkap Anda").fill("Rahma Contohan")
    rahma.expected |= {400}
    rahma.press("Ajukan 3 baris")
    rahma.sees("Sesi Anda sudah berakhir")
    look(rahma.page)


def test_a_form_opened_before_signing_in_again_offers_what_was_typed(come, site):
    rahma = come("rahma")
    rahma.goto("/pengajuan/{submitted}/lacak?tarik=1".format(**site.ids))
    rahma.page.get_by_label("Alasan penarikan").fill("Baris 3 tertukar")
    rahma.context.clear_cookies()
    rahma.arrives_as(site.rahma)
    rahma.expected |= {400}
    rahma.press("Tarik kembali menjadi draf")
    rahma.sees("Formulir sudah kedaluwarsa")
    expect(rahma.page.get_by_label("Isian Anda")).to_have_value("Baris 3 tertukar")
    look(rahma.page)


def test_a_document_over_the_limit_is_refused_before_it_is_sent(come, site):
    rahma = come("rahma")
    rahma.goto("/pengajuan/{clean}/dokumen".format(**site.ids))
    large = {"name": "besar.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" * 40_000}
    rahma.page.locator("input[type=file]").set_input_files(large)
    problem = rahma.page.locator("[data-upload-problem]")
    expect(problem).to_contain_text("besar.pdf")
    expect(problem).to_be_focused()
    look(rahma.page)


def test_a_body_over_the_limit_is_refused_with_a_page(come, site):
    rahma = come("rahma", script=False)
    rahma.goto("/pengajuan/{clean}/dokumen".format(**site.ids))
    large = {"name": "besar.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" * 160_000}
    rahma.page.locator("input[type=file]").set_input_files(large)
    rahma.expected |= {413}
    rahma.press("Lampirkan")
    rahma.sees("Berkas melebihi batas")


def test_wrong_passwords_are_told_and_then_slowed_down(come):
    nobody = come("nobody")
    nobody.goto("/masuk")
    nobody.expected |= {422, 429}
    for _try in range(30):
        nobody.page.get_by_label("Alamat").fill("siapa@contoh.example")
        nobody.page.get_by_label("Kata sandi", exact=True).fill("bukan kata sandinya")
        nobody.press("Masuk")
        alert = nobody.page.get_by_role("alert")
        expect(alert).to_be_focused()
        if _try == 0:
            look(nobody.page)
        if "Terlalu banyak percobaan" in alert.inner_text():
            break
    expect(alert).to_contain_text("Terlalu banyak percobaan masuk. Tunggu")
    look(nobody.page)


@pytest.mark.parametrize(
    ("path", "button", "fields"),
    [
        ("/admin/perusahaan/baru", "Tambah perusahaan", {"Nama perusahaan": "PT Rekaan", "NPP": "12"}),
        ("/admin/kantor-cabang", "Tambah kantor cabang", {"Nama": "Kantor Cabang Contoh Raya"}),
        ("/admin/pengguna/baru", "Tambah pengguna", {"Alamat": "budi@contoh.example", "Kata sandi awal": "x"}),
    ],
)  # fmt: skip
def test_an_admins_form_says_beside_the_field_what_is_wrong(come, path, button, fields):
    admin = come("admin")
    admin.goto(path)
    for more in admin.page.locator("main summary").all():
        more.click()
    for label, value in fields.items():
        admin.page.get_by_label(label, exact=label != "Alamat").first.fill(value)
    admin.expected |= {409, 422}
    admin.press(button)
    expect(admin.page.get_by_role("alert")).to_be_focused()
    look(admin.page)
