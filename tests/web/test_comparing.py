"""Semula and menjadi: what changed is marked, and an identifier keeps its middle to itself."""

import pytest

from hr_portal.web.comparing import compared


def marked(segments):
    return "".join(f"[{part.text}]" if part.changed else part.text for part in segments)


def shown(field, before, after, **more):
    one = compared(field, before, after, **more)
    return marked(one.before), marked(one.after)


@pytest.mark.parametrize(
    ("field", "before", "after", "left", "right"),
    [
        ("nama", "SITI CONTOAN", "SITI CONTOHAN", "SITI CONT[OA]N", "SITI CONTO[H]AN"),
        ("tanggal_lahir", "1990-05-08", "1990-08-05", "[08-05]-1990", "[05-08]-1990"),
        ("tanggal_lahir", "1978-08-12", "1987-08-12", "12-08-[1978]", "12-08-[1987]"),
        ("tanggal_lahir", "1978-08-12", "1990-05-01", "12-08-1978", "01-05-1990"),
        ("jenis_kelamin", "L", "P", "Laki-laki", "Perempuan"),
        ("hp", "+6281200000001", "+6281200000002", "08120000000[1]", "08120000000[2]"),
        ("kode_pos", "", "10110", "", "10110"),
        ("tempat_lahir", "bukan tanggal", "JAKARTA", "bukan tanggal", "JAKARTA"),
    ],
)
def test_the_changed_part_is_marked_on_both_sides(field, before, after, left, right):
    assert shown(field, before, after) == (left, right)


def test_a_nik_shows_its_ends_and_the_digits_that_changed():
    before, after = shown("nik", "3171014508909013", "3171014509909013")
    assert before == "3171•••••[8]••9013"
    assert after == "3171•••••[9]••9013"


def test_a_short_account_gives_its_head_up_for_the_digit_that_changed():
    assert shown("no_rekening", "9000000112", "9000100112") == ("••••[0]•0112", "••••[1]•0112")


def test_an_identifier_that_is_wholly_new_shows_its_ends_alone():
    _, after = shown("nik", "3171014508909013", "3275026212889555")
    assert after.replace("[", "").replace("]", "").count("•") >= 4
    assert shown("nik", "", "3171014508909013")[1] == "3171••••••••9013"


def test_nothing_short_is_given_away():
    for field, value in (("no_rekening", "12345"), ("nama_ibu", "SRI"), ("kpj", "1234567")):
        assert shown(field, "", value)[1].count("•") >= min(4, len(value) - 1)


def test_asked_for_in_full_nothing_is_dotted():
    assert shown("nik", "", "3171014508909013", whole=True)[1] == "3171014508909013"
    assert not compared("nik", "", "3171014508909013", whole=True).is_dotted


def test_an_erased_value_has_nothing_after_it():
    one = compared("npwp", "3171014508909013", "HAPUS")
    assert one.is_erased
    assert one.after == ()
