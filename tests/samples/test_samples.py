"""Every sample gives exactly the findings that its story tells."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from hr_portal.adapters.spreadsheets.reading import check_path
from hr_portal.commands.check import as_document
from hr_portal.domain.questions import HowToRead, Unsure
from hr_portal.domain.table import Unreadable
from samples import (
    build,
    columns,
    every_rule,
    libreoffice,
    november,
    papers,
    refusals,
    sheets,
    stories,
)

SAMPLES = Path(build.__file__).parent
EXPECTED = sorted((SAMPLES / "expected").glob("*.json"))
TODAY = date(2026, 11, 21)


def told(path):
    return json.loads(path.read_text(encoding="utf-8"))


def place(finding):
    return finding["row"], finding["cell"] or "", finding["code"]


def as_answered(path, expected):
    """How to read a sample: where it has to be asked about, with all that is proposed."""
    if "asks" not in expected:
        return HowToRead()
    with pytest.raises(Unsure) as unsure:
        check_path(SAMPLES / path.stem, today=TODAY)
    question = unsure.value.question
    assert question.guesses() == expected["asks"]
    return HowToRead(question.sheet, question.header, question.guesses())


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_a_sample_gives_what_its_story_tells(path):
    expected = told(path)
    try:
        report = check_path(SAMPLES / path.stem, today=TODAY, how=as_answered(path, expected))
    except Unreadable as refusal:
        said = refusal
    else:
        said = None
    if said is not None:
        assert said.code == expected["error"]
        assert path.stem in said.message
        assert path.stem in said.message_en
        return
    document = as_document(report)
    assert "error" not in expected
    assert sorted(map(place, document["findings"])) == sorted(map(place, expected["findings"]))
    assert document["layout"] == expected["layout"]
    assert document["sheet"] == expected["sheet"]
    assert document["rows"]["total"] == expected["total"]


def test_every_sample_is_expected_and_every_expectation_has_its_sample():
    files = {
        path.name for path in SAMPLES.iterdir() if path.suffix in {".xlsx", ".xls", ".ods", ".csv"}
    }
    assert files == {path.stem for path in EXPECTED}


def test_the_samples_are_those_that_the_stories_write():
    for story in [
        *november.stories(), *stories.all_stories(), *columns.all_stories(), *every_rule.stories(),
    ]:  # fmt: skip
        assert (SAMPLES / story.file).read_bytes() == sheets.write(story), story.file
        assert told(SAMPLES / "expected" / f"{story.file}.json")["findings"] == sheets.expected(
            story
        )
        if story.file == "koreksi-bersih.xlsx":
            assert (SAMPLES / papers.FILE).read_bytes() == papers.documents(story)
    for refused in refusals.all_refused():
        assert (SAMPLES / refused.file).read_bytes() == refused.content, refused.file


@pytest.mark.libreoffice
def test_at_least_three_samples_were_saved_by_another_program():
    workbooks = [saved for saved in libreoffice.all_saved() if saved.file.endswith(".xlsx")]
    assert len(workbooks) >= 3
    for saved in workbooks:
        assert b"LibreOffice" in _application(SAMPLES / saved.file)


@pytest.mark.libreoffice
def test_at_least_two_samples_of_each_other_kind_were_saved_by_another_program():
    saved = [each.file for each in libreoffice.all_saved()]
    opendocument = [SAMPLES / file for file in saved if file.endswith(".ods")]
    excel_97 = [SAMPLES / file for file in saved if file.endswith(".xls")]
    assert min(len(opendocument), len(excel_97)) >= 2
    for path in opendocument:
        with zipfile.ZipFile(path) as archive:
            assert b"LibreOffice" in archive.read("meta.xml")
    for path in excel_97:
        assert b"Calc" in path.read_bytes()


def _application(path):
    with zipfile.ZipFile(path) as archive:
        return archive.read("docProps/app.xml")


def test_the_second_try_of_the_demo_batch_mends_all_but_two_and_spoils_one():
    first, second = (
        {place(finding) for finding in told(SAMPLES / "expected" / f"{stem}.xlsx.json")["findings"]}
        for stem in ("koreksi-november", "koreksi-november-revisi-2")
    )
    assert len(first - second) == 22
    assert len(first & second) == 2
    assert len(second - first) == 1
