"""What each column of a sheet means: tables of headers and columns beside the verdict."""

import pytest

from hr_portal.domain.columns import (
    ROLE_WORDS,
    WORD_OF,
    Match,
    fingerprint,
    recognise,
    roles_fitting,
    says_nothing,
)
from hr_portal.domain.contents import Sample
from hr_portal.domain.table import Kind, Role
from hr_portal.domain.two_sources import names_source

ROWS = 6
KPJ = [f"099999900{at:02}" for at in range(ROWS)]
WOMEN = [f"317101450890901{at}" for at in range(ROWS)]
MEN = [f"317101050890901{at}" for at in range(ROWS)]
KK = [f"317101120315901{at}" for at in range(ROWS)]
NAMES = [f"SITI {name}" for name in ("A", "BE", "CE", "DE", "EF", "GE")]
BORN = ["05-08-1990"] * ROWS
DATES = ["01-03-2020"] * ROWS
LABELS = ["Email", "No HP", "Email", "Email", "Alamat Domisili", "Email"]
MAILS = [f"a{at}@contoh.example" for at in range(ROWS)]
PHONES = [f"08120000000{at}" for at in range(ROWS)]
FREE = ["apa saja 1"] * ROWS
EMPTY = [""] * ROWS

FULL = {"KPJ": KPJ, "NIK": WOMEN, "Nama": NAMES, "Data": LABELS, "Menjadi": FREE}
EMPLOYEES = {"KPJ": KPJ, "NIK": WOMEN, "Nama": NAMES, "Email (Menjadi)": MAILS}


def read(columns, choice="auto", given=None, **more):
    if isinstance(columns, dict):
        columns = list(columns.items())
    samples = [
        Sample(values, [Kind.TEXT if value else Kind.EMPTY for value in values])
        for _, values in columns
    ]
    return recognise([text for text, _ in columns], samples, choice, given, **more)


def told(recognition):
    """Each column as "word basis", with "?" where it is asked."""
    return [
        f"{WORD_OF[match.role]} {match.basis}" + ("?" if match.is_asked else "")
        for match in recognition.matches
    ]


def test_known_names_are_certain_and_nothing_is_asked():
    held = read(FULL)
    assert told(held) == ["kpj name", "nik name", "nama name", "data name", "menjadi name"]
    assert (held.layout, held.fault) == ("per-correction", None)
    assert not held.asks("unsure")
    assert held.asks("always")


def test_a_column_of_niks_is_one_whatever_its_name():
    held = read([("KPJ", KPJ), ("Kode Orang", WOMEN), *list(FULL.items())[2:]])
    assert told(held)[1] == "nik content"
    assert held.layout == "per-correction"


def test_the_kind_of_a_card_names_no_datum_beside_new_values():
    held = read([*EMPLOYEES.items(), ("Jenis Identitas", ["KTP"] * ROWS)])
    assert told(held)[-1] == "abaikan unknown"
    assert not held.asks("unsure")


def test_numbers_of_somebody_else_are_not_taken_for_the_nik():
    held = read([("KPJ", KPJ), ("NIK Suami", WOMEN), *list(FULL.items())[2:]])
    assert told(held)[1] == "nik content?"
    assert held.asks("needed")


@pytest.mark.parametrize(
    "text", ["NIK Ahli Waris", "NIK Suami/Ahli Waris", "KTP Orang Tua / Wali", "ID Spouse"]
)
@pytest.mark.parametrize("values", [MEN, KK])
def test_numbers_of_somebody_else_are_proposed_for_neither_nik_nor_kk(text, values):
    rest = list(FULL.items())
    assert told(read([*rest, (text, values)]))[-1] == "abaikan unknown"
    alone = read([rest[0], (text, values), *rest[2:]])
    assert told(alone)[1] in {"abaikan unknown", "nik placed?"}
    assert alone.asks("needed")
    assert told(read([rest[0], (text, WOMEN), *rest[2:]]))[1] == "nik content?"


def test_a_card_of_somebody_is_no_family_card_but_a_family_number_may_be_one():
    assert told(read([*FULL.items(), ("KTP lain", KK)]))[-1] == "abaikan unknown"
    assert told(read([*FULL.items(), ("Nomor Keluarga", KK)]))[-1] == "kk content?"


def test_without_women_a_birth_date_tells_a_nik():
    rest = list(FULL.items())[2:]
    assert told(read([("KPJ", KPJ), ("ID", MEN), *rest]))[1] == "nik content?"
    born = read([("KPJ", KPJ), ("ID", MEN), ("Tanggal Lahir", BORN), *rest])
    assert told(born)[1] == "nik content"
    other = read([("KPJ", KPJ), ("ID", MEN), ("Tanggal Lahir", DATES), *rest])
    assert told(other)[1] == "nik content?"
    bare = read([("KPJ", KPJ), ("ID", MEN), ("Tanggal Lahir", EMPTY), *rest])
    assert told(bare)[1] == "nik content?"


def test_two_columns_that_are_both_surely_niks_are_asked_about():
    held = read([("KPJ", KPJ), ("ID", WOMEN), ("ID lain", WOMEN), *list(FULL.items())[2:]])
    assert told(held)[1:3] == ["nik content?", "abaikan content?"]


def test_a_second_column_of_sixteen_digits_may_be_the_kk():
    held = read([*FULL.items(), ("Kartu", KK)])
    assert told(held)[-1] == "kk content?"
    assert held.asks("unsure")
    assert not held.asks("needed")
    assert told(read([*FULL.items(), ("Kartu", WOMEN)]))[-1] == "abaikan unknown"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("TGL", BORN, "tanggal_lahir content"),
        ("TGL Saksi", BORN, "tanggal_lahir content?"),
        ("TGL", [*BORN[:5], "01-03-2020"], "tanggal_lahir content?"),
        ("TGL", DATES, "abaikan content?"),
        ("Tanggal Surat", DATES, "abaikan unknown"),
        ("Kontak", PHONES, "hp content?"),
        ("Kontak Darurat Saksi", PHONES, "abaikan unknown"),
        ("Kontak", MAILS, "email content?"),
        ("Kolom5", ["L", "P"] * 3, "jenis_kelamin content?"),
        ("Kolom5", ["10110"] * ROWS, "kode_pos content?"),
        ("Kolom5", FREE, "abaikan unknown"),
        ("Kolom5", ["Salah ketik"] * ROWS, "abaikan unknown"),
        ("Kelas", ["L", "P"] * 3, "abaikan unknown"),
        ("Kolom5", EMPTY, "abaikan unknown"),
        ("Tangal Lahir", BORN, "tanggal_lahir similar"),
        ("Alamt", FREE, "alamat similar?"),
        ("Emial", FREE, "abaikan unknown"),
        ("Alasn", FREE, "alasan similar"),
        ("Alsan Kreksi", FREE, "alasan similar"),
    ],
)
def test_a_column_beside_known_ones_is_proposed_by_name_or_content(text, values, expected):
    held = read([*list(EMPLOYEES.items())[:3], ("Gelar (Menjadi)", EMPTY), (text, values)])
    assert told(held)[-1] == expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("TTL Baru", [f"Bogor, {born}" for born in BORN], "abaikan content?"),
        ("Jabatan Baru", FREE, "abaikan content?"),
        ("Kartu (Menjadi)", WOMEN, "abaikan content?"),
        ("Kontak Baru", PHONES, "hp:menjadi content?"),
        ("Jabatan", FREE, "abaikan unknown"),
    ],
)
def test_what_says_it_is_new_is_asked_about_and_never_taken_for_the_record(text, values, expected):
    held = read([*EMPLOYEES.items(), (text, values)])
    assert told(held)[-1] == expected
    assert told(read([*FULL.items(), (text, values)]))[-1] == "abaikan unknown"


def test_one_correction_a_row_takes_no_other_data_of_the_employee():
    for text, values in (("Kontak", PHONES), ("TGL", DATES), ("Alamt", FREE)):
        assert told(read([*FULL.items(), (text, values)]))[-1] == "abaikan unknown"


def test_a_near_name_whose_meaning_is_taken_says_nothing():
    assert told(read([*FULL.items(), ("Nama Lengkp", NAMES)]))[-1] == "abaikan unknown"


def test_what_is_missing_is_proposed_where_only_one_column_could_be_it():
    held = read([("KPJ", KPJ), ("NIK", WOMEN), ("Orang", NAMES), *list(FULL.items())[3:]])
    assert told(held)[2] == "nama placed?"
    assert held.asks("needed")
    beside = read(
        [("KPJ", KPJ), ("NIK", WOMEN), ("Orang", NAMES), ("Bagian", ["Produksi"] * ROWS),
         *list(FULL.items())[3:]]
    )  # fmt: skip
    assert told(beside)[2:4] == ["nama placed?", "abaikan unknown"]
    unclear = read(
        [("KPJ", KPJ), ("NIK", WOMEN), ("Orang", NAMES), ("Kota", NAMES), *list(FULL.items())[3:]]
    )
    assert told(unclear)[2:4] == ["abaikan unknown", "abaikan unknown"]
    assert unclear.asks("needed")


def test_where_no_column_could_be_it_there_is_nothing_to_ask():
    held = read([("NIK", WOMEN), ("Nama", NAMES), ("Lain", FREE), *list(FULL.items())[3:]])
    assert held.fault.lacking == {"kpj"}
    assert not held.asks("always")


def test_a_known_name_over_strange_content_is_doubted_where_something_is_missing():
    held = read([("No Kartu", WOMEN), ("NIK", KPJ), *list(FULL.items())[2:]])
    assert told(held)[1] == "nik name?"
    assert held.matches[1].note == "contradicts"
    assert held.asks("needed")


def test_the_form_of_sipp_has_its_new_values_under_plain_names():
    held = read(
        [("KPJ*", KPJ), ("NIK", WOMEN), ("Nama", NAMES), ("Tanggal Lahir", BORN),
         ("Handphone", PHONES), ("Alamat Surel yang Aktif Dipakai", MAILS), ("Lokasi", FREE)]
    )  # fmt: skip
    assert told(held)[3:] == [
        "tanggal_lahir name", "hp:menjadi placed?", "email:menjadi placed?", "abaikan unknown",
    ]  # fmt: skip
    assert held.asks("needed")
    assert not read(list(EMPLOYEES.items())[:3]).asks("needed")


def test_what_only_its_content_tells_is_new_where_no_column_says_what_is_corrected():
    held = read([("A", KPJ), ("B", NAMES), ("C", WOMEN), ("D", BORN), ("E", PHONES)])
    assert told(held)[-1] == "hp:menjadi placed?"
    assert held.asks("needed")


@pytest.mark.parametrize(
    ("values", "after", "before"),
    [(PHONES, "hp:menjadi content?", "hp content?"), (MAILS, "email:menjadi content?", "email content?"),
     (FREE, "menjadi name", "semula name")],
)  # fmt: skip
def test_a_sheet_of_one_datum_tells_it_by_its_new_values(values, after, before):
    columns = [*list(FULL.items())[:3], ("Semula", values), ("Menjadi", values)]
    held = read(columns)
    assert told(held)[3:] == [before, after]
    assert held.fault.lacking == {"which"}
    assert held.asks("needed")
    assert told(read(columns, "per-correction"))[3:] == ["semula name", "menjadi name"]


def test_beside_the_names_of_data_the_last_columns_are_semula_and_menjadi():
    held = read([(f"Kolom{at}", values) for at, values in
                 enumerate((KPJ, WOMEN, NAMES, BORN, LABELS, FREE, FREE))])  # fmt: skip
    assert told(held) == [
        "kpj content?", "nik content", "nama content?", "tanggal_lahir content", "data content?",
        "semula placed?", "menjadi placed?",
    ]  # fmt: skip
    same = ["Sesuai KTP-el"] * len(FREE)
    reasoned = read([*list(FULL.items())[:4], ("Isi", PHONES), ("Sebab", same)])
    assert told(reasoned)[-2:] == ["menjadi placed?", "abaikan unknown"]
    one = read([*list(FULL.items())[:4], ("Isi", FREE)])
    assert told(one)[-1] == "menjadi placed?"
    none = read(list(FULL.items())[:4])
    assert none.fault.lacking == {"after"}
    assert not none.asks("needed")
    known = read([*list(FULL.items())[:2], ("Orang", NAMES), *list(FULL.items())[3:], ("X", FREE)])
    assert told(known)[-1] == "abaikan unknown"


def test_koreksi_over_the_names_of_data_is_what_is_corrected_and_asked_about():
    held = read([*list(FULL.items())[:3], ("Koreksi", LABELS), ("Awal", FREE), ("Akhir", FREE)])
    assert told(held)[3:] == ["data content?", "semula placed?", "menjadi placed?"]
    assert held.asks("needed")
    beside = read([*list(FULL.items())[:4], ("Koreksi", LABELS)])
    assert told(beside)[3:] == ["data name", "menjadi name"]


def test_of_two_columns_with_one_meaning_the_second_has_to_be_explained():
    held = read([*FULL.items(), ("No KTP", WOMEN)])
    assert told(held)[1] == "nik name?"
    assert told(held)[-1] == "abaikan name?"
    assert held.fault.kind == "duplicate"
    assert held.asks("needed")
    twice = read([*FULL.items(), ("Catatan", FREE), ("Data Baru", FREE)])
    assert [match.note for match in twice.matches][-3:] == ["repeated", "", "repeated"]
    assert read([*FULL.items(), ("Catatan", FREE), ("Ket", FREE)]).fault is None
    first = read([("NIK", KPJ), *list(FULL.items())[:1], ("No KTP", WOMEN), ("Nama", NAMES)])
    assert first.fault.lacking  # something else is missing as well
    assert told(first)[:3] == ["abaikan name?", "kpj name", "nik name?"]
    bare = read([*FULL.items(), ("No KTP", EMPTY)])
    assert told(bare)[1] == "nik name?"
    sipp = read([*list(FULL.items())[:3], ("No HP", PHONES), ("Handphone", PHONES)])
    assert told(sipp)[-2:] == ["hp:menjadi placed?", "abaikan name?"]


def test_columns_of_both_layouts_are_asked_about():
    held = read([*FULL.items(), ("Email (Menjadi)", MAILS)])
    assert held.fault.kind == "mixed"
    assert told(held)[-1] == "email:menjadi name?"


def test_only_what_is_certain_is_told_for_the_next_file():
    assert [match.word for match in read([("Kartu", KPJ), ("NIK", WOMEN)]).matches] == [
        "abaikan", "nik",
    ]  # fmt: skip


def test_answers_stand_as_they_are_and_the_rest_is_recognised():
    given = {0: Role("record", "kpj"), 5: Role("unknown")}
    columns = [("X", FREE), *list(FULL.items())[1:], ("Kartu", KK)]
    held = read(columns, given=given)
    assert told(held)[0] == "kpj answered"
    assert held.matches[5] == Match(Role("unknown"), "answered", is_certain=True)
    assert held.layout == "per-correction"
    assert not held.asks("unsure")
    assert told(read(columns, given=given, basis="remembered"))[0] == "kpj remembered"


def test_an_answer_fits_where_the_content_does_not_speak_against_it():
    assert roles_fitting(read(FULL))
    assert not roles_fitting(read(FULL, given={0: Role("record", "email")}))


def test_headers_are_the_same_whatever_their_spelling():
    assert fingerprint(["No. KPJ", "nik *"]) == fingerprint(["NO KPJ", "NIK"])
    assert fingerprint(["NIK", "KPJ"]) != fingerprint(["KPJ", "NIK"])
    assert fingerprint(["AB", "C"]) != fingerprint(["A", "BC"])


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("", True), ("Kolom 3", True), ("Unnamed: 4", True), ("F7", True), ("TGL", True),
     ("Nama", False), ("Kontak", False), ("Tanggal Surat", False)],
)  # fmt: skip
def test_some_headers_say_nothing(text, verdict):
    assert says_nothing(text) is verdict


def test_every_word_has_one_role_and_back():
    assert len(WORD_OF) == len(ROLE_WORDS)
    assert all(ROLE_WORDS[word] == role for role, word in WORD_OF.items())
    assert ROLE_WORDS["hp:menjadi"] == Role("after", "hp")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Nama Ibu Kandung (BPJS)", "Nama Ibu Kandung (KTP)", ["nama_ibu placed?", "nama_ibu:menjadi placed?"]),
        ("Tgl Lahir di BPJS TK", "Tgl Lahir sesuai KTP", ["tanggal_lahir placed?", "tanggal_lahir:menjadi placed?"]),
        ("Alamat menurut Sistem", "Alamat pada Dokumen", ["alamat placed?", "alamat:menjadi placed?"]),
        ("Sisa cuti (BPJS)", "Sisa cuti (KTP)", ["abaikan unknown", "abaikan unknown"]),
        ("Alamat BPJS KTP", "Alamat", ["abaikan unknown", "alamat:menjadi placed?"]),
    ],
)  # fmt: skip
def test_one_datum_of_two_sources_is_old_and_new_and_asked_about(old, new, expected):
    columns = {"KPJ": KPJ, "NIK": WOMEN, "Nama": NAMES, old: FREE, new: [f"x {at}" for at in KPJ]}
    assert told(read(columns))[3:] == expected


def test_a_pair_is_asked_about_even_where_one_of_its_names_is_known():
    columns = {
        "KPJ": KPJ,
        "NIK": WOMEN,
        "Nama di BPJS": NAMES,
        "Nama sesuai KTP": NAMES,
        "Email baru": MAILS,
    }
    held = read(columns)
    assert told(held)[2:] == ["nama placed?", "nama:menjadi placed?", "email:menjadi name"]
    assert held.asks("needed")
    alone = read({key: values for key, values in columns.items() if key != "Nama di BPJS"})
    assert told(alone)[2] == "nama name"
    answered = read(columns, given={2: Role("unknown"), 3: Role("record", "nama")})
    assert (answered.layout, answered.fault) == ("per-employee", None)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Data di BPJS", "Data yang Benar", ["semula placed?", "menjadi name"]),
        ("Data menurut Kartu Peserta", "Menjadi", ["semula placed?", "menjadi name"]),
        ("Semula", "Sesuai KTP", ["semula name", "menjadi placed?"]),
        ("Data di BPJS", "Catatan", ["semula placed?", "keterangan name"]),
    ],
)
def test_one_side_named_by_its_source_is_proposed_beside_the_other_named(one, other, expected):
    assert told(read({**dict(list(FULL.items())[:4]), one: FREE, other: MAILS}))[4:] == expected


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("DATA BPJS TK", True),
        ("Data sesuai KTP", True),
        ("Nama di BPJS", False),
        ("Karyawan", False),
    ],
)
def test_a_heading_over_several_columns_may_say_where_their_data_stand(text, verdict):
    assert names_source(text) is verdict


def test_an_address_of_the_documents_is_no_new_value_of_the_address():
    columns = {"KPJ": KPJ, "NIK": WOMEN, "Nama": NAMES, "Email baru": MAILS}
    held = read({**columns, "Alamat": FREE, "Alamat sesuai Dokumen": [f"x {at}" for at in KPJ]})
    assert told(held)[4:] == ["alamat name", "abaikan unknown"]
    held = read({**columns, "Nama Ibu BPJS": FREE, "Nama Ibu Menjadi": NAMES})
    assert told(held)[4:] == ["nama_ibu placed?", "nama_ibu:menjadi name"]


def test_beside_the_names_of_data_the_sources_are_semula_and_menjadi():
    held = read({**dict(list(FULL.items())[:4]), "Data di BPJS": FREE, "Data KTP": MAILS})
    assert told(held)[4:] == ["semula placed?", "menjadi placed?"]
    assert told(read({"BPJS TK": KPJ, "KTP": WOMEN})) == ["kpj name", "nik name"]
