"""Numbers follow each other without a gap, past those used elsewhere, as the company wishes."""

import datetime as dt

import pytest

from hr_portal.domain.letter_numbers import Series
from hr_portal.services import letter_numbering, letters, places
from hr_portal.services.errors import Invalid, NotFound

DAY = dt.date(2026, 11, 3)


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


@pytest.fixture
def batch(world):
    return world.draft()


@pytest.fixture
def again(world, portal, batch):
    """Issues another letter of the same batch and gives its number."""

    def issue():
        letter = letters.issue(portal, world.rahma, batch, wait=False)
        letters.revoke(portal, world.rahma, letter.id, reason="Uji penomoran")
        return letter.number

    return issue


@pytest.fixture
def number_as(world, portal):
    def edit(**choices):
        letter_numbering.edit_series(
            portal, world.rahma, world.people.companies[0], "permohonan", Series(**choices)
        )

    return edit


@pytest.fixture
def note(world, portal):
    def register(number, used_on=DAY, **more):
        return letter_numbering.register_outside(
            portal, world.rahma, world.people.companies[0],
            **{"kind": "permohonan", "number": number, "used_on": used_on, **more},
        )  # fmt: skip

    return register


def test_numbers_begin_where_the_company_says_and_with_its_code(number_as, again):
    number_as(pattern="{urut:03}/{kode}/{tahun}", start=129, code="SDM")
    assert [again(), again()] == ["129/SDM/2026", "130/SDM/2026"]


def test_numbers_begin_anew_each_month(number_as, again, clock):
    number_as(pattern="{urut}/{bulan_romawi}/{tahun}", reset="month")
    first = [again(), again()]
    clock.go(days=15)
    assert [*first, again()] == ["1/XI/2026", "2/XI/2026", "1/XII/2026"]


def test_numbers_that_never_begin_anew_go_on_in_the_next_year(number_as, again, clock):
    number_as(pattern="{urut}/HRD", reset="never")
    assert again() == "1/HRD"
    clock.go(days=60)
    assert again() == "2/HRD"


def test_a_change_of_when_they_begin_anew_repeats_no_number(number_as, again):
    assert again().startswith("001/")
    number_as(pattern="{urut}/{bulan_romawi}/{tahun}", reset="never")
    assert again() == "2/XI/2026"
    number_as(pattern="{urut}/{bulan_romawi}/{tahun}", reset="month")
    assert again() == "3/XI/2026"


def test_a_number_used_outside_is_passed_over_whatever_its_month(note, again):
    noted = note("002/HRD/CSA/X/2026", dt.date(2026, 10, 9), note="Dibuat di Word")
    assert noted.sequence == 2
    assert [again(), again()] == ["001/HRD/CSA/XI/2026", "003/HRD/CSA/XI/2026"]


def test_one_of_another_year_or_shape_takes_only_itself(note, again):
    assert note("001/HRD/CSA/XI/2025", dt.date(2025, 11, 9)).sequence == 1
    assert note("SK-17").sequence is None
    assert again() == "001/HRD/CSA/XI/2026"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"number": " "}, "Tulis nomor"),
        ({"number": "9" * 81}, "paling panjang 80"),
        ({"used_on": None}, "Tulis tanggal"),
        ({"kind": "lain"}, "Pilih jenis"),
        ({"note": "x" * 201}, "paling panjang 200"),
        ({"number": "001/HRD/CSA/XI/2026"}, "sudah terpakai"),
        ({"number": "005/HRD/CSA/II/2026"}, "sudah terpakai"),
    ],
)
def test_what_cannot_be_noted_is_a_sentence(note, again, sent, says):
    again()
    note("005/HRD/CSA/I/2026")
    with pytest.raises(Invalid) as refusal:
        note(**{"number": "007/HRD/CSA/XI/2026", **sent})
    assert says in refusal.value.message


def test_a_pattern_that_gives_no_number_changes_nothing(number_as, again):
    for choices in ({"pattern": "{tahun}"}, {"start": 0}, {"code": "S/P"}):
        with pytest.raises(Invalid):
            number_as(**choices)
    assert again() == "001/HRD/CSA/XI/2026"


def test_the_companys_form_and_the_numbering_hold_the_same_pattern(world, portal, number_as, again):
    number_as(pattern="{urut}/HRD", reset="never")
    company = world.people.companies[0]
    places.edit_company(portal, world.rahma, company, {"number_pattern": "{urut:02}/SDM"})
    assert again() == "01/SDM"


def test_the_next_number_is_shown_before_it_is_taken(world, portal, note, again):
    note("001/HRD/CSA/XI/2026")
    show = lambda: letter_numbering.series_views(  # noqa: E731
        portal, world.rahma, world.people.companies[0], ("permohonan",), dt.date(2026, 11, 21)
    )[0]
    assert (show().following, show().last) == ("002/HRD/CSA/XI/2026", 0)
    assert again() == "002/HRD/CSA/XI/2026"
    assert (show().following, show().last) == ("003/HRD/CSA/XI/2026", 2)


def test_another_companys_numbers_are_not_there(world, portal):
    company = world.people.companies[0]
    for act in (
        lambda: letter_numbering.outside_numbers(portal, world.wulan, company),
        lambda: letter_numbering.series_views(portal, world.wulan, company, ("permohonan",), DAY),
        lambda: letter_numbering.edit_series(portal, world.wulan, company, "permohonan", Series()),
        lambda: letter_numbering.register_outside(
            portal, world.wulan, company, kind="permohonan", number="1/2026", used_on=DAY
        ),
    ):
        with pytest.raises(NotFound):
            act()
