"""The command `hr-portal` as a person calls it: sentences, exit codes, never a traceback."""

import contextlib
import json
import sqlite3

import pytest

from hr_portal import __version__, cli


def test_help_lists_every_command_in_indonesian(hr_portal):
    done = hr_portal("--help")
    assert done.returncode == 0
    for name, (_, _, told) in cli.COMMANDS.items():
        assert name in done.stdout
        assert told in done.stdout


def test_the_version_is_that_of_the_package(hr_portal):
    assert hr_portal("--version").stdout == f"hr-portal {__version__}\n"


@pytest.mark.parametrize(
    "words", [["nothing"], ["serve", "--nothing"], ["db"], ["serve", "--port", "x"], []]
)
def test_a_command_that_is_not_understood_ends_with_2(hr_portal, words):
    done = hr_portal(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr


@pytest.mark.parametrize("words", [["serve"], ["worker"], ["db", "upgrade"], ["users", "list"]])
@pytest.mark.parametrize("key", ["", "dev", "0123456789abcdef" * 4])
def test_without_a_strong_key_nothing_starts(hr_portal, tmp_path, words, key):
    done = hr_portal(*words, SECRET_KEY=key)
    assert done.returncode == 2
    assert done.stderr.startswith("Kesalahan: ")
    assert "secrets.token_hex" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_demo_on_another_address_does_not_start(hr_portal):
    done = hr_portal("serve", "--demo", "--host", "0.0.0.0")
    assert done.returncode == 2
    assert "hanya melayani komputer ini" in done.stderr


def test_a_fault_of_ours_is_one_sentence_with_a_reference_that_the_log_has(hr_portal, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import hr_portal.settings as s\n"
        "def broken(*_a, **_k): raise RuntimeError('Budiman Canary')\n"
        "s.Settings.from_env = broken\n"
    )
    done = hr_portal("db", "upgrade")
    assert done.returncode == cli.FAULT
    sentence, line = done.stderr.splitlines()
    reference = sentence.rstrip(".").split()[-1]
    assert f'"reference":"{reference}"' in line
    assert "RuntimeError" in line
    assert "Canary" not in done.stderr


def test_a_demo_database_is_made_by_db_upgrade_and_again_is_no_harm(hr_portal, tmp_path):
    for _ in range(2):
        done = hr_portal("db", "upgrade", "--demo")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "portal.sqlite3").stat().st_mode & 0o077 == 0


def test_the_first_account_is_made_with_a_password_shown_once(hr_portal):
    hr_portal("db", "upgrade", "--demo")
    assert "Belum ada pengguna" in hr_portal("users", "list", "--demo").stdout
    person = ["--email", "Rina@contoh.example", "--name", "Rina Contoh", "--role", "admin"]
    made = hr_portal("users", "create", "--demo", *person)
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.strip()) >= 15
    listed = hr_portal("users", "list", "--demo").stdout
    assert "rina@contoh.example\tRina Contoh\tadmin\taktif\n" in listed
    assert made.stdout.strip() not in listed
    again = hr_portal("users", "create", "--demo", *person)
    assert again.returncode == 1
    assert "sudah memiliki peran ini" in again.stderr
    token = hr_portal("tokens", "create", "--demo", "--user", "rina@contoh.example")
    assert token.returncode == 0, token.stderr
    assert len(token.stdout.strip()) > 32


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--role", "hrd"], "--company"),
        (["--role", "reviewer"], "--branch"),
        (["--role", "hrd", "--company", "99999999"], "Tidak ada perusahaan dengan NPP 99999999"),
        (["--role", "reviewer", "--branch", "Kota Hilang"], "Tidak ada kantor cabang"),
    ],
)
def test_an_account_needs_a_place_that_exists(hr_portal, words, told):
    hr_portal("db", "upgrade", "--demo")
    done = hr_portal(
        "users", "create", "--demo", "--email", "a@contoh.example", "--name", "A", *words
    )
    assert done.returncode == 2
    assert told in done.stderr


def test_the_audit_is_verified_and_a_break_is_a_sentence_and_exit_code_1(hr_portal, tmp_path):
    hr_portal("db", "upgrade", "--demo")
    for name in ("rina", "sari"):
        person = ["--email", f"{name}@contoh.example", "--name", "Contoh", "--role", "admin"]
        assert hr_portal("users", "create", "--demo", *person).returncode == 0
    whole = hr_portal("audit", "verify", "--demo")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "2 catatan dalam 1 rantai" in whole.stdout
    assert whole.stdout.endswith("Jejak audit utuh.\n")
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "portal.sqlite3")) as database:
        database.execute("DROP TRIGGER acts_keep_update")
        database.execute("UPDATE acts SET action = 'user:switched' WHERE number = 2")
        database.commit()
    broken = hr_portal("audit", "verify", "--demo")
    assert broken.returncode == 1
    assert "RUSAK: catatan nomor 2 pada rantai pemasangan diubah.\n" in broken.stdout
    told = json.loads(hr_portal("audit", "verify", "--demo", "--format", "json").stdout)
    assert told["faults"] == [{"scope": "-", "number": 2, "kind": "changed"}]
