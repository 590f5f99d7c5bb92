import json
from dataclasses import replace
from datetime import date

import pytest

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
    differing_fields,
    facts_from_json,
    facts_to_json,
    has_left,
    is_erased,
    line_label,
    missing_facts,
    overlong_facts,
    printed_value,
)

PERSON = LetterPerson(
    "SITI CONTOHAN",
    "09999990017",
    "3171014508909013",
    (LetterLine("nama", "Nama Lengkap", "SITI CONTOHN", "SITI CONTOHAN", "KTP-el, KK"),),
)

FACTS = LetterFacts(
    number="001/SPK/CSA/XI/2026",
    issued_on=date(2026, 11, 21),
    place="Jakarta",
    company=Letterhead(
        "PT Contoh", "99000123", "000", "Jalan Contoh 1", "Jakarta", "021", "a@contoh.example",
        b"\x89PNG", "image/png",
    ),
    branch=Addressee("Kantor Cabang Jakarta Contoh", "Jalan Merdeka 1", "Jakarta"),
    contact=Contact("Rina Umpamawati", "Staf", "081200009001", "hrd@contoh.example"),
    signatory=Signatory("Bambang Contohadi", "Manajer", "012/DIR"),
    copies_to=("Direktur Utama",),
    people=(PERSON,),
    documents=(LetterDocument("KTP-el", PERSON.kpj, "ktp.pdf", 1),),
    verify_url="HTTPS://KOREKSI.EXAMPLE/V/7K4M2QPX9T3D",
    verify_code="7K4M-2QPX-9T3D",
    verify_page="https://koreksi.example/verifikasi",
)  # fmt: skip


def lines(*keys: str) -> tuple[LetterPerson, ...]:
    return (replace(PERSON, lines=tuple(LetterLine(key, f"Label {key}", "", "x") for key in keys)),)


def test_the_snapshot_gives_back_the_same_facts():
    stored = json.dumps(facts_to_json(FACTS))
    assert facts_from_json(json.loads(stored)) == FACTS


def test_where_the_table_stands_and_the_first_place_are_kept_and_have_a_usual_value():
    moved = replace(FACTS, table="file", first_place=7)
    assert facts_from_json(json.loads(json.dumps(facts_to_json(moved)))) == moved
    older = facts_to_json(moved)
    del older["table"], older["first_place"]
    assert facts_from_json(older) == FACTS


@pytest.mark.parametrize(
    ("field", "after", "left"),
    [
        ("tanggal_berhenti", "2026-10-31", True),
        ("sebab_berhenti", "Mengundurkan diri", True),
        ("tanggal_berhenti", "HAPUS", False),
        ("alamat", "Jalan Misal", False),
    ],
)
def test_who_left_is_told_by_date_or_reason_of_leaving(field, after, left):
    line = LetterLine(field, field, "", after)
    assert has_left(replace(PERSON, lines=(line,))) is left


def test_facts_without_a_logo_keep_none():
    plain = replace(FACTS, company=replace(FACTS.company, logo=None, logo_type=None), number=None)
    assert facts_from_json(facts_to_json(plain)) == plain


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": None},
        {"paper": "letter"},
        {"table": "sheet"},
        {"issued_on": "21-11-2026"},
        {"people": [{"name": "SITI"}]},
        {"people": None},
        {"branch": {"name": "KC", "fax": "1"}},
        {"company": {**facts_to_json(FACTS)["company"], "logo": "%%%"}},
        {"documents": ["ktp"]},
    ],
)
def test_content_of_another_shape_is_no_letter(change):
    with pytest.raises(ValueError, match=r"facts|paper|table|isoformat"):
        facts_from_json({**facts_to_json(FACTS), **change})


def test_a_snapshot_that_lacks_a_part_is_no_letter():
    content = facts_to_json(FACTS)
    del content["signatory"]
    with pytest.raises(ValueError, match="facts of a letter"):
        facts_from_json(content)


def test_the_fields_that_differ_are_named_once_in_fixed_order():
    people = lines("nama_rekening", "email", "hp", "kode_bank", "nama", "nik", "tanggal_lahir")
    assert differing_fields(people) == (
        "NIK",
        "nama lengkap",
        "tanggal lahir",
        "nomor HP",
        "surel",
        "rekening bank",
    )


def test_a_field_that_is_not_known_goes_last_by_its_label():
    assert differing_fields(lines("upah", "nik")) == ("NIK", "Label upah")
    assert line_label(LetterLine("upah", "Upah", "", "1")) == "Upah"


def test_every_field_has_a_label_with_one_capital_or_an_abbreviation():
    labels = [line_label(LetterLine(field.key, "", "", "")) for field in FIELDS]
    assert all(labels)
    for word in " ".join(label[1:] for label in labels if label[1:]).split():
        assert word.islower() or word in {"IK", "PWP", "KK", "KPJ", "HP", "PJ"}, word


@pytest.mark.parametrize(
    ("field", "value", "printed"),
    [
        ("tanggal_lahir", "1991-03-05", "5 Maret 1991"),
        ("tanggal_lahir", "05-03-1991", "5 Maret 1991"),
        ("tanggal_lahir", "31-02-1991", "31-02-1991"),
        ("tanggal_lahir", "05/03/91", "05/03/91"),
        ("tanggal_mulai", "2020-01-31", "31 Januari 2020"),
        ("tanggal_lahir", "", ""),
        ("jenis_kelamin", "L", "Laki-laki"),
        ("jenis_kelamin", "P", "Perempuan"),
        ("status_kawin", "T", "Belum kawin"),
        ("golongan_darah", "P", "P"),
        ("nama", " SITI ", "SITI"),
        ("alamat", "1991-03-05", "1991-03-05"),
        ("upah", "5000000", "5000000"),
    ],
)
def test_a_value_is_printed_for_a_reader(field, value, printed):
    assert printed_value(field, value) == printed


def test_only_the_word_hapus_erases():
    assert is_erased(LetterLine("gelar", "Gelar", "S.E.", " HAPUS "))
    assert not is_erased(LetterLine("gelar", "Gelar", "S.E.", "hapus"))


def test_nothing_is_missing_from_whole_facts():
    assert missing_facts(FACTS) == ()
    assert FACTS.corrections == 1


def test_what_may_be_absent_is_not_missed():
    sparse = replace(
        FACTS,
        company=replace(FACTS.company, division="", phone="", email="", logo=None, logo_type=None),
        branch=replace(FACTS.branch, address="", city=""),
        contact=replace(FACTS.contact, title="", email=""),
        signatory=replace(FACTS.signatory, attorney_number=None),
        copies_to=(),
        documents=(),
        verify_url=None,
        verify_code=None,
        verify_page=None,
    )
    assert missing_facts(sparse) == ()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"number": None}, "nomor surat"),
        ({"number": "  "}, "nomor surat"),
        ({"place": ""}, "tempat surat"),
        ({"company": replace(FACTS.company, name="")}, "nama perusahaan"),
        ({"company": replace(FACTS.company, npp="")}, "NPP"),
        ({"company": replace(FACTS.company, address="")}, "alamat perusahaan"),
        ({"branch": replace(FACTS.branch, name="")}, "nama kantor cabang"),
        ({"contact": Contact("", "", "0812", "")}, "nama narahubung"),
        ({"contact": Contact("Rina", "", "", "")}, "telepon atau surel narahubung"),
        ({"signatory": Signatory("", "Manajer")}, "nama penanda tangan"),
        ({"signatory": Signatory("Bambang", "")}, "jabatan penanda tangan"),
        ({"people": ()}, "daftar koreksi"),
        ({"people": (PERSON, replace(PERSON, nik=""))}, "NIK tenaga kerja nomor 2"),
        ({"people": (replace(PERSON, lines=()),)}, "koreksi tenaga kerja nomor 1"),
        (
            {"people": (replace(PERSON, lines=(LetterLine("nama", "Nama", "X", " "),)),)},
            "nilai Menjadi tenaga kerja nomor 1",
        ),
    ],
)
def test_a_fact_that_is_missing_is_named(change, name):
    assert missing_facts(replace(FACTS, **change)) == (name,)


def test_whole_facts_are_not_too_long():
    assert overlong_facts(FACTS) == ()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"number": "1" * 81}, "nomor surat (81 karakter, paling panjang 80)"),
        (
            {"company": replace(FACTS.company, address="x" * 401)},
            "alamat perusahaan (401 karakter, paling panjang 400)",
        ),
        ({"copies_to": ("a", "b" * 121)}, "tembusan (121 karakter, paling panjang 120)"),
        (
            {"documents": (LetterDocument("", "", "x" * 201),)},
            "jenis dokumen (201 karakter, paling panjang 200)",
        ),
        (
            {"people": (PERSON, replace(PERSON, name="X" * 201))},
            "nama tenaga kerja nomor 2 (201 karakter, paling panjang 200)",
        ),
        (
            {"people": (replace(PERSON, lines=(LetterLine("alamat", "", "x" * 501, "y"),)),)},
            "nilai Semula tenaga kerja nomor 1 (501 karakter, paling panjang 500)",
        ),
    ],
)
def test_a_text_too_long_for_a_letter_is_named_with_its_limit(change, named):
    assert overlong_facts(replace(FACTS, **change)) == (named,)


def test_what_goes_with_a_letter_of_request_names_it():
    beside = replace(
        FACTS, kind="pengantar", request_number="128/X", request_date=date(2026, 11, 20)
    )
    assert facts_from_json(json.loads(json.dumps(facts_to_json(beside)))) == beside
    assert missing_facts(beside) == ()
    for lacking in (replace(beside, request_number=" "), replace(beside, request_date=None)):
        assert missing_facts(lacking) == ("nomor surat permohonan",)
