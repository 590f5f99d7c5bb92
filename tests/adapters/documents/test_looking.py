"""Drawn papers, good and bad: no false alarm on the good ones, and each fault found."""

import io

import pytest
from PIL import Image

from hr_portal.adapters.documents import picturing
from hr_portal.adapters.documents.looking import measured
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.domain.picture_advice import advice
from tests.adapters.documents import papers

QUARTER, HALF = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180


@pytest.fixture(scope="module")
def drawn():
    """Papers by name, each with its kind: from a scanner, and photographed on a table."""
    cards = {"card": papers.card(), "member": papers.card("kartu_bpjstk", 5)}
    sheets = {"letter": papers.letter(tint="#f4f0e6"), "table": papers.table()}
    found = {name: ("ktp", paper) for name, paper in cards.items()}
    found |= {name: ("paklaring", paper) for name, paper in sheets.items()}
    found |= {
        f"{name} by phone": (kind, papers.on_table(paper)) for name, (kind, paper) in found.items()
    }
    return found


def codes(kind, picture, quality=80):
    sent = papers.jpeg(picture, quality)
    return [one.code for one in advice(kind, 1, [measured(sent, *sent.size)])]


def test_good_scans_and_photos_raise_no_alarm(drawn):
    good = dict(drawn)
    good |= {
        "white letter": ("paklaring", papers.letter(5)),
        "white table": ("kk", papers.table(1400, "white")),
        "much light in the middle": ("paklaring", papers.lit(papers.letter(7))),
        "much light on a card": ("ktp", papers.lit(papers.card())),
        "shadow of a hand": ("paklaring", papers.shaded(papers.letter(8))),
        "a little crooked": ("paklaring", papers.tilted(papers.letter(9), 1.5)),
        "card from afar": ("ktp", papers.on_table(papers.card(), (2400, 3200), "#222222", 0)),
        "card on a white table": (
            "ktp",
            papers.on_table(papers.card(), (1280, 960), "#cfcfd2", -2),
        ),
        "letter by a small phone": ("paklaring", papers.on_table(papers.letter(), (960, 1280))),
        "small card": ("ktp", papers.card().resize((760, 479))),
    }
    for place, (name, (kind, paper)) in enumerate(good.items()):
        assert (name, codes(kind, paper, (85, 40)[place % 2])) == (name, [])


@pytest.mark.parametrize(
    ("fault", "code", "on"),
    [
        (papers.blurred, "blur", "card, table, letter by phone"),
        (papers.shaken, "blur", "card, table by phone"),
        (papers.dark, "dark", "card, letter by phone"),
        (papers.glaring, "glare", "card, letter, card by phone, table by phone"),
        (papers.tilted, "tilt", "card, letter, card by phone"),
        (papers.cropped, "cut", "letter, table, table by phone"),
        (lambda one: one.transpose(QUARTER), "sideways", "card, letter, table, letter by phone"),
        (lambda one: one.transpose(HALF), "over", "letter, letter by phone, card by phone"),
        (lambda one: one.convert("L"), "grey", "card, member, card by phone"),
        (lambda one: Image.new("RGB", one.size, "#f4f4f0"), "empty", "card, letter"),
    ],
    ids=["blur", "shake", "dark", "glare", "tilt", "cut", "sideways", "over", "grey", "empty"],
)  # fmt: skip
def test_each_fault_is_found(drawn, fault, code, on):
    for name in on.split(", "):
        kind, paper = drawn[name]
        assert (name, codes(kind, fault(paper))) == (name, [code])


def test_figures_come_with_the_pages_of_pictures_and_of_scans_in_a_pdf():
    small, sheet = papers.letter(width=600), papers.blurred(papers.letter())
    out = io.BytesIO()
    small.save(out, "PDF", save_all=True, append_images=[sheet], resolution=72)
    drawn = picturing.draw(out.getvalue(), "application/pdf")
    told = advice("paklaring", 2, [one.looks for one in drawn.pictures])
    assert [(one.code, one.pages) for one in told] == [("small", (1,)), ("blur", (2,))]
    assert drawn.pictures[0].width > 1_000  # drawn larger than it was taken
    out = io.BytesIO()
    papers.card().resize((400, 252)).save(out, "PNG")
    (page,) = picturing.draw(out.getvalue(), "image/png").pictures
    assert page.looks["long"] == 400
    assert [one.code for one in advice("ktp", 1, [page.looks])] == ["small"]
    out = io.BytesIO()
    Image.new("1", (12, 9)).save(out, "PNG")
    (page,) = picturing.draw(out.getvalue(), "image/png").pictures
    assert page.looks == {"long": 12}


@pytest.mark.parametrize(
    "looks", [[], {"nik": 3171}, {"long": "3171014508909013"}, {"long": 3171014508909013}]
)
def test_a_child_can_tell_nothing_but_the_figures_agreed_on(looks):
    with pytest.raises((ChildDied, ValueError)):
        picturing._figures(looks)
