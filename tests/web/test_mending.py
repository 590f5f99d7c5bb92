"""The pages on which a draft is mended: proposals, cells, what was changed, undoing it."""

import io
import re

import pytest

from hr_portal import worker
from hr_portal.services import (
    explaining,
    letters,
    long_works,
    mending,
    offers,
    results,
    review,
    submission,
)
from hr_portal.web import sought
from tests.parts import ROOT
from tests.web.story import PER_CORRECTION, employee, story, workbook  # noqa: F401 - a fixture

KPJ, NIK, NAME, BIRTH, KK, DATA, BEFORE, AFTER, REASON = range(9)


def without_zero(count, but=-1):
    """Rows whose KPJ went through a number cell and lost its leading zero, but for one."""
    rows = []
    for i in range(count):
        kpj, *rest = employee(100 + i)
        phone = f"0812{90000000 + i}"
        rows.append(
            (
                kpj if i == but else int(kpj),
                *rest,
                "No HP",
                "081390000001",
                phone,
                "Nomor lama mati",
            )
        )
    return workbook(PER_CORRECTION, rows)


@pytest.fixture
def batch(story):
    return story.draft(without_zero(12))


def test_the_to_do_list_offers_all_similar_rows_at_once(hrd, batch):
    page = hrd.get(f"/pengajuan/{batch}/hasil").text
    assert "Terapkan 12 usulan" in page
    link = re.search(r'href="(/pengajuan/[^"]+/usulan[^"]+)"', page)[1].replace("&amp;", "&")
    preview = hrd.get(link).text
    assert "12 sel pada" in preview
    assert "Contoh: 10 sel pertama" in preview
    assert employee(100)[0] not in preview
    version = re.search(r'name="version" value="(\d+)"', preview)[1]
    form = {"aturan": "KPJ-03", "kasus": "", "kolom": "kpj", "version": version}
    done = hrd.follow(hrd.post(f"/pengajuan/{batch}/usulan", form)).text
    assert "12 sel diperbaiki" in done
    assert "Tidak ada lagi yang perlu diperbaiki" in done
    assert "Batalkan" in done


def test_what_must_be_mended_is_offered_at_once_where_it_is_of_several_kinds(hrd, story):
    content = io.BytesIO((ROOT / "samples" / "koreksi-november.xlsx").read_bytes())
    batch = story.draft(content, name="koreksi-november.xlsx")
    page = hrd.get(f"/pengajuan/{batch}/hasil").text
    count = re.search(r"Terapkan semua usulan \((\d+)\)", page)[1]
    assert page.count("btn-primary") == 1  # nothing else is filled
    preview = hrd.get(f"/pengajuan/{batch}/usulan?semua=1").text
    assert f"<h1>Terapkan {count} usulan: semua yang wajib diperbaiki" in preview
    assert len(re.findall(r'aria-label="Semula dan menjadi: ', preview)) == 3
    version = re.search(r'name="version" value="(\d+)"', preview)[1]
    done = hrd.follow(hrd.post(f"/pengajuan/{batch}/usulan", {"semua": "1", "version": version}))
    assert "Semua usulan yang wajib diperbaiki" in done.text
    assert "Terapkan semua usulan" not in done.text


def test_the_column_of_the_rule_that_is_asked_for_is_named_to_the_script(hrd, batch):
    listed = hrd.get(f"/pengajuan/{batch}/hasil?tampil=all&aturan=KPJ-03").text
    assert re.findall(r"data-asked>(.*?)</th>", listed) == ['<span class="pk-letter">A</span> KPJ']
    assert "data-asked" not in hrd.get(f"/pengajuan/{batch}/hasil?tampil=all").text


def test_the_name_is_a_cell_of_the_table_as_any_other(hrd, story):
    kpj, nik, name, *rest = employee(100)
    phone = ("No HP", "081390000001", "081290000001", "Nomor lama mati")
    batch = story.draft(workbook(PER_CORRECTION, [(kpj, nik, f"Dr. {name}", *rest, *phone)]))
    listed = hrd.get(f"/pengajuan/{batch}/hasil").text
    cell = re.search(rf'<td [^>]*data-label="Baris ini" data-c="{NAME}">(.*?)</td>', listed)[1]
    assert f"<span data-val>Dr. {name}</span>" in cell
    assert f'<span class="pk-id">{name}</span></button>' in cell  # its proposal
    assert f'data-edit href="/pengajuan/{batch}/baris/2/sel/{NAME}"' in cell
    alone = hrd.part(f"/pengajuan/{batch}/baris/2/sebaris?kolom_tampil={NAME},{KPJ}").text
    assert alone.count(f'data-c="{NAME}"') == alone.count(f'data-c="{KPJ}"') == 1


def reconciled(count, differing):
    """A list of old and new values of two data; one phone number in `differing` rows is new."""
    header = ("KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK", "No HP", "No HP (Menjadi)", "Gelar",
              "Gelar (Menjadi)")  # fmt: skip
    rows = []
    for i in range(count):
        old, new = f"0812{90000000 + i}", f"0813{90000000 + i}"
        rows.append((*employee(100 + i), old, new if i < differing else old, "S.E.", "S.E."))
    return workbook(header, rows)


def test_equal_pairs_are_left_out_at_once_and_stay_to_be_seen(hrd, story):
    batch = story.draft(reconciled(6, differing=2))
    page = hrd.get(f"/pengajuan/{batch}/hasil").text
    assert "10 koreksi pada 2 data sama dengan nilai semula." in page
    assert "Abaikan 6 koreksi" in page  # of one datum
    preview = hrd.get(f"/pengajuan/{batch}/usulan?aturan=ROW-03").text
    assert "<h1>Abaikan 10 koreksi" in preview
    version = re.search(r'name="version" value="(\d+)"', preview)[1]
    form = {"aturan": "ROW-03", "kasus": "", "kolom": "", "version": version}
    done = hrd.follow(hrd.post(f"/pengajuan/{batch}/usulan", form)).text
    assert "10 sel diperbaiki</strong>: Koreksi diabaikan" in done
    assert "2 baris lolos pemeriksaan" in done
    assert "4 di antaranya tanpa koreksi, tidak diajukan" in done
    listed = hrd.get(f"/pengajuan/{batch}/hasil?tampil=all&aturan=ROW-04").text.split(
        'id="baris-isi"'
    )[1]
    assert listed.count("Baris tanpa koreksi") == 4
    assert listed.count("TIDAK BERUBAH") == 10
    (act,) = mending.acts(story.portal, story.hrd, batch)
    back = hrd.follow(hrd.post(f"/pengajuan/{batch}/perubahan/{act.id}/batalkan")).text
    assert "10 koreksi pada 2 data" in back


def test_what_is_left_out_is_neither_sent_nor_counted(hrd, reviewer, story):
    batch = story.draft(reconciled(6, differing=2))
    hrd.post(f"/pengajuan/{batch}/usulan", {"aturan": "ROW-03", "kasus": "", "kolom": ""})
    assert (story.view(batch).revision.valid, story.view(batch).revision.left) == (6, 4)
    explaining.explain(story.portal, story.hrd, batch, reason="Aslinya dibawa ke cabang")
    letters.issue(story.portal, story.hrd, batch, wait=False)
    assert "Tinjau, lalu ajukan 2 baris" in hrd.get(f"/pengajuan/{batch}/tinjau").text
    submission.submit(story.portal, story.hrd, batch, version=None, declaration=True)
    assert "2 baris" in reviewer.get("/antrean").text
    review.take(story.portal, story.reviewer, batch)
    story.verdict(batch, [2, 3], "approve")
    assert story.decide(batch).approved == 2


def test_a_sheet_of_equal_pairs_only_has_nothing_to_send(hrd, story):
    batch = story.draft(reconciled(2, differing=0))
    hrd.post(f"/pengajuan/{batch}/usulan", {"aturan": "ROW-03", "kasus": "", "kolom": ""})
    assert "Berkas ini tidak memuat koreksi" in hrd.get(f"/pengajuan/{batch}/hasil").text


def test_a_column_that_the_file_lacks_is_added_and_typed_into(hrd, story):
    kpj, nik, name, *_rest = employee(100)
    rows = [(kpj, nik, name, "Nama", name, f"{name} A")]
    batch = story.draft(workbook(("No KPJ", "NIK", "Nama", "Data", "Semula", "Menjadi"), rows))
    page = hrd.get(f"/pengajuan/{batch}/hasil").text
    assert "Tambah kolom No KK di sini" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    form = {"kolom": "kk", "version": version}
    added = hrd.follow(hrd.post(f"/pengajuan/{batch}/kolom-tambahan", form)).text
    assert "Kolom No KK ditambahkan" in added
    assert f"/pengajuan/{batch}/baris/2/sel/6" in added
    assert "Tambah kolom" not in added
    late = hrd.post(f"/pengajuan/{batch}/kolom-tambahan", form, expect=409).text
    assert "sudah berubah" in late
    assert "Kolom No KK ditambahkan</strong> · masih kosong" in (
        hrd.get(f"/pengajuan/{batch}/perubahan").text
    )
    assert "Batalkan kolom No KK" in added
    back = f"/pengajuan/{batch}/kolom-tambahan/batalkan"
    late = hrd.post(back, form, expect=409).text
    assert "sudah berubah" in late
    gone = hrd.follow(hrd.post(back, {"kolom": "kk"})).text
    assert "Kolom No KK yang ditambahkan di portal sudah dibatalkan" in gone
    assert "Tambah kolom No KK di sini" in gone
    hrd.post(f"/pengajuan/{batch}/kolom-tambahan", {"kolom": "kk"})
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/6", {"isi": "3171010101019001"})
    assert "REQ-01" not in hrd.get(f"/pengajuan/{batch}/hasil").text


def test_a_change_is_undone_from_the_result_and_from_its_list(hrd, batch, story):
    hrd.post(f"/pengajuan/{batch}/usulan", {"aturan": "KPJ-03", "kasus": "", "kolom": "kpj"})
    (act,) = mending.acts(story.portal, story.hrd, batch)
    listed = hrd.get(f"/pengajuan/{batch}/perubahan").text
    assert "Rahma Contohan" in listed
    back = hrd.follow(hrd.post(f"/pengajuan/{batch}/perubahan/{act.id}/batalkan")).text
    assert "12 sel kembali seperti sebelumnya" in back
    assert "Terapkan 12 usulan" in back
    assert "dibatalkan oleh Rahma Contohan" in hrd.get(f"/pengajuan/{batch}/perubahan").text
    late = hrd.post(f"/pengajuan/{batch}/perubahan/{act.id}/batalkan", expect=409).text
    assert "sudah dibatalkan" in late
    hrd.post(f"/pengajuan/{batch}/perubahan/999/batalkan", expect=404)


def test_one_proposal_is_taken_where_it_stands(hrd, batch, story):
    found = results.findings_page(story.portal, story.hrd, batch).items[0]
    page = hrd.get(f"/pengajuan/{batch}/hasil").text
    assert f'name="temuan" value="{found.id}"' in page
    here = f"/pengajuan/{batch}/hasil?tampil=error"
    answer = hrd.post(f"/pengajuan/{batch}/usulan", {"temuan": found.id, "kembali": here})
    assert answer.headers["Location"] == here
    assert "Terapkan 11 usulan" in hrd.follow(answer).text
    again = hrd.post(f"/pengajuan/{batch}/usulan", {"temuan": found.id}, expect=404)
    assert "tidak ada" in again.text
    foreign = {"aturan": "KPJ-03", "kembali": "//jahat.example/"}
    answer = hrd.post(f"/pengajuan/{batch}/usulan", foreign)
    assert answer.headers["Location"] == f"/pengajuan/{batch}/hasil"


def test_a_cell_is_typed_anew_on_its_own_page(hrd, batch):
    page = hrd.get(f"/pengajuan/{batch}/baris/2/sel/{REASON}").text
    assert 'value="Nomor lama mati"' in page
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{REASON}", {"isi": "Ganti nomor"})
    assert 'value="Ganti nomor"' in hrd.get(f"/pengajuan/{batch}/baris/2/sel/{REASON}").text
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{REASON}", {"isi": "x", "kosongkan": "1"})
    assert 'value=""' in hrd.get(f"/pengajuan/{batch}/baris/2/sel/{REASON}").text
    hrd.get(f"/pengajuan/{batch}/baris/2/sel/99", expect=404)
    hrd.get(f"/pengajuan/{batch}/baris/99/sel/0", expect=404)


def test_a_masked_cell_is_typed_from_nothing_or_shown_by_a_logged_click(hrd, batch, story):
    nik = employee(100)[1]
    page = hrd.get(f"/pengajuan/{batch}/baris/2/sel/{NIK}").text
    assert nik not in page
    assert "Ketik ulang seluruhnya" in page
    shown = hrd.post(f"/pengajuan/{batch}/baris/2/sel/{NIK}/tampilkan", expect=200)
    assert f'value="{nik}"' in shown.text
    plain = hrd.client.post(
        f"/pengajuan/{batch}/baris/2/sel/{NIK}/tampilkan",
        data={"csrf_token": hrd.token()}, headers={"Accept": "application/json"},
    )  # fmt: skip
    assert plain.json == {"value": nik}
    assert "ditampilkan lengkap" in hrd.get(f"/pengajuan/{batch}/lacak").text


def test_two_at_once_and_the_second_keeps_what_they_typed(hrd, batch, story):
    version = story.view(batch).version
    form = {"isi": "Ganti nomor", "version": version}
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{REASON}", form)
    late = hrd.post(
        f"/pengajuan/{batch}/baris/3/sel/{REASON}", {**form, "isi": "Kata saya"}, expect=409
    ).text
    assert "Kata saya" in late
    assert "Belum disimpan" in late
    assert f'value="{version + 1}"' in late
    late = hrd.post(
        f"/pengajuan/{batch}/usulan", {"aturan": "KPJ-03", "version": version}, expect=409
    )
    assert "Lihat keadaan sekarang" in late.text


def test_what_is_typed_is_judged_before_it_is_saved(hrd, batch, story):
    before = story.view(batch).version

    def said(text):
        answer = hrd.client.post(
            f"/pengajuan/{batch}/periksa-sel",
            data={"csrf_token": hrd.token(), "baris": 2, "kolom": AFTER, "isi": text},
        )
        assert answer.status_code == 200
        return [(one["severity"], one["title"]) for one in answer.json["findings"]]

    assert said("0217654321")[0][0] == "error"
    assert said("081290000999") == []
    assert story.view(batch).version == before
    hrd.post(f"/pengajuan/{batch}/periksa-sel", {"baris": "2"}, expect=400)
    hrd.post(
        f"/pengajuan/{batch}/periksa-sel", {"baris": "99", "kolom": "0", "isi": ""}, expect=404
    )


def test_a_pasted_block_is_shown_first_and_says_what_does_not_fit(hrd, batch):
    form = {
        "baris": "12,13", "kolom": f"{AFTER},{REASON}",
        "blok": '081290000901\tSatu\textra\r\n081290000902\t"Dua ""kata"""\r\n081290000903\tTiga\r\n',
    }  # fmt: skip
    shown = hrd.post(f"/pengajuan/{batch}/tempelan", form, expect=200).text
    assert "Tempel ke 4 sel" in shown
    assert "3 nilai tidak muat" in shown
    assert "081290000901" not in re.sub(r'value="[^"]*"', "", shown)
    version = re.search(r'name="version" value="(\d*)"', shown)[1]
    done = hrd.post(
        f"/pengajuan/{batch}/tempelan", {**form, "langkah": "terapkan", "version": version}
    )
    assert "4 sel diperbaiki" in hrd.follow(done).text
    assert 'value="Dua &#34;kata&#34;"' in hrd.get(f"/pengajuan/{batch}/baris/13/sel/{REASON}").text
    same = hrd.post(f"/pengajuan/{batch}/tempelan", form, expect=200).text
    assert "Isi sel sudah sama" in same


def test_a_block_longer_than_the_page_goes_on_in_the_rows_that_are_filtered(hrd, story):
    sheet = without_zero(12, but=2)
    batch = story.draft(sheet)
    path = f"/pengajuan/{batch}/tempelan"
    lines = "".join(f"Alasan {n}\r\n" for n in range(4))
    form = {"baris": "2,3", "kolom": str(REASON), "blok": lines,
            "kembali": f"/pengajuan/{batch}/hasil?tampil=error&halaman=1"}  # fmt: skip
    shown = hrd.post(path, form, expect=200).text
    assert "Tempel ke 4 sel" in shown
    assert "2 baris berikutnya dari daftar yang sama ikut diisi, baris 5 sampai 6." in shown
    assert 'name="baris" value="2,3,5,6"' in shown
    word = sought.sealed(story.portal.vault, batch, "TIDAKADA")
    searched = {**form, "kembali": f"/pengajuan/{batch}/hasil?tampil=all&cari={word}"}
    assert "2 nilai tidak muat" in hrd.post(path, searched, expect=200).text
    at_end = hrd.post(path, {**form, "baris": "12"}, expect=200).text
    assert "2 nilai tidak muat pada baris dan kolom yang ada" in at_end
    version = re.search(r'name="version" value="(\d*)"', shown)[1]
    done = {**form, "baris": "2,3,5,6", "langkah": "terapkan", "version": version}
    assert "4 sel diperbaiki" in hrd.follow(hrd.post(path, done)).text
    assert "Alasan 3" in hrd.get(f"/pengajuan/{batch}/baris/6").text
    assert "Nomor lama mati" in hrd.get(f"/pengajuan/{batch}/baris/4").text


def test_a_large_draft_is_searched_by_a_worker_and_changed_after_a_yes(hrd, other_hrd, story):
    rows = [
        (*employee(100 + i % 900), "No HP", "", f"0812{90000000 + i}", "Nomor lama mati")
        for i in range(long_works.MOST_SEARCHED + 1)
    ]
    batch = story.draft(workbook(PER_CORRECTION, rows))
    path = f"/pengajuan/{batch}/ganti-teks"
    form = {"cari": "lama mati", "ganti": "", "lajur": str(REASON)}
    here = hrd.post(path, form).headers["Location"]
    assert "Mencari di semua baris" in hrd.get(here).text
    assert f'hx-get="{here}"' in hrd.part(here).text
    worker.run_all(story.portal)
    shown = hrd.part(here).text
    assert "2.001 sel akan berubah" in shown
    assert "dan 1.991 lainnya" in shown
    other_hrd.get(here, expect=404)
    assert hrd.post(here).headers["Location"] == here
    assert "Mengganti di semua baris" in hrd.get(here).text
    worker.run_all(story.portal)
    assert hrd.part(here).headers["HX-Redirect"] == f"/pengajuan/{batch}/hasil"
    assert "2.001 sel diperbaiki" in hrd.follow(hrd.get(here, expect=302)).text
    missing = hrd.post(path, {**form, "cari": "tidak ada"}).headers["Location"]
    assert "belum selesai disiapkan" in hrd.post(missing, expect=409).text
    worker.run_all(story.portal)
    assert "Teks itu tidak ditemukan" in hrd.get(missing).text


def test_many_proposals_are_prepared_by_a_worker_and_undone_by_one(hrd, batch, story, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_CELLS", 1)
    page = f"/pengajuan/{batch}/usulan?aturan=KPJ-03"
    assert "Portal menyiapkan daftarnya" in hrd.get(page).text
    here = hrd.post(f"/pengajuan/{batch}/usulan", {"aturan": "KPJ-03"}).headers["Location"]
    assert "Menyiapkan usulan" in hrd.get(here).text
    worker.run_all(story.portal)
    cells = int(re.search(r"(\d+) sel akan berubah", hrd.part(here).text)[1])
    assert cells > 1
    hrd.post(here)
    assert "Menerapkan usulan" in hrd.get(here).text
    worker.run_all(story.portal)
    assert f"{cells} sel diperbaiki" in hrd.follow(hrd.get(here, expect=302)).text
    undoing = hrd.post(f"/pengajuan/{batch}/perubahan/1/batalkan").headers["Location"]
    assert "Mengembalikan isi sel" in hrd.get(undoing).text
    worker.run_all(story.portal)
    text = hrd.follow(hrd.get(undoing, expect=302)).text
    assert f"Perubahan dibatalkan: {cells} sel kembali" in text


def test_a_block_pasted_far_apart_is_written_by_a_worker(hrd, story, monkeypatch):
    monkeypatch.setattr(long_works, "MOST_BLOCKS", 0)
    monkeypatch.setattr(offers, "SHOWN", 1)
    batch = story.draft(without_zero(12))
    path = f"/pengajuan/{batch}/tempelan"
    form = {"baris": "2,3", "kolom": str(REASON), "blok": "Satu\r\nDua\r\nTiga\r\n",
            "version": story.view(batch).version, "kembali": f"/pengajuan/{batch}/hasil?tampil=valid"}  # fmt: skip
    shown = hrd.post(path, form, expect=200).text
    assert "Tempel ke 2 sel" in shown
    assert "dan 1 lainnya" in shown
    assert "1 nilai tidak muat" in shown
    here = hrd.post(path, {**form, "langkah": "terapkan"}).headers["Location"]
    page = hrd.get(here).text
    assert "<h1>Ubah banyak sel</h1>" in page
    assert "Menulis isi sel" in page
    worker.run_all(story.portal)
    assert "2 sel diperbaiki" in hrd.follow(hrd.get(here, expect=302)).text
    late = hrd.post(path, {**form, "langkah": "terapkan"}, expect=409).text
    assert "sudah berubah" in late
    assert "Tiga" in late


def test_nobody_else_mends_a_draft(other_hrd, reviewer, visitor, batch):
    for path in ("usulan", "perubahan/1/batalkan", "baris/2/sel/0", "periksa-sel", "tempelan"):
        other_hrd.post(
            f"/pengajuan/{batch}/{path}",
            {"aturan": "KPJ-03"},
            expect=404 if path != "periksa-sel" else 400,
        )
    reviewer.get(f"/pengajuan/{batch}/usulan?aturan=KPJ-03", expect=403)
    assert visitor.get(f"/pengajuan/{batch}/perubahan", expect=302)


def test_what_was_submitted_offers_nothing_to_change(hrd, story):
    sent = story.submitted()
    page = hrd.get(f"/pengajuan/{sent}/baris/2/sel/{REASON}").text
    assert "Isi pengajuan ini terkunci" in page
    hrd.post(f"/pengajuan/{sent}/baris/2/sel/{REASON}", {"isi": "x"}, expect=409)
    hrd.get(f"/pengajuan/{sent}/usulan?aturan=KPJ-03", expect=409)


def test_find_and_replace_shows_what_would_change_first(hrd, batch, story):
    assert "Cari dan ganti" in hrd.get(f"/pengajuan/{batch}/hasil").text
    page = f"/pengajuan/{batch}/ganti-teks"
    hrd.get(page)
    asked = {"cari": "Nomor lama", "ganti": "Nomor kedua", "lajur": "", "utuh": ""}
    seen = hrd.post(page, asked, expect=200).text
    assert "12 sel akan berubah" in seen
    assert "dan 2 lainnya" in seen
    version = re.search(r'name="version" value="(\d+)"', seen)[1]
    done = hrd.post(page, {**asked, "langkah": "terapkan", "version": version})
    assert "12 sel diperbaiki" in hrd.follow(done).text
    late = hrd.post(page, {**asked, "langkah": "terapkan", "version": version}, expect=409)
    assert "Belum disimpan" in late.text
    assert "Teks itu tidak ditemukan" in hrd.post(page, asked, expect=200).text
    again = hrd.post(page, {**asked, "langkah": "terapkan"})
    assert "tidak ada yang diubah" in hrd.follow(again).text
    assert "Tuliskan teks yang dicari" in hrd.post(page, {"cari": ""}, expect=422).text


def test_a_row_tells_what_was_changed_in_it(hrd, batch):
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{AFTER}", {"isi": "081290000999"})
    page = hrd.get(f"/pengajuan/{batch}/baris/2").text
    assert "Perubahan di portal" in page
    assert "Rahma Contohan" in page
    assert "081290000999" not in page
    shown = hrd.post(f"/pengajuan/{batch}/baris/2/tampilkan", expect=200).text
    assert "081290000999" in shown


def test_one_row_is_given_alone_to_the_script(hrd, batch):
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{REASON}", {"isi": "<b>\u202eterbalik"})
    part = hrd.part(
        f"/pengajuan/{batch}/baris/2/sebaris?kolom_tampil={KPJ},{AFTER},{REASON},x,99"
    ).text
    assert part.count("<tr") == 1
    assert re.findall(r'data-c="(\d+)"', part) == [
        str(one)
        for one in (NAME, KPJ, AFTER, REASON)  # the name stands before them
    ]
    assert "&lt;b&gt;" in part
    assert "\u202e" not in part


def test_a_new_file_says_that_changes_in_the_portal_do_not_follow_it(hrd, batch):
    page = f"/pengajuan/{batch}/unggah-ulang"
    assert "perubahan yang dibuat di portal" not in hrd.get(page).text
    hrd.post(f"/pengajuan/{batch}/baris/2/sel/{REASON}", {"isi": "x"})
    assert (
        "1 perubahan yang dibuat di portal hanya ikut bila berkasnya diunduh" in hrd.get(page).text
    )
