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
    done = hr_portal("db", "upgrade", afresh=True)
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


def test_a_backup_is_made_verified_and_brought_back_by_command(hr_portal, tmp_path):
    hr_portal("db", "upgrade", "--demo")
    person = ["--email", "rina@contoh.example", "--name", "Contoh", "--role", "admin"]
    assert hr_portal("users", "create", "--demo", *person).returncode == 0
    file = str(tmp_path / "cadangan.pkd")
    made = hr_portal("backup", "--demo", file)
    assert (made.returncode, made.stderr) == (0, "")
    again = hr_portal("backup", "--demo", file)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "sudah ada" in again.stderr
    assert "Cadangan utuh" in hr_portal("verify", "--demo", file).stdout
    assert hr_portal("restore", "--demo", file).returncode == 2, "not over what is there"
    for lost in (tmp_path / "data").glob("portal.sqlite3*"):
        lost.unlink()
    back = hr_portal("restore", "--demo", file)
    assert (back.returncode, back.stderr) == (0, "")
    assert "rina@contoh.example" in hr_portal("users", "list", "--demo").stdout
    fits = hr_portal("reconcile", "--demo", "--deep")
    assert (fits.returncode, fits.stdout) == (0, "Basis data dan folder data cocok.\n")
    assert "Belum ada surat" in hr_portal("numbers", "show", "--demo").stderr
    wrong = hr_portal("numbers", "resume", "--demo", "--company", "1", "--last", "surat=x")
    assert (wrong.returncode, "SERI/PERIODE=NOMOR" in wrong.stderr) == (2, True)
