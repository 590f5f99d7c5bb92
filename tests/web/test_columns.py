"""The page that asks what a file's columns are, and the list of what is remembered."""

import io
import re

import openpyxl
import pytest

from hr_portal import worker
from tests.web.client import PageClient
from tests.web.story import PER_CORRECTION, employee, workbook

STRANGE = ("No Kartu", *PER_CORRECTION[1:])
MAIL = ("Email", "lama@contoh.example", "baru@contoh.example", "Salah ketik")


def lines(count=4, start=100):
    return [
        (*employee(start + i), *MAIL[:2], f"baru{i}@contoh.example", MAIL[3]) for i in range(count)
    ]


@pytest.fixture
def send(hrd, portal):
    """Uploads a workbook as HRD, has it read, and gives the submission's address."""

    def upload(header=STRANGE, rows=None, *, client=hrd):
        form = {"file": (workbook(header, rows or lines()), "koreksi.xlsx")}
        address = client.post("/pengajuan/baru", form).headers["Location"]
        worker.run_all(portal)
        return address

    return upload


def field(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


def chosen(text, letters):
    block = re.search(rf'<select[^>]*name="kolom-{letters}".*?</select>', text, re.DOTALL)[0]
    found = re.search(r'<option value="([^"]*)" selected', block)
    return found and found[1]


def answer(client, address, portal=None, *, expect=302, **more):
    text = client.get(f"{address}/kolom").text
    sent = {
        "version": field(text, "version"), "idempotency_key": field(text, "idempotency_key"),
        "ingat": "1", **more,
    }  # fmt: skip
    response = client.post(f"{address}/kolom", sent, expect=expect)
    if portal is not None:
        worker.run_all(portal)
    return response


def test_a_column_that_is_not_certain_is_asked_about_beside_its_values(hrd, send):
    address = send()
    assert hrd.get(address, expect=302).headers["Location"] == f"{address}/kolom"
    text = hrd.get(f"{address}/kolom").text
    assert "Pastikan isi 1 kolom" in text
    assert "8 dari 9 kolom sudah dikenali, dan semua kolom wajib ada" in text
    assert employee(100)[0] in text
    assert chosen(text, "A") == "kpj"
    assert "Isinya 11 angka seperti KPJ" in text
    assert "Periksa 4 baris" in text
    assert "Ganti berkas" in text


def test_a_column_that_is_missing_is_named_also_where_all_others_are_known(hrd, send):
    rows = [(*employee(100 + at), "HP baru 081200000001") for at in range(3)]
    text = hrd.get(send((*PER_CORRECTION[:5], "Koreksi"), rows) + "/kolom").text
    assert "Kolom wajib ini belum ada: Data." in text
    assert "lewat Ubah" in text
    assert "Semua kolom sudah dikenali" not in text


def test_home_and_the_list_say_that_a_word_is_needed(hrd, send):
    address = send()
    home = hrd.get("/").text
    assert "Pastikan kolom" in home
    assert address in home
    assert "Menunggu kepastian kolom" in hrd.get("/pengajuan").text


def test_the_answer_leads_to_the_result(hrd, send, portal):
    address = send()
    answer(hrd, address, portal, **{"kolom-A": "kpj"})
    text = hrd.get(f"{address}/hasil").text
    assert "Semua 4 baris lolos pemeriksaan" in text
    assert hrd.get(f"{address}/kolom", expect=302).headers["Location"] == address


def test_an_answer_that_makes_no_table_says_what_is_wrong_and_keeps_the_choices(hrd, send):
    address = send()
    text = answer(hrd, address, expect=422, **{"kolom-A": "abaikan", "kolom-I": "keterangan"}).text
    assert "Kolom wajib ini belum ada: KPJ" in text
    assert chosen(text, "A") == "abaikan"
    assert chosen(text, "I") == "keterangan"
    text = answer(hrd, address, expect=422, **{"kolom-I": "nik"}).text
    assert "Kolom B “NIK” dan I “Alasan” sama-sama dipilih sebagai NIK" in text


def test_a_column_that_is_left_out_is_kept_and_shown_as_not_checked(hrd, send, portal):
    address = send((*STRANGE, "Zodiak"), [(*line, "Leo") for line in lines()])
    answer(hrd, address, portal)
    text = hrd.get(f"{address}/baris/2").text
    assert re.search(r'class="aside"><dt>.*Zodiak · tidak diperiksa</dt><dd>Leo', text)


def test_two_columns_of_one_name_have_to_be_told_apart(hrd, send, portal):
    header = (*PER_CORRECTION, "No KTP")
    address = send(header, [(*line, "3171014508909013") for line in lines()])
    text = hrd.get(f"{address}/kolom").text
    assert "Pastikan isi 2 kolom" in text
    assert (chosen(text, "B"), chosen(text, "J")) == ("nik", "")
    assert "Pilih isi kolom J “No KTP”" in answer(hrd, address, expect=422, **{"kolom-J": ""}).text
    answer(hrd, address, portal, **{"kolom-J": "abaikan"})
    assert "lolos pemeriksaan" in hrd.get(f"{address}/hasil").text


def test_the_form_of_sipp_is_asked_once_for_where_its_new_values_are(hrd, send, portal):
    header = ("KPJ*", "NIK", "Nama Lengkap", "Lokasi Pekerjaan", "Handphone", "Email")
    rows = [
        (*employee(200 + i)[:3], "Jakarta", f"0812900000{i:02}", f"baru{i}@contoh.example")
        for i in range(3)
    ]
    address = send(header, rows)
    text = hrd.get(f"{address}/kolom").text
    assert [chosen(text, one) for one in "DEF"] == ["abaikan", "hp:menjadi", "email:menjadi"]
    assert "Kolom wajib ini belum ada" not in text
    answer(hrd, address, portal)
    assert "Semua 3 baris lolos" in hrd.get(f"{address}/hasil").text


def test_the_next_file_says_that_it_was_read_as_before_and_offers_to_change_it(hrd, send, portal):
    answer(hrd, send(), portal)
    address = send(STRANGE, lines(start=200))
    text = hrd.get(f"{address}/hasil").text
    assert re.search(r"Kolom dibaca seperti unggahan \d+ \w+ 20\d\d", text)
    assert f'action="{address}/kolom/ubah"' in text
    hrd.post(f"{address}/kolom/ubah", {"version": field(text, "version")})
    worker.run_all(portal)
    text = hrd.get(f"{address}/kolom").text
    assert "Periksa isi setiap kolom" in text
    assert "Sama dengan unggahan" in text
    hrd.post(f"{address}/kolom/kembali", {"version": field(text, "version")})
    assert "Semua 4 baris lolos" in hrd.get(f"{address}/hasil").text


def test_what_is_remembered_is_listed_and_can_be_forgotten(hrd, other_hrd, send, portal, people):
    here = f"/perusahaan/{people.company_id}/susunan-kolom"
    assert "Belum ada susunan yang diingat" in hrd.get(here).text
    answer(hrd, send(), portal)
    text = hrd.get(here).text
    assert "No Kartu" in text
    assert employee(100)[0] not in text
    (forget,) = re.findall(rf'action="({here}/\d+/lupakan)"', text)
    other_hrd.get(here, expect=404)
    other_hrd.post(forget, expect=404)
    hrd.post(forget)
    assert "Belum ada susunan yang diingat" in hrd.get(here).text
    hrd.post(forget, expect=404)
    assert here in hrd.get(f"/perusahaan/{people.company_id}").text


def two_sheets():
    book = openpyxl.Workbook()
    for name, count in (("Januari", 2), ("Februari", 3)):
        sheet = book.create_sheet(name)
        sheet.append(PER_CORRECTION)
        for line in lines(count):
            sheet.append(line)
    del book["Sheet"]
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_of_several_sheets_a_person_chooses_and_the_choice_is_remembered(hrd, portal):
    form = {"file": (two_sheets(), "koreksi.xlsx")}
    address = hrd.post("/pengajuan/baru", form).headers["Location"]
    worker.run_all(portal)
    text = hrd.get(f"{address}/kolom").text
    assert "Pilih lembar yang berisi koreksi" in text
    assert "Januari" in text
    assert "3 baris" in text
    wrong = answer(hrd, address, expect=422, **{"pilih-lembar": "1", "lembar": "Maret"}).text
    assert "Pilih lembar yang akan dibaca" in wrong
    answer(hrd, address, portal, **{"pilih-lembar": "1", "lembar": "Februari"})
    text = hrd.get(f"{address}/hasil").text
    assert "Semua 3 baris lolos" in text
    assert "Lembar lain yang berisi tidak dibaca: “Januari”" in text
    form = {"file": (two_sheets(), "koreksi-lagi.xlsx")}
    again = hrd.post("/pengajuan/baru", form).headers["Location"]
    worker.run_all(portal)
    assert "Semua 3 baris lolos" in hrd.get(f"{again}/hasil").text


def test_another_company_and_a_reviewer_see_no_question(other_hrd, reviewer, send):
    address = send()
    other_hrd.get(f"{address}/kolom", expect=404)
    reviewer.get(f"{address}/kolom", expect=403)
    other_hrd.post(f"{address}/kolom", {"kolom-A": "kpj"}, expect=404)
    other_hrd.post(f"{address}/kolom/ubah", expect=404)
    other_hrd.post(f"{address}/kolom/kembali", expect=404)


def test_a_cancelled_question_is_shown_without_its_buttons(hrd, send):
    address = send()
    version = field(hrd.get(f"{address}/kolom").text, "version")
    hrd.post(f"{address}/batalkan", {"version": version})
    text = hrd.get(f"{address}/kolom").text
    assert "sudah ditutup" in text
    assert "Periksa 4 baris" not in text


def test_the_page_speaks_english(app, people, send):
    address = send()
    client = PageClient(app).sign_in(people.hrd)
    client.client.set_cookie("bahasa", "en")
    text = client.get(f"{address}/kolom").text
    assert "Say what 1 column holds" in text
    assert "Mobile number (new value)" in text


def test_a_file_that_is_certain_asks_nothing(hrd, send):
    address = send(PER_CORRECTION, None)
    assert hrd.get(address, expect=302).headers["Location"] == f"{address}/hasil"
