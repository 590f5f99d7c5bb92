"""Both languages, icons and templates: nothing is missing, nothing is left over."""

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from hr_portal.domain import workflow
from hr_portal.services import submission
from hr_portal.web import formatting, help_texts, i18n, words
from hr_portal.web.layout import BATCH_STATES
from scripts import cut_icons

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = [
    path
    for path in TEMPLATES.rglob("*.html")
    if path.relative_to(TEMPLATES).parts[0] not in {"letters", "api"}
]
PYTHON = sorted((ROOT / "hr_portal" / "web").glob("*.py"))


def said_in_source() -> set[str | tuple[str, ...]]:
    """Every sentence that pages and views mark for translation."""
    methods = [("hr_portal/web/**.py", "python"), ("templates/**.html", "jinja2")]
    return {
        message
        for *_where, message, _comments, _context in extract_from_dir(
            ROOT,
            method_map=methods,
            options_map={"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}},
            keywords={**DEFAULT_KEYWORDS, "_l": None},
            directory_filter=lambda path: Path(path).name not in {".git", ".venv", "tests", "data"},
        )
    }


@pytest.fixture(scope="module")
def english():
    with (i18n.FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        return {
            (message.id if isinstance(message.id, str) else message.id[0]): message.string
            for message in read_po(lines, locale="en")
            if message.id
        }


def first(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_every_sentence_has_its_english(english):
    assert sorted({first(one) for one in said_in_source()} - set(english)) == []


def test_no_english_sentence_is_left_over(english):
    assert sorted(set(english) - {first(one) for one in said_in_source()}) == []


def test_translations_name_the_same_values(english):
    named = re.compile(r"%\(\w+\)s|\{\w+\}")
    for indonesian, translation in english.items():
        forms = [translation] if isinstance(translation, str) else list(translation)
        assert all(form.strip() for form in forms), indonesian
        for form in forms:
            assert set(named.findall(form)) == set(named.findall(indonesian)), indonesian


def test_the_sprite_is_cut_from_the_list():
    assert cut_icons.TARGET.read_text("utf-8") == cut_icons.sprite()


def test_every_icon_in_use_is_in_the_sprite_and_none_is_carried_for_nothing():
    text = "\n".join(path.read_text("utf-8") for path in [*PAGES, *PYTHON])
    called = set(re.findall(r'icon\("([a-z0-9-]+)"', text))
    quoted = set(re.findall(r"""["']([a-z0-9-]+)["']""", text))
    assert called - set(cut_icons.ICONS) == set()
    assert set(cut_icons.ICONS) - quoted == set()


def test_every_template_says_in_one_line_what_it_is():
    for path in PAGES:
        line = path.read_text("utf-8").partition("\n")[0]
        assert re.fullmatch(r"\{# .+[.:] ?.*#\}", line), path.relative_to(ROOT)


def test_every_template_is_used():
    text = "\n".join(path.read_text("utf-8") for path in [*PAGES, *PYTHON])
    for path in PAGES:
        name = path.relative_to(TEMPLATES).as_posix()
        assert f'"{name}"' in text, name


def test_no_page_has_style_or_script_of_its_own():
    for path in PAGES:
        source = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?! src)|\son[a-z]+=|\|\s*safe\b", source), (
            path
        )


def test_the_stylesheet_and_the_script_load_nothing():
    for name in ("portal.css", "portal.js"):
        source = (ROOT / "hr_portal" / "static" / name).read_text("utf-8")
        assert not re.search(r"url\(|@import|https?:|\beval\(|new Function", source), name


def test_every_state_of_a_batch_has_its_word():
    assert set(workflow.BATCH_STATES) <= set(BATCH_STATES)


# ------------------------------------------------------------------------------- formatting


@pytest.fixture
def at(app):
    """A page in a language and a zone, on 21 November 2026 at 10.14 WIB."""

    def enter(language: str = "id", zone: str = "Asia/Jakarta"):
        from flask import g

        context = app.test_request_context("/masuk", headers={"Cookie": f"bahasa={language}"})
        context.push()
        g.zone = zone
        entered.append(context)

    entered: list = []
    yield enter
    for context in reversed(entered):
        context.pop()


NOW = dt.datetime(2026, 11, 21, 3, 14, tzinfo=dt.UTC)


def test_numbers_sizes_and_dates_in_indonesian(at):
    at("id")
    assert formatting.number(1234567) == "1.234.567"
    assert formatting.size(18_400_000) == "17,5 MB"
    assert formatting.size(312 * 1024) == "312 KB"
    assert formatting.size(87) == "87 byte"
    assert formatting.day(dt.date(2026, 11, 21)) == "21 November 2026"
    assert formatting.moment(NOW) == "21 November 2026, 10.14 WIB"


def test_numbers_sizes_and_dates_in_english(at):
    at("en")
    assert formatting.number(1234567) == "1,234,567"
    assert formatting.size(18_400_000) == "17.5 MB"
    assert formatting.moment(NOW) == "21 November 2026, 10:14 WIB"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "10.14 WIB"),
        ("Asia/Makassar", "11.14 WITA"),
        ("Asia/Jayapura", "12.14 WIT"),
        ("UTC", "03.14 UTC+0"),
    ],
)
def test_times_are_those_of_the_branch(at, zone, said):
    at("id", zone)
    assert formatting.moment(NOW).endswith(said)


def test_days_nearby_are_named(at, portal):
    portal.clock = lambda: NOW
    at("id")
    assert formatting.when(NOW) == "hari ini, 10.14"
    assert formatting.when(NOW - dt.timedelta(days=1)) == "kemarin, 10.14"
    assert formatting.when(NOW + dt.timedelta(days=1)) == "besok, 10.14"
    assert formatting.when(NOW - dt.timedelta(days=18)) == "3 November"
    assert formatting.when(NOW - dt.timedelta(days=400)) == "17 Oktober 2025"


def test_whatever_a_draft_lacks_has_a_button_of_its_own(app):
    with app.test_request_context():
        said = [words.action_of(code, 3) for code in submission.SAID]
    assert all(len(action.split()) > 1 for action in said), said


def test_the_english_guide_calls_buttons_as_an_english_page_does(english):
    shown = {
        one for told in english.values() for one in ([told] if isinstance(told, str) else told)
    }
    text = Path(help_texts.__file__).read_text("utf-8")
    guide = [line for line in text.splitlines() if re.search(r"\b(the|your|then)\b", line)]
    named = {name for line in guide for name in re.findall("“([^”]+)”", line)}
    assert len(named) > 10
    assert named - shown == set()
