"""Data surat: a company's letterhead and words, beside a sample that follows the form."""

import io

from PIL import Image

from hr_portal.services import places
from tests.web.client import PageClient
from tests.web.story import story  # noqa: F401 - a fixture

FORM = {
    "address": "Jalan Contoh Raya Nomor 45", "city": "Jakarta", "phone": "", "email": "",
    "short_name": "CSA", "number_pattern": "{urut:03}/{perusahaan}/{tahun}", "paper": "f4",
    "contact_name": "Rina Umpamawati", "contact_phone": "0812 0000 9001", "contact_title": "",
    "contact_email": "", "signatory_name": "Bambang Contohadi", "signatory_title": "Direktur",
    "signatory_attorney_number": "", "copies_to": "", "phrases": "tertulis",
    "salutation": "Salam sejahtera,", "opening": "", "closing": "Terima kasih, {{ kantor_cabang }}.",
    "request": "",
}  # fmt: skip


def logo(width, height, kind="PNG"):
    held = io.BytesIO()
    Image.new("RGB", (width, height), (20, 90, 120)).save(held, kind)
    return held.getvalue()


def with_logo(content, name="logo.png"):
    return {**FORM, "logo": (io.BytesIO(content), name)}


def colours(picture):
    with Image.open(io.BytesIO(picture)) as drawn:
        return {colour for _count, colour in drawn.convert("RGB").getcolors(1 << 24)}


def reddish(picture):
    return [one for one in colours(picture) if one[0] > 150 and max(one[1:]) < 60]


def test_words_and_logo_are_kept_and_shown_again(hrd, story):
    address = f"/perusahaan/{story.people.company_id}"
    page = hrd.follow(hrd.post(address, with_logo(logo(4000, 300)))).text
    assert "Data surat disimpan" in page
    assert ">Salam sejahtera,</textarea>" in page
    assert "Dalam rangka memenuhi kewajiban pemberi kerja" in page, "left empty, it is as usual"
    held = places.company(story.portal, story.hrd, story.people.company_id)
    assert held.letter_choices == {
        "phrases": "tertulis",
        "salutation": "Salam sejahtera,",
        "closing": "Terima kasih, {{ kantor_cabang }}.",
    }
    assert held.logo_type == "image/png"
    hrd.follow(hrd.post(address, FORM))  # without a file the logo stays
    assert places.company(story.portal, story.hrd, held.id).logo == held.logo
    hrd.follow(hrd.post(address, {**FORM, "hapus_logo": "1"}))
    assert places.company(story.portal, story.hrd, held.id).logo is None


def test_what_no_letter_can_print_is_refused_beside_its_field_and_nothing_is_lost(hrd, story):
    address = f"/perusahaan/{story.people.company_id}"
    sent = with_logo(logo(1, 1)) | {
        "opening": "{{ gaji }}",
        "phrases": "entah",
        "request": "Mohon.",
    }
    page = hrd.post(address, sent, expect=422).text
    for said in ("Isian {{ gaji }} pada paragraf pembuka tidak dikenal", "1 x 1 piksel",
                 "Pilih salah satu pasangan", ">Salam sejahtera,</textarea>", ">Mohon.</textarea>"):  # fmt: skip
        assert said in page
    assert not places.company(story.portal, story.hrd, story.people.company_id).letter_choices


def test_the_sample_shows_what_is_typed_and_what_is_missing_in_red(hrd, story):
    address = f"/perusahaan/{story.people.company_id}/contoh-surat"
    answer = hrd.post(address, with_logo(logo(400, 300)), expect=200)
    assert answer.mimetype == "image/png"
    assert not reddish(answer.data)
    assert reddish(hrd.post(address, FORM | {"signatory_name": "", "city": ""}, expect=200).data)
    refused = hrd.post(address, FORM | {"closing": "{{ npp|upper }}"}, expect=422)
    assert refused.mimetype == "text/plain"
    assert "bukan sekadar nama" in refused.text
    held = places.company(story.portal, story.hrd, story.people.company_id)
    assert (held.paper, held.logo) == ("a4", None), "nothing is kept"
    hrd.post(f"/perusahaan/{story.people.other_company_id}/contoh-surat", FORM, expect=404)


def test_what_stands_beside_a_field_is_english_on_an_english_page(app, people):
    client = PageClient(app).sign_in(people.hrd)
    client.client.set_cookie("bahasa", "en")
    address = f"/perusahaan/{people.company_id}"
    wrong = FORM | {
        "number_pattern": "{tahun",
        "phrases": "entah",
        "opening": "{{ x }}",
    }
    page = client.post(address, wrong, expect=422).text
    for said in ("The pattern lacks {urut}", "a brace without its pair",
                 "Choose one pair of column titles"):  # fmt: skip
        assert said in page
    series = {
        "series": "pernyataan",
        "pattern": "{urut}",
        "reset": "year",
        "start": "1",
        "code": "SK",
    }
    page = client.post(f"{address}/nomor-surat", series, expect=422).text
    assert "The pattern lacks {tahun}" in page
    asked = {"npp": "1", "company_name": "", "name": "Sari Rekaan", "email": "sari"}
    page = PageClient(app)
    page.client.set_cookie("bahasa", "en")
    page = page.post("/daftar", asked, expect=422).text
    for said in ("An NPP has 8 digits", "Required, ", "The e-mail address is incomplete"):
        assert said in page
