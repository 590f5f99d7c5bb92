"""Aturan pemeriksaan: every rule with its anchor, open to everybody, linked from its findings."""

import re

from hr_portal.domain.regions import packaged
from hr_portal.domain.rules import RULES
from hr_portal.web.help_texts import FOR_OTHERS, HERE, PAGES, SERVICES, WORDS
from hr_portal.web.rule_words import PARTS
from tests.web.story import story  # noqa: F401 - a fixture


def test_everybody_may_read_the_rules_and_each_has_its_anchor(visitor):
    text = visitor.get("/bantuan/aturan").text
    for rule in RULES:
        assert f'<li id="{rule.code}">' in text
    assert "Kepmendagri 300.2.2-2138/2025. Tanggal edisi: 25 April 2025." in text
    assert "{" not in text.partition("<main")[2].partition("</main>")[0]
    named = set(re.findall("⟨([^⟩ ]+[^⟩]*)⟩", text))
    assert len(named) > 30
    assert named <= {str(one) for one in PARTS.values()}, "no name that only the code knows"


def test_the_rules_are_there_in_english_too(visitor):
    visitor.get("/bahasa/en", expect=302)
    text = visitor.get("/bantuan/aturan").text
    assert "Dated 25 April 2025." in text
    assert "Same correction twice" in text
    assert "⟨what the cell holds⟩" in text


def test_a_code_on_the_result_leads_to_its_rule(hrd, upload):
    address = upload("koreksi-november.xlsx")
    rules = hrd.get("/bantuan/aturan").text
    for page in (address + "/hasil", address + "/baris/5"):
        codes = re.findall(r'href="/bantuan/aturan#([A-Z]+-\d\d)"', hrd.get(page).text)
        assert codes
        assert all(f'id="{code}"' in rules for code in codes)


def test_an_edition_that_was_imported_is_named_at_once(visitor, portal):
    folder = portal.settings.data_dir / "regions" / "20270102T000000000000"
    folder.mkdir(parents=True)
    for file in packaged().iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "edition.txt").write_text("Kepmendagri 9/2027\n2027-01-02\n", encoding="utf-8")
    assert (
        "Kepmendagri 9/2027. Tanggal edisi: 2 Januari 2027." in visitor.get("/bantuan/aturan").text
    )


def test_every_page_leads_to_a_place_of_the_help_that_exists(visitor, reviewer, hrd, admin, story):
    texts = {page: visitor.get(f"/bantuan/{page}").text for page in PAGES}
    for places in (HERE, *FOR_OTHERS.values()):
        for page, anchor in places.values():
            assert not anchor or f'id="{anchor}"' in texts[page]
    batch = story.submitted()
    for client, address, place in (
        (reviewer, "/antrean", "pemeriksa#antrean"),
        (reviewer, "/keputusan", "pemeriksa#ikuti"),
        (reviewer, f"/pengajuan/{batch}/lacak", "pemeriksa#ikuti"),
        (reviewer, f"/pengajuan/{batch}/dokumen", "pemeriksa#periksa"),
        (reviewer, "/ikhtisar", "pemeriksa#ikhtisar"),
        (hrd, f"/pengajuan/{batch}/lacak", "hrd#lacak"),
        (hrd, f"/pengajuan/{batch}/dokumen", "hrd#dokumen"),
        (hrd, "/ikhtisar", "hrd#ikhtisar"),
        (hrd, "/akun", ""),
        (admin, "/admin/buka-kembali", "admin#buka-kembali"),
        (admin, "/ikhtisar", "admin#ikhtisar"),
    ):
        help_here = "/bantuan/" + place if place else "/bantuan"
        assert f'href="{help_here}"' in client.get(address).text, address


def test_every_page_of_the_review_has_its_section(app):
    subjects = {
        "queue", "workbench", "works", "tracking", "viewer", "papers", "outlets", "figures",
        "four_eyes", "standard_reasons", "requirements", "reopening", "calendar",
    }  # fmt: skip
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint.partition(".")[0] in subjects
    }
    assert {one.partition(".")[0] for one in pages} == subjects
    for page in pages:
        assert page in HERE or page.partition(".")[0] in HERE, page


def test_the_help_says_the_same_in_english_and_names_the_call_centre(visitor):
    text = visitor.get("/bantuan").text
    assert 'href="tel:175"' in text
    assert all(f"<dt>{word}</dt>" in text for word, _meaning in WORDS)
    visitor.get("/bahasa/en", expect=302)
    pages = "".join(visitor.get("/bantuan" + one).text for one in ("", *(f"/{p}" for p in PAGES)))
    told = [meaning for _name, _address, meaning in SERVICES] + [meaning for _w, meaning in WORDS]
    told += [
        step for sections in PAGES.values() for one in sections for step in (*one.steps, *one.tips)
    ]
    for indonesian, english in told:
        assert indonesian not in pages
        assert english.replace("'", "&#39;") in pages
