"""`hr-portal letters extract`: the rows of a letter, without server and database."""

import json

import pytest

from hr_portal import cli
from hr_portal.adapters.letters import render_letter
from hr_portal.domain.letter_data import rows_from_data, rows_of
from tests.letters.conftest import facts_of


@pytest.fixture(scope="module")
def letter(tmp_path_factory):
    file = tmp_path_factory.mktemp("surat") / "surat.pdf"
    file.write_bytes(render_letter(facts_of(3)))
    return file


def test_it_writes_exactly_the_rows_as_json(letter, capfdbinary):
    assert cli.run(["letters", "extract", str(letter)]) == 0
    rows = rows_from_data(json.loads(capfdbinary.readouterr().out))
    assert rows == list(rows_of(facts_of(3).people))


def test_it_writes_a_csv_to_a_file(letter, tmp_path):
    target = tmp_path / "isi.csv"
    asked = ["letters", "extract", str(letter), "--format", "csv", "--output", str(target)]
    assert cli.run(asked) == 0
    assert len(target.read_text("utf-8-sig").splitlines()) == facts_of(3).corrections + 1


def test_what_is_no_letter_is_a_sentence(tmp_path, capsys):
    scan = tmp_path / "pindai.pdf"
    scan.write_bytes(b"%PDF-1.4\n")
    assert cli.run(["letters", "extract", str(scan)]) == 1
    assert "Isi surat tidak dapat dibaca" in capsys.readouterr().err
