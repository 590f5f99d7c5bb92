"""`hr-portal letters`: what an office does with its letters, and what is inside a PDF of one."""

import base64
import datetime as dt
import hashlib
import json
import zipfile

import openpyxl
import pytest
import sqlalchemy as sa

from hr_portal import cli
from hr_portal.adapters.database.models import Act
from hr_portal.adapters.letters import render_letter
from hr_portal.domain.letter_data import rows_from_data, rows_of
from hr_portal.resources import PACKAGE
from hr_portal.services import accounts, letter_signing, places
from tests.letters.certificates import PASSWORD, valid
from tests.letters.conftest import facts_of
from tests.world import clock, portal, world  # noqa: F401 - fixtures


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


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


@pytest.fixture
def office(world, portal, settings, tmp_path, monkeypatch, capsys):
    """`office("issue", …)` runs a command as Rahma and gives what it told."""
    for name, value in (
        ("DATA_DIR", settings.data_dir),
        ("DATABASE_URL", settings.database_url),
        ("SECRET_KEY", settings.secret_key),
        ("MASTER_KEY", base64.b64encode(settings.master_key).decode()),
        ("DEMO", "true"),
    ):
        monkeypatch.setenv(f"HR_PORTAL_{name}", str(value))
    token = tmp_path / "token"
    token.write_text(accounts.create_token(portal, world.rahma.email) + "\n")

    def run(*words, expect=0, owner=True):
        capsys.readouterr()
        whose = ["--token-file", str(token)] if owner else []
        assert cli.run(["letters", *map(str, words), *whose]) == expect
        told = capsys.readouterr()
        return told.err if expect else told.out

    return run


def test_an_office_does_all_with_its_letters_by_commands(world, portal, office, tmp_path):
    batch = world.view(world.draft()).number
    company = places.company(portal, world.rahma, world.view(world.draft()).company_id)
    npp = f"{company.npp}/{company.division}"
    changed = ("--pattern", "{urut:03}/{kode}", "--reset", "never", "--start", "7")
    office("series", "--company", npp, "--kind", "permohonan", *changed)
    assert "{urut}" in office(
        "series", "--company", npp, "--kind", "permohonan", "--pattern", "{kode}", expect=1
    )
    office("note-number", "007/SPK", "--company", npp, "--date", "2026-01-05")
    draft = tmp_path / "konsep.pdf"
    office("preview", batch, "--output", draft)
    assert draft.read_bytes().startswith(b"%PDF-")
    assert "tidak ditimpa" in office("preview", batch, "--output", draft, expect=2)
    issued = json.loads(office("issue", batch))
    assert (issued["number"], issued["state"]) == ("008/SPK", "issued")
    assert json.loads(office("issue", batch)) == issued, "issued once"
    kept = tmp_path / "surat.pdf"
    office("fetch", "008/SPK", "--output", kept)
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == issued["sha256"]
    assert kept.stat().st_mode & 0o077 == 0
    letter_signing.keep_certificate(portal, world.rahma, company.id, valid(), PASSWORD)
    assert "tidak cocok" in office("sign", "008/SPK", "--password", "salah", expect=1)
    signed = json.loads(office("sign", "008/SPK", "--password", PASSWORD))
    assert json.loads(office("revoke", "008/SPK", "--reason", "Keliru"))["state"] == "revoked"
    proof = json.loads(office("verify", issued["proof_code"], owner=False))
    assert (proof["state"], proof["copies"]) == ("revoked", [["certificate", signed["sha256"]]])
    book = tmp_path / "daftar.xlsx"
    office("register", "--output", book)
    lines = list(openpyxl.load_workbook(book).active.iter_rows(min_row=2, values_only=True))
    assert {(line[0], line[3]) for line in lines} == {
        ("008/SPK", "Dicabut"), ("007/SPK", "Di luar portal"),
    }  # fmt: skip
    whole = json.loads(office("content", "008/SPK"))
    assert (whole["is_same"], whole["data"]["format"]) == (True, "surat-koreksi/1")
    assert "tercetak pada halaman" in office("table", "008/SPK", "--output", book, expect=1)
    (copy,) = json.loads(office("copies", "008/SPK"))
    assert copy["sha256"] == signed["sha256"]
    taken = tmp_path / "bertanda-tangan.pdf"
    office("copy", "008/SPK", copy["id"], "--output", taken)
    assert hashlib.sha256(taken.read_bytes()).hexdigest() == signed["sha256"]
    shown = json.loads(office("render", "008/SPK"))
    assert shown == json.loads(office("show", "008/SPK"))
    assert (shown["revoked_reason"], shown["failure"]) == ("Keliru", None)
    office("fetch", "999/SPK", "--output", tmp_path / "tidak.pdf", expect=1)
    with portal.db.read() as session:
        acts = session.scalars(sa.select(Act.actor_id).where(Act.action == "letter:issued"))
        assert set(acts) == {world.rahma.user_id}, "in the owner's name"


def test_an_office_sees_to_what_its_letters_show_by_commands(world, portal, office, tmp_path):
    company = places.company(portal, world.rahma, world.view(world.draft()).company_id)
    here = ("--company", f"{company.npp}/{company.division}")
    change = tmp_path / "data.json"
    change.write_text('{"paper": "f4", "letter_choices": {"salutation": "Salam hormat,"}}')
    told = json.loads(office("data", *here, "--change", change))
    assert (told["paper"], told["city"]) == ("f4", company.city)
    assert told["letter_choices"]["salutation"] == "Salam hormat,"
    assert json.loads(office("data", *here)) == told
    for wrong, why in (("{", "bukan JSON"), ('{"paper": "a3"}', "paper"), ("[]", "Isian berikut")):
        change.write_text(wrong)
        assert why in office("data", *here, "--change", change, expect=2 if wrong == "{" else 1)
    picture = tmp_path / "logo.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>A</text></svg>'
    )
    assert "text" in office("logo", *here, "--file", picture, expect=1)
    assert not json.loads(office("logo", *here, "--remove"))["has_logo"]
    picture.write_bytes((PACKAGE / "static/letters/logo-contoh.svg").read_bytes())
    assert json.loads(office("logo", *here, "--file", picture))["has_logo"]
    office("logo", *here, expect=2)
    shown = tmp_path / "contoh.png"
    office("sample", *here, "--output", shown)
    assert shown.read_bytes().startswith(b"\x89PNG")
    pkcs12 = tmp_path / "sertifikat.p12"
    pkcs12.write_bytes(valid())
    with_password = ("certificate", *here, "--file", pkcs12, "--password")
    assert office("certificate", *here) == "null\n"
    assert "tidak cocok" in office(*with_password, "salah", expect=1)
    assert json.loads(office(*with_password, PASSWORD))["is_current"]
    assert office("certificate", *here, "--remove") == "null\n"
    office("note-number", "007/LUAR", *here, "--date", "2026-01-05")
    assert [one["number"] for one in json.loads(office("noted-numbers", *here))] == ["007/LUAR"]


def test_an_office_issues_many_letters_by_commands(world, office, tmp_path):
    def work():
        """As a worker of today, which is when the commands ask for it."""
        world.clock.now = dt.datetime.now(dt.UTC)
        assert world.work() > 0

    one, other = (world.view(world.draft()).number for _ in range(2))
    run = json.loads(office("runs", "issue", one, other))
    assert (run["total"], run["done"]) == (2, 0)
    assert "masih dibuat" in office(
        "runs", "zip", run["id"], "--output", tmp_path / "belum.zip", expect=1
    )
    work()
    seen = json.loads(office("runs", "show", run["id"]))
    assert [item["is_made"] for item in seen["items"]] == [True, True]
    assert json.loads(office("runs", "show", run["id"], "--watch")) == seen, "it has ended"
    assert json.loads(office("runs", "retry", run["id"])) == seen, "nothing is missing"
    packed = tmp_path / "surat.zip"
    office("runs", "zip", run["id"], "--output", packed)
    with zipfile.ZipFile(packed) as archive:
        assert len(archive.namelist()) == 3
    assert "Tidak ada tenaga kerja yang berhenti" in office("runs", "forms", one, expect=1)
    forms = json.loads(office("runs", "forms", one, "--all"))
    work()
    assert json.loads(office("runs", "show", forms["id"]))["done"] == forms["total"]
