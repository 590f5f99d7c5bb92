import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.letter_changes import Segment, changed_part, identifier_groups


def shown(before: str, after: str) -> str:
    """The value with its changed parts in brackets."""
    return "".join(
        f"[{text}]" if changed else text for text, changed in changed_part(before, after)
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        # a letter forgotten, turned round or added
        ("SITI CONTOHN", "SITI CONTOH[A]N"),
        ("SRI ANDAIA", "SRI ANDAIA[N]"),
        ("AGUS ADI NDAIAN", "AGUS ADI [A]NDAIAN"),
        ("RINA AYU TAMSILNA", "RINA AYU TAMSIL[A]N"),
        # words
        ("SITI", "SITI [CONTOHAN]"),
        ("Bank Umpama", "Bank [Contoh]"),
        # something only left out: the characters beside the gap
        ("TAMSILANN", "TAMSILA[N]"),
        ("SITI X CONTOHAN", "SIT[I C]ONTOHAN"),
        ("X SITI", "[S]ITI"),
        ("SITI X", "SIT[I]"),
        # only a space: it can't be seen, so the letters beside it
        ("YUSUFMUHAMMAD ALI", "YUSU[F M]UHAMMAD ALI"),
        # numbers, position by position or, of another length, as they fit
        ("3275011206869302", "3275011206869[0]02"),
        ("3603145709839005", "3603[01]5709839005"),
        ("081200009020", "081200009[1]20"),
        ("081200", "081200[9]"),
        # dates: whole words
        ("23 Desember 1993", "23 [November] 1993"),
        ("8 Oktober 1984", "[10 Agustus] 1984"),
        # one word of an address
        (
            "Jalan Misal Nomor 8, RT 001/RW 002, Kelurahan Umpama",
            "Jalan Misal Nomor [1]8, RT 001/RW 002, Kelurahan Umpama",
        ),
        # an accent goes with its letter
        ("JOSE", "JOS[E\u0301]"),
        ("MARIA JOSE\u0301", "MARIA JOS[E\u0300]"),
    ],
)
def test_the_changed_part_is_marked(before, expected):
    after = expected.replace("[", "").replace("]", "")
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "6401051008849012"),
        ("Jakarta", "Surabaya"),
        ("Laki-laki", "Perempuan"),
        ("maria@lama.example", "maria.purwarupa@contohsejahtera.example"),
        ("8 Oktober 1984", "10 Agustus 1985"),
        ("9000000009", "1234567890"),
        ("SITI CONTOHAN", "SITI CONTOHAN"),
        (
            "Jalan Misal Lama Nomor 8, RT 001/RW 002, Kelurahan Umpama",
            "Perumahan Contoh Blok C6 Nomor 16, RT 004/RW 011, Kelurahan Misalnya",
        ),
    ],
)
def test_a_wholly_new_or_unchanged_value_stays_unmarked(before, after):
    assert changed_part(before, after) == (Segment(after, changed=False),)


def test_an_erased_value_has_no_segments():
    assert changed_part("S.E.", "") == ()


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_segments_joined_are_the_new_value(before, after):
    segments = changed_part(before, after)
    assert "".join(text for text, _ in segments) == after
    assert all(text for text, _ in segments)


def test_an_identifier_is_grouped_6_6_4_across_its_marks():
    segments = changed_part("3603145709839005", "3603015709839005")
    groups = identifier_groups(segments)
    assert groups == (
        (Segment("3603", changed=False), Segment("01", changed=True)),
        (Segment("570983", changed=False),),
        (Segment("9005", changed=False),),
    )


@pytest.mark.parametrize("value", ["123456789", "317101410179900A", "٣١٧١٠١٤١٠١٧٩٩٠٠١"])
def test_what_is_no_16_digit_number_stays_one_group(value):
    segments = (Segment(value, changed=False),)
    assert identifier_groups(segments) == (segments,)
