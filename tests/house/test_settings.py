"""What the portal may be told, and what it refuses to start with."""

import base64
import stat
from dataclasses import fields
from datetime import timedelta

import pytest

from hr_portal import settings as module
from hr_portal.settings import MIB, Settings, SettingsError
from tests.conftest import MASTER_KEY, SECRET_KEY

KEYS = {
    "HR_PORTAL_SECRET_KEY": SECRET_KEY,
    "HR_PORTAL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
}


def told(**environ):
    return Settings.from_env({**KEYS, **{f"HR_PORTAL_{k}": v for k, v in environ.items()}})


def test_the_defaults_are_those_of_a_safe_installation():
    settings = told()
    assert not settings.demo
    assert settings.cookie_secure
    assert settings.host == "127.0.0.1"
    assert settings.trusted_hosts == ("127.0.0.1", "::1", "localhost")
    assert settings.reviewers_never_of_company
    assert settings.session_idle == timedelta(minutes=30)
    assert settings.session_absolute == timedelta(hours=12)
    assert settings.max_upload_bytes == 250 * MIB
    assert settings.max_rows == 1_048_575
    assert settings.database_url == f"sqlite:///{settings.data_dir}/portal.sqlite3"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("MAX_UPLOAD_BYTES", "30M", 30 * MIB),
        ("MAX_UPLOAD_BYTES", "1 GiB", 1024 * MIB),
        ("MAX_UPLOAD_BYTES", "4096", 4096),
        ("SESSION_IDLE", "10m", timedelta(minutes=10)),
        ("SESSION_IDLE", "90", timedelta(seconds=90)),
        ("LEASE_SECONDS", "1.5m", 90.0),
        ("DEMO", "ya", True),
        ("TRUSTED_HOSTS", "a.example, b.example", ("a.example", "b.example")),
        ("LOG_LEVEL", "WARNING", "warning"),
        ("BASE_URL", "https://koreksi.example.co.id/", "https://koreksi.example.co.id"),
    ],
)
def test_a_setting_is_read_in_the_forms_that_people_write(name, text, expected, tmp_path):
    assert getattr(told(**{name: text, "DATA_DIR": str(tmp_path)}), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("PORT", "delapan", "HR_PORTAL_PORT berisi 'delapan'; seharusnya bilangan bulat."),
        ("PORT", "70000", "65535"),
        ("MAX_UPLOAD_BYTES", "banyak", "jumlah byte"),
        ("SESSION_IDLE", "sebentar", "lama waktu seperti 30s"),
        ("DEMO", "mungkin", "seharusnya 1 atau 0"),
        ("LOG_LEVEL", "keras", "debug, info, warning, error"),
        ("POLL_SECONDS", "0", "lebih dari 0"),
        ("TIMEZONE", "Asia/Batavia", "Asia/Jakarta"),
        ("BASE_URL", "koreksi.example.co.id", "alamat lengkap"),
        ("MAIL_URL", "surel.example.co.id", "smtp://"),
        ("MAIL_URL", "smtp://surel.example.co.id:banyak", "smtp://"),
        ("PROT", "8001", "HR_PORTAL_PROT bukan pengaturan portal"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_is_expected(name, text, expected):
    with pytest.raises(SettingsError) as refused:
        told(**{name: text})
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    "key",
    [
        "dev",
        SECRET_KEY[:31],
        "a" * 64,
        "0123456789abcdef" * 4,
        "abcdefghijklmnopqrstuvwxyzABCDEFGH",
        "change-me-5b1f0c86e9d24a7386f2c1d90ab7e354",
        "rahasia-5b1f0c86e9d24a7386f2c1d90ab7e354",
    ],
)
def test_a_secret_key_that_can_be_guessed_is_refused(key):
    for name in ("SECRET_KEY", "OLD_SECRET_KEY"):
        with pytest.raises(SettingsError, match="unci rahasia"):
            told(**{name: key})


def test_the_key_before_is_another():
    with pytest.raises(SettingsError, match="OLD_SECRET_KEY sama"):
        told(OLD_SECRET_KEY=SECRET_KEY)


@pytest.mark.parametrize(
    "key",
    [
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(range(32))).decode(),
        base64.b64encode(b"0123456789abcdef" * 2).decode(),
        base64.b64encode(MASTER_KEY[:31]).decode(),
        base64.b64encode(MASTER_KEY + b"1").decode(),
        "bukan base64!",
    ],
)
def test_a_master_key_that_can_be_guessed_or_has_another_length_is_refused(key):
    with pytest.raises(SettingsError) as refused:
        told(MASTER_KEY=key)
    assert key not in str(refused.value)


@pytest.mark.parametrize("name", KEYS)
def test_without_a_key_the_portal_does_not_start_and_says_how_to_make_one(name):
    with pytest.raises(SettingsError, match=r"secrets\.token"):
        Settings.from_env({key: value for key, value in KEYS.items() if key != name})


def test_keys_may_lie_in_files(tmp_path):
    environ = {}
    for name, key in KEYS.items():
        file = tmp_path / name.lower()
        file.write_text(key + "\n")
        environ[name + "_FILE"] = str(file)
    settings = Settings.from_env(environ)
    assert (settings.secret_key, settings.master_key) == (SECRET_KEY, MASTER_KEY)


def test_a_key_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(SettingsError, match="tidak-ada"):
        Settings.from_env(
            {
                **KEYS,
                "HR_PORTAL_SECRET_KEY": "",
                "HR_PORTAL_SECRET_KEY_FILE": str(tmp_path / "tidak-ada"),
            }
        )


def test_a_demo_makes_its_keys_once_for_its_owner_only(tmp_path):
    environ = {"HR_PORTAL_DEMO": "1", "HR_PORTAL_DATA_DIR": str(tmp_path / "data")}
    first, second = Settings.from_env(environ), Settings.from_env(environ)
    assert first.secret_key == second.secret_key
    assert first.master_key == second.master_key
    keys = tmp_path / "data" / "keys"
    assert sorted(file.name for file in keys.iterdir()) == ["master_key", "secret_key"]
    for path in (tmp_path / "data", keys, *keys.iterdir()):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_a_demo_key_that_was_cut_short_is_not_used(tmp_path):
    environ = {"HR_PORTAL_DEMO": "1", "HR_PORTAL_DATA_DIR": str(tmp_path)}
    Settings.from_env(environ)
    (tmp_path / "keys" / "master_key").write_bytes(b"")
    with pytest.raises(SettingsError, match="master_key"):
        Settings.from_env(environ)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "koreksi.example.co.id"])
def test_a_demo_is_for_this_machine_only(host, tmp_path):
    with pytest.raises(SettingsError, match="hanya melayani komputer ini"):
        told(DEMO="1", HOST=host, DATA_DIR=str(tmp_path))


def test_the_command_line_stands_over_the_environment(tmp_path):
    environ = {**KEYS, "HR_PORTAL_PORT": "8001", "HR_PORTAL_DATA_DIR": str(tmp_path)}
    settings = Settings.from_env(environ, port=9000, host=None)
    assert (settings.port, settings.host) == (9000, "127.0.0.1")
    assert settings.base_url == "http://127.0.0.1:9000"


def test_a_child_process_reads_the_same_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("HR_PORTAL_SECRET_KEY_FILE", "elsewhere")
    settings = told(
        DATA_DIR=str(tmp_path),
        MAX_ROWS="7",
        SESSION_IDLE="10m",
        TRUSTED_HOSTS="a.example",
        DEMO="1",
    )
    environ = settings.child_environment()
    assert "HR_PORTAL_SECRET_KEY_FILE" not in environ
    assert Settings.from_env(environ) == settings


def test_printing_the_settings_shows_no_key_and_no_password():
    shown = repr(told(DATABASE_URL="postgresql://portal:kunci-pintu@db.example/portal"))
    assert SECRET_KEY not in shown
    assert "kunci-pintu" not in shown
    assert repr(MASTER_KEY) not in shown


def test_the_data_folder_is_closed_to_others(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    settings = told(DATA_DIR=str(tmp_path / "data"))
    settings.make_folders()
    for folder in (settings.data_dir, settings.files_dir, settings.temp_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="HR_PORTAL_DATA_DIR"):
        told(DATA_DIR=str(tmp_path / "file" / "data")).make_folders()


def test_every_field_can_be_set_from_the_environment():
    assert {module.variable_of(item.name) for item in fields(Settings)} <= set(module.variables())
