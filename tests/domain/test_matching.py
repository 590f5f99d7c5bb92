"""Names of documents find their employees; a doubt is a question, never a placement."""

import pytest

from benchmarks.matching import measure
from hr_portal.domain.document_kinds import KINDS, kind_named, kinds_in
from hr_portal.domain.mapping_sheet import Line, Sheet
from hr_portal.domain.matching import DOUBTS, match, people_called
from hr_portal.domain.roster import Roster
from samples.document_names import labelled, roster

NAMES = labelled()


def one(kpj, nik, name, kk="3171010101159003", **changes):
    return {"kpj": kpj, "nik": nik, "nama": name, "kk": kk}, changes


SITI = one("09999000013", "3171014508909013", "SITI PUSPA CONTOHAN")
BUDI = one("09999000026", "3171010508909023", "BUDI CAHYA UMPAMA")
AMIR = one("09999000039", "3171010608909033", "AMIR REKAAN", kk="3171010101159033")


@pytest.fixture(scope="module")
def people():
    return Roster.of(roster())


@pytest.fixture(scope="module")
def few():
    return Roster.of((at, *who) for at, who in enumerate((SITI, BUDI, AMIR), 2))


def test_labelled_names_are_placed_rightly_and_nearly_all_of_them(people):
    assert len(NAMES) >= 400
    precision, recall, _odd = measure(NAMES, people)
    assert precision >= 0.995
    assert recall >= 0.95


def test_every_doubt_gives_a_reason_that_the_page_can_say(people):
    told = [match(name.path, people) for name in NAMES]
    assert all(one.doubt in DOUBTS for one in told if one.certainty != "sure")
    assert all(not one.doubt and one.kind for one in told if one.certainty == "sure")


@pytest.mark.parametrize(
    ("path", "doubt", "rows"),
    [
        ("KTP 3171014508909013 Budi Cahya Umpama.jpg", "contradiction", (2,)),
        ("KTP 3171014508909013 Umpama.jpg", "contradiction", (2,)),
        ("Budi Cahya Umpama/KTP 3171014508909013.jpg", "contradiction", (2,)),
        ("3171010101159033/KTP 3171014508909013.jpg", "contradiction", (2,)),
        ("3171010101159033/KK Siti Puspa Contohan.jpg", "contradiction", (4,)),
        ("KTP 3171010101159003.jpg", "several-people", (2, 3)),
        ("KK 3171010101159003 3171010101159033.jpg", "several-people", (2, 3, 4)),
        ("KK 3171014508909013 09999000026.jpg", "several-people", (2, 3)),
        ("KTP 3171014508909013 3171010508909023.jpg", "several-people", (2, 3)),
        ("KTP suami Siti Puspa Contohan.jpg", "relative", (2,)),
        ("Umpama/KTP Siti Puspa Contohan.jpg", "more-words", (2,)),
        ("KTP Siti Puspa Contohan Ambon.jpg", "more-words", (2,)),
        ("Siti Puspa Contohan.jpg", "kind-missing", (2,)),
        ("foto Siti Puspa Contohan.jpg", "kind-missing", (2,)),
        ("KTP+KK Siti Puspa Contohan.jpg", "kinds-several", (2,)),
        ("KTP Siti P.jpg", "part-of-name", (2,)),
        ("KTP Siti Q.jpg", "part-of-name", (2,)),
        ("KTP Sity Conthan.jpg", "similar-name", (2,)),
        ("KTP 3171014508909014.jpg", "similar-number", (2,)),
        ("4_ktp.jpg", "bare-number", (4,)),
        ("99_ktp.jpg", "nothing", ()),
        ("KTP Siti Cahya.jpg", "nothing", ()),
        ("KTP 3171999999999999 9171999999999999.jpg", "nothing", ()),
        ("baris 99 Siti Puspa Contohan KTP.jpg", "unknown-number", (2,)),
        ("Cthan/KTP.jpg", "nothing", ()),
        ("Conthan/KTP.jpg", "similar-name", (2,)),
        ("", "nothing", ()),
        ("///", "nothing", ()),
    ],
)
def test_what_speaks_against_a_placement_is_named(few, path, doubt, rows):
    told = match(path, few)
    assert (told.doubt, told.rows) == (doubt, rows)
    assert told.certainty != "sure"


def test_a_family_number_and_a_name_of_that_family_tell_one_person(few):
    told = match("KTP 3171010101159003 Siti Puspa Contohan.jpg", few)
    assert (told.rows, told.kind, told.certainty) == ((2,), "ktp", "sure")


def test_a_family_number_beside_the_nik_of_that_family_is_no_contradiction(few):
    told = match("3171010101159003/KTP 3171014508909013.jpg", few)
    assert (told.rows, told.by, told.certainty) == ((2,), "nik", "sure")


def test_a_shared_nik_places_nothing():
    shared = Roster.of([(2, *SITI), (3, *one("09999000040", SITI[0]["nik"], "DEWI MISALNYA"))])
    assert match(f"KTP {SITI[0]['nik']}.jpg", shared).doubt == "several-people"


def test_part_of_the_names_of_two_people_is_a_question():
    two = Roster.of([(2, *SITI), (3, *one("09999000041", "3171014708909043", "SITI ANDAIAN"))])
    assert match("KTP Siti.jpg", two).doubt == "several-people"


def test_merged_cards_name_the_employee_who_keeps_one():
    kept = one(
        "09999000013", "3171014508909013", "SITI", kpj_digabung=("", "09999000500; 09999000513")
    )
    told = match("kartu KPJ 09999000513.jpg", Roster.of([(2, *kept)]))
    assert (told.rows, told.kind, told.certainty) == ((2,), "kartu_bpjstk", "sure")


def test_rows_without_a_number_or_a_name_are_people_of_their_own():
    nobody = Roster.of([(2, {"nama": "SITI"}, {}), (3, {"nama": ".."}, {}), (4, {}, {})])
    assert match("KTP Siti.jpg", nobody).rows == (2,)
    assert match("baris 4 KTP.jpg", nobody).rows == (4,)


def test_a_mapping_sheet_stands_above_the_name(few):
    mapping = Sheet(
        [
            Line("scan 01.jpg", either="3171014508909013", kind="KTP"),
            Line("b\\Scan 02.JPG", either="'0999.900.0026", kind="kartu keluarga"),
            Line("KTP Siti Puspa Contohan", either="4", kind="ktp"),
            Line("kk bersama.pdf", either="2", kind="KK"),
            Line("kk bersama.pdf", either="3", kind="KK"),
            Line("tanpa jenis.pdf", either="3", kind=""),
            Line("salah.pdf", either="3171999999999999", kind="ktp"),
            Line("salah juga.pdf", either="nama", kind="ktp"),
            Line("KTP tanpa jenis.pdf", either="3"),
            Line("jenis apa.pdf", either="3", kind="kartu apa"),
            Line("baris kosong.pdf", either="77", kind="ktp"),
        ]
    )

    def told(path):
        found = match(path, few, mapping)
        return found.rows, found.kind, found.doubt

    assert told("scan 01.jpg") == ((2,), "ktp", "")
    assert told("b/scan 02.jpg") == ((3,), "kk", "")
    assert told("KTP Siti Puspa Contohan.jpg") == ((4,), "ktp", "")
    assert told("kk bersama.pdf") == ((2, 3), "kk", "")
    assert told("x/kk bersama.pdf") == ((2, 3), "kk", "sheet-ambiguous")
    assert told("tanpa jenis.pdf") == ((3,), None, "kind-missing")
    assert told("KTP tanpa jenis.pdf") == ((3,), "ktp", "")
    assert told("jenis apa.pdf") == ((3,), None, "kind-unknown")
    assert told("salah.pdf") == ((), None, "unknown-number")
    assert told("salah juga.pdf") == ((), None, "unknown-number")
    assert told("baris kosong.pdf") == ((), None, "unknown-number")
    assert told("KK Amir Rekaan.jpg") == ((4,), "kk", "")


def test_a_mapping_that_fits_two_employees_is_a_question():
    shared = Roster.of([(2, *SITI), (3, *one("09999000040", SITI[0]["nik"], "DEWI MISALNYA"))])
    told = match("a.jpg", shared, Sheet([Line("a.jpg", either=SITI[0]["nik"], kind="ktp")]))
    assert (told.doubt, told.certainty) == ("several-people", "likely")


def test_kinds_are_read_by_their_longest_name():
    assert kinds_in(("AKTA", "NIKAH", "SITI")).kinds == ("lain",)
    assert kinds_in(("KARTU", "BPJS", "KES")).kinds == ("lain",)
    assert kinds_in(("KPJ", "KTP")).kinds == ("ktp",)
    assert kinds_in(("KPJ",)).kinds == ("kartu_bpjstk",)


def test_a_kind_in_a_cell_is_a_key_or_its_words():
    assert [kind_named(text) for text in KINDS] == list(KINDS)
    assert kind_named(" Kartu Keluarga ") == "kk"
    assert kind_named("KTP dan KK") is None
    assert kind_named("") is None


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("2", (2,)),
        (" 3171 0145 0890 9013 ", (2,)),
        ("09999000026", (3,)),
        ("siti puspa contohan", (2,)),
        ("Cahya", (3,)),
        ("siti cahya", ()),
        ("Sulaiman", ()),
        ("99", ()),
        ("", ()),
    ],
)
def test_whoever_types_a_row_number_or_name_is_understood(few, typed, rows):
    assert few.rows_of(people_called(typed, few)) == rows
