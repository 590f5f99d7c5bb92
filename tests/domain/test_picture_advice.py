"""What the uploader is advised: only what the figures bear out, and with what to do."""

import pytest

from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.picture_advice import LEAST_PIXELS, MOST_PAGES, WORDS, advice

GOOD = {
    "long": 1600, "ink": 300, "sharp": 900, "light": 220, "glare": 0, "tilt": 5, "sideways": -60,
    "over": -50, "cut": 0, "colour": 30,
}  # fmt: skip


def codes(kind="ktp", pages=1, **figures):
    return [one.code for one in advice(kind, pages, [GOOD | figures])]


def test_a_good_picture_is_left_alone():
    for kind in KINDS:
        assert codes(kind) == []


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"long": 599}, "small"), ({"sharp": 49}, "blur"), ({"light": 99}, "dark"),
        ({"glare": 10}, "glare"), ({"tilt": -50}, "tilt"), ({"sideways": 90}, "sideways"),
        ({"over": 40}, "over"), ({"cut": 3}, "cut"), ({"colour": 5}, "grey"),
    ],
)  # fmt: skip
def test_each_figure_beyond_its_threshold_is_told_and_not_the_one_before_it(figures, code):
    assert codes(**figures) == [code]
    ((name, value),) = figures.items()
    better = value - 1 if code in {"glare", "sideways", "over", "cut"} else value + 1
    assert codes(**{name: better}) == []


def test_one_fault_hides_what_cannot_be_told_beside_it():
    assert codes(light=50, sharp=3, glare=50) == ["dark"]
    assert codes(sharp=3, glare=50, tilt=80, cut=9) == ["blur"]
    assert codes(glare=50, sideways=200) == ["glare"]
    assert codes(sideways=200, over=50, tilt=80) == ["sideways"]
    blank = {name: value for name, value in GOOD.items() if name != "sharp"} | {"ink": 2}
    assert [one.code for one in advice("ktp", 1, [blank])] == ["empty"]
    assert [one.code for one in advice("ktp", 1, [blank | {"ink": 3}])] == []


def test_grey_is_told_only_where_colour_matters_and_a_portrait_has_no_writing():
    assert codes("paklaring", colour=0) == []
    assert codes("foto", colour=0, sharp=3, cut=9, tilt=90) == ["grey"]


def test_a_sheet_needs_more_pixels_than_a_card():
    assert codes("ktp", long=700) == []
    told = advice("kk", 1, [GOOD | {"long": 700}])[0]
    assert told.figures == {"long": 700, "least": 1000}
    assert "700 piksel, perlu sedikitnya 1000" in told.message
    assert [one.code for one in advice("ktp", 1, [{"long": 30}])] == ["small"]


def test_advice_names_its_pages_and_says_nothing_of_pages_without_figures():
    told = advice("paklaring", 4, [GOOD, GOOD | {"tilt": 78}, None, GOOD | {"tilt": 60}])
    assert [(one.code, one.pages, one.figures) for one in told] == [
        ("tilt", (2, 4), {"degrees": 8})
    ]
    assert advice("ktp", None, []) == []


def test_more_pages_than_the_kind_has_are_asked_about():
    assert advice("ktp", 2, [GOOD, GOOD]) == []
    (told,) = advice("ktp", 3, [GOOD] * 3)
    assert (told.code, told.pages, told.figures) == ("pages", (), {"pages": 3, "most": 2})
    assert told.message.startswith("3 halaman; KTP-el biasanya paling banyak 2.")
    assert advice("lain", 150, []) == []


def test_kinds_named_in_the_thresholds_exist_and_every_word_has_its_english():
    assert LEAST_PIXELS.keys() | MOST_PAGES.keys() <= KINDS.keys()
    assert all(len(set(words)) == 4 for words in WORDS.values())
