"""Hasil pemeriksaan: the finding as title, what to do, the rows, warnings with a reason."""

import io
import re

import openpyxl
import pytest
from markupsafe import Markup

from hr_portal import worker
from hr_portal.adapters.database.models import Act
from hr_portal.web import sought
from hr_portal.web.masking import veil
from hr_portal.web.unseen import seen
from tests.web.questions import asked_of, questions


@pytest.fixture
def result(hrd, upload):
    """The result page's address of the damaged sample."""
    return upload("koreksi-november.xlsx") + "/hasil"


def rows_of(text: str) -> list[int]:
    return [int(n) for n in re.findall(r'/baris/(\d+)">\d+</a>', text)]


def acts(portal, action: str) -> list:
    with portal.db.read() as session:
        return [one for one in session.query(Act).all() if one.action == action]


def test_the_title_is_the_finding_and_the_list_begins_with_the_most_frequent(hrd, result):
    text = hrd.get(result).text
    assert re.search(r"<h1>\d+ dari 200 baris perlu diperbaiki</h1>", text)
    section = text.partition("Wajib diperbaiki")[2].partition("<h2")[0]
    counts = [int(n) for n in re.findall(r'<span class="q">(\d+)</span>', section)]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 5


def test_each_thing_to_do_leads_to_its_rows(hrd, result):
    text = hrd.get(result).text
    address = re.search(r'href="(/pengajuan/\w+/hasil\?[^"#]*aturan=CELL-05[^"#]*)', text)[1]
    rows = hrd.get(address.replace("&amp;", "&")).text
    assert rows_of(rows) == [5, 6, 11]
    assert "Digit terakhir hilang" in rows


def test_the_message_stands_above_the_value(hrd, result):
    text = hrd.get(result + "?aturan=CELL-05&tampil=all").text
    cell = text.partition('data-s="err" data-label="NIK"')[2].partition("</td>")[0]
    assert cell.index("Digit terakhir hilang") < cell.index("1871••••••••9910")


def test_lists_show_no_whole_identifier(hrd, result):
    for tail in ("", "?tampil=all", "?tampil=valid&halaman=3"):
        text = re.sub(r'value="[^"]*"', "", hrd.get(result + tail).text)
        assert not re.search(r"(?<![0-9a-f])\d{15,16}(?![0-9a-f])", text), tail


@pytest.mark.parametrize("shown", ["todo", "all", "valid", "all&aturan=CELL-05", "row"])
def test_a_page_asks_the_database_for_each_thing_once(hrd, portal, result, shown):
    page = result.replace("hasil", "baris/5") if shown == "row" else f"{result}?tampil={shown}"
    hrd.get(page)
    with asked_of(portal) as asked:
        hrd.get(page)
    assert len(questions(asked)) <= 24, "\n".join(questions(asked))
    assert len(asked) - len(questions(asked)) <= 4  # who it is (twice), the page, its head
    walked = [text for text, values in asked if walks_over_rows(portal, text, values)]
    assert not walked, "\n".join(walked)


def walks_over_rows(portal, statement, values) -> bool:
    """Whether SQLite would look at all rows of all batches there are."""
    if not portal.db.is_sqlite or not statement.startswith("SELECT"):
        return False
    with portal.db.reader.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    return bool(re.search(r"SCAN (rows|row_blocks|findings|corrections)\b", str(plan)))


def test_tabs_hold_every_row_once(hrd, result):
    text = hrd.get(result).text
    counts = dict(re.findall(r"</svg>(Tidak valid|Peringatan|Valid) (\d+)", text))
    assert sum(int(n) for n in counts.values()) == 200
    assert re.search(r"Semua 200", text)


def test_pages_follow_one_another_without_losing_a_row(hrd, result):
    seen, told = [], []
    for page in range(1, 9):
        text = hrd.get(f"{result}?tampil=all&halaman={page}").text
        seen += rows_of(text)
        told += places_of(text, of=200)
    assert len(seen) == len(set(seen)) == 200
    assert seen == sorted(seen)
    assert told == list(range(2, 202))  # for readers: the headers are the first row of all


def test_the_pager_leads_to_both_ends_and_no_further(hrd, result):
    def ends(page):
        text = hrd.get(f"{result}?tampil=all&halaman={page}").text
        links = re.findall(r'href="([^"]*)">(Pertama|Terakhir)<', text)
        return rows_of(text), {name: re.search(r"halaman=(\d+)", link)[1] for link, name in links}

    assert ends(1)[1] == {"Terakhir": "8"}
    assert ends(4)[1] == {"Pertama": "1", "Terakhir": "8"}
    assert ends(7)[1] == {"Pertama": "1"}
    last = ends(8)
    assert last[1] == {"Pertama": "1"}
    assert ends(9) == last  # the rows of a page that was there have been mended


def places_of(text: str, *, of: int) -> list[int]:
    """The places that readers of the table are told, without that of its headers."""
    assert f'aria-rowcount="{of + 1}"' in text
    header, *rows = map(int, re.findall(r'aria-rowindex="(\d+)"', text))
    assert header == 1
    return rows


def test_a_filtered_row_has_its_place_among_those_that_are_shown(hrd, result):
    assert places_of(hrd.get(result + "?aturan=CELL-05&tampil=all").text, of=3) == [2, 3, 4]


def narrowed(client, result, text, **more):
    return client.post(f"{result}/saring", {"tampil": "all", "cari": text, **more}, expect=303)


def test_what_is_looked_for_is_no_part_of_an_address(hrd, result, other_hrd, portal):
    answer = narrowed(hrd, result, "BUDI WIJAYA", aturan="CELL-05")
    address = answer.headers["Location"]
    assert address.startswith(f"{result}?tampil=all&aturan=CELL-05&cari=")
    assert "budi" not in address.lower()
    page = hrd.follow(answer).text
    assert 'value="BUDI WIJAYA"' in page
    assert "cari=BUDI" not in page
    assert "cari=" not in narrowed(hrd, result, "  ").headers["Location"]
    # what stands for it says nothing in another submission, and nor does what stands for nothing
    word = address.partition("cari=")[2].partition("#")[0]
    elsewhere = sought.sealed(portal.vault, "another", "BUDI")
    for odd in (elsewhere, "BUDI", "é", word[:-3], word[:9]):
        assert 'autocomplete="off" value=""' in hrd.get(f"{result}?cari={odd}").text
    other_hrd.post(f"{result}/saring", {"cari": "budi"}, expect=404)


def test_names_are_found_by_part_and_signs_of_the_database_are_plain_text(hrd, result):
    found = hrd.follow(narrowed(hrd, result, "budi wijaya")).text
    assert rows_of(found)
    assert all("BUDI WIJAYA" in name for name in re.findall(r"<td[^>]*keep[^>]*>(.*?)</td>", found))
    for text in ("%", "_", "' OR 1=1--", "<script>alert(1)</script>"):
        page = hrd.follow(narrowed(hrd, result, text)).text
        assert "Tidak ada nama atau alamat yang cocok" in page
        assert "<script>alert" not in page


def test_unknown_filters_are_harmless(hrd, result):
    for query in (
        "?tampil=apa",
        "?aturan=XX-99",
        "?kolom=zodiak",
        "?halaman=0",
        "?halaman=99999999",
    ):
        hrd.get(result + query)


def test_htmx_gets_the_rows_alone(hrd, result):
    part = hrd.client.get(result + "?tampil=warning", headers={"HX-Target": "baris-isi"}).text
    assert part.count("<h1") == 0
    assert rows_of(part)


def test_a_row_has_a_page_of_its_own_with_every_cell(hrd, result):
    row = result.replace("/hasil", "/baris/5")
    text = hrd.get(row).text
    assert "Baris 5 · EKO KENCANA UMPAMA" in text
    assert "1871••••••••9910" in text
    assert not re.search(r"\d{16}", re.sub(r'value="[^"]*"', "", text))
    hrd.get(result.replace("/hasil", "/baris/99999"), expect=404)


def test_showing_a_row_in_full_is_written_down(hrd, portal, result):
    row = result.replace("/hasil", "/baris/5")
    shown = hrd.post(row + "/tampilkan", expect=200).text
    assert re.search(r"1871\d{12}", shown)
    assert "tercatat atas nama Anda" in shown
    assert [one.details for one in acts(portal, "batch:row_revealed")] == [{"row": 5}]
    hrd.client.get(row + "/tampilkan")
    assert len(acts(portal, "batch:row_revealed")) == 1


def test_confirming_asks_for_a_reason_and_keeps_the_form(hrd, result):
    form = {"aturan": "NIK-11", "kasus": "", "kolom": "tanggal_lahir", "version": "1"}
    address = result.replace("/hasil", "/pastikan")
    asked = hrd.get(address, query_string=form).text
    assert "Mengapa data ini benar?" in asked
    text = hrd.post(address, {**form, "reason": "  "}, expect=422).text
    assert "Tuliskan alasan" in text
    assert 'name="aturan" value="NIK-11"' in text


def test_a_whole_rule_is_confirmed_at_once(hrd, result):
    form = {"aturan": "NIK-11", "kasus": "", "kolom": "tanggal_lahir", "version": "1"}
    address = result.replace("/hasil", "/pastikan")
    answer = hrd.post(address, {**form, "reason": "Tanggal lahir ditetapkan pengadilan"})
    text = hrd.follow(answer).text
    assert "1 peringatan dipastikan." in text
    assert "Sudah dipastikan" in text
    assert "Tidak ada lagi yang perlu dipastikan" in hrd.get(address, query_string=form).text


def test_one_warning_is_confirmed_from_its_cell(hrd, result):
    asked = narrowed(hrd, result, "a", tampil="warning").headers["Location"]
    here = asked.removesuffix("#baris")
    text = hrd.get(here).text
    link = re.search(r'href="(/pengajuan/\w+/pastikan\?temuan=[^"]+)"', text)[1]
    row = re.search(r"baris=(\d+)", link)[1]
    again = hrd.part(f"{here.replace('/hasil', f'/baris/{row}/sebaris')}&kolom_tampil=1").text
    assert link in again  # also where the row was put in anew
    asked = hrd.get(link.replace("&amp;", "&")).text
    assert "Pastikan 1 temuan" in asked
    assert f'href="{here}#baris">Batal'.replace("&", "&amp;") in asked
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked))
    fields["kembali"] = fields["kembali"].replace("&amp;", "&")
    answer = hrd.post(result.replace("/hasil", "/pastikan"), {**fields, "reason": "Sudah dicek"})
    assert answer.headers["Location"] == f"{here}#baris"
    assert (
        "Dipastikan: “Sudah dicek”"
        in hrd.get(result.replace("/hasil", f"/baris/{fields['baris']}")).text
    )


def test_confirming_what_somebody_changed_meanwhile_is_a_conflict(hrd, result):
    form = {"aturan": "NIK-11", "kasus": "", "kolom": "tanggal_lahir", "reason": "Benar"}
    page = hrd.post(result.replace("/hasil", "/pastikan"), {**form, "version": "99"}, expect=409)
    assert "sudah berubah sejak halaman Anda dibuka" in page.text


def test_findings_are_taken_away_as_a_workbook_of_plain_text(hrd, portal, result):
    response = hrd.get(result.replace("/hasil", "/temuan.xlsx"))
    assert "attachment" in response.headers["Content-Disposition"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    assert rows[0][:4] == ("Baris", "Sel", "Kolom", "Kode")
    assert ("5", "C5", "NIK", "CELL-05") in [row[:4] for row in rows]
    assert len(acts(portal, "batch:findings_exported")) == 1


def test_the_next_revision_says_what_is_done_and_what_is_new(hrd, portal, result, sample):
    address = result.removesuffix("/hasil")
    hrd.post(f"{address}/unggah-ulang", {"file": sample("koreksi-november-revisi-2.xlsx")})
    worker.run_all(portal)
    text = hrd.get(result).text
    assert re.search(r"<strong>\d+ selesai, \d+ baru</strong>", text)
    assert "Ini revisi 2" in text


def test_a_clean_file_leads_on_to_the_documents(hrd, upload):
    text = hrd.get(upload("koreksi-bersih.xlsx") + "/hasil").text
    assert re.search(r"<h1>Semua \d+ baris lolos pemeriksaan</h1>", text)
    assert re.search(r'class="btn btn-primary" href="/pengajuan/\w+/dokumen"', text)


def test_text_of_a_sheet_stays_text(hrd, upload):
    address = upload("teks-berbahaya.xlsx")
    hrd.get(address + "/hasil?tampil=all")
    shown = {
        2: "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
        3: "=cmd|&#39; /C calc&#39;!A0",
        7: "{{7*7}} ${7*7}",
        9: "Jalan ⟨U+202E⟩terbalik⟨U+202C⟩ 5",
        12: "😀 Jalan Emoji 3",
    }
    for row, text in shown.items():
        page = hrd.post(f"{address}/baris/{row}/tampilkan", expect=200).text
        assert text in page, row
        assert "<script>alert" not in page


def test_signs_that_nobody_sees_are_shown_by_number():
    assert seen("laporan\u202egpj.exe\x07") == "laporan⟨U+202E⟩gpj.exe⟨U+0007⟩"
    assert seen("baris satu\nbaris dua\t😀") == "baris satu\nbaris dua\t😀"
    assert isinstance(seen(Markup("<b>\x00</b>")), Markup)
    assert seen("<b>\x00") == "<b>⟨U+0000⟩"
    assert not isinstance(seen("<b>\x00"), Markup)
    assert seen(None) is None


def test_a_reviewer_reads_no_draft(reviewer, result):
    reviewer.get(result, expect=404)


def test_long_numbers_in_sentences_are_veiled():
    assert veil('tertulis "3171014508909013"') == 'tertulis "3171••••••••9013"'
    assert veil("KPJ 09999990017, lahir 19900805") == "KPJ 099••••0017, lahir 19900805"
    assert veil("PKD-2026-00019, 17-08-1985 10.30.jpg") == "PKD-2026-00019, 17-08-1985 10.30.jpg"
    assert veil("Kepmendagri 300.2.2-2138/2025") == "Kepmendagri 300.2.2-2138/2025"
    assert veil('"3171 0145 0890 9013"') == '"3171 •••• •••• 9013"'
    assert veil("0812-0000-0001, 3.171.014.508.909.013") == (
        "0812-••••-0001, 3.171.•••.•••.••9.013"
    )
