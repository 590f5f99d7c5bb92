"""`hr-portal doctor` tries what a machine can do, and knows what is unsafe."""

import base64
import datetime as dt
import io
import json
import re
import zipfile

import pytest
import sqlalchemy as sa

from hr_portal import doctor
from hr_portal.adapters.database.engine import make_engine
from hr_portal.adapters.database.models import Act
from hr_portal.settings import Settings, SettingsError
from tests.clamd import clamd
from tests.conftest import MASTER_KEY, SECRET_KEY


def found(settings, *names):
    results = {result.name: result for result in doctor.examine(settings)}
    return [results[name].state for name in names]


def test_this_machine_can_run_the_portal(sqlite_settings):
    results = list(doctor.examine(sqlite_settings))
    assert [result for result in results if result.state == "failed"] == []
    assert {result.name for result in results} == {
        *("settings", "python", "expat", "child-memory", "overlapping-zip", "long-attribute"),
        *("letters", "region-codes", "data-folder", "disk", "database", "clock", "master-key"),
        *("virus-scanner", "production"),
    }


def test_the_region_codes_in_use_are_named_and_broken_ones_fail(sqlite_settings):
    told = {one.name: one for one in doctor.examine(sqlite_settings)}["region-codes"]
    assert told.sentence == (
        "Kode wilayah: Kepmendagri 300.2.2-2138/2025 (2025-04-25, bawaan), 514 kabupaten/kota."
    )
    folder = sqlite_settings.data_dir / "regions" / "20270101T000000000000"
    folder.mkdir(parents=True)
    (folder / "edition.txt").write_text("Kepmendagri 1/2027\n2027-01-01\n", encoding="utf-8")
    assert found(sqlite_settings, "region-codes") == ["failed"]


def test_the_scanner_must_answer_and_find_its_test_file(make_settings):
    def told(address, **more):
        return doctor.virus_scanner(make_settings(clamav=address, **more))

    with pytest.raises(doctor._Warned, match="HR_PORTAL_CLAMAV"):
        told("")
    with pytest.raises(doctor._Failed, match="tidak menjawab"):
        told("127.0.0.1:1")
    with clamd() as server:
        assert "mengenali berkas uji" in told(server.address, max_upload_bytes=2 << 20)
    with clamd(limit=1 << 20) as server, pytest.raises(doctor._Failed):
        told(server.address, max_upload_bytes=2 << 20)
    with clamd(b"stream: OK\0") as server, pytest.raises(doctor._Failed, match="EICAR"):
        told(server.address, max_upload_bytes=1 << 20)


def _without_time(line):
    return re.sub(r"[0-9]{2}:[0-9]{2} UTC", "00:00 UTC", line)


def test_the_report_for_programs_says_the_same_as_the_one_for_people(hr_portal):
    hr_portal("db", "upgrade", "--demo")
    people, programs = (
        hr_portal("doctor", "--demo"),
        hr_portal("doctor", "--demo", "--format", "json"),
    )
    report = json.loads(programs.stdout)
    assert people.returncode == programs.returncode == 0
    assert report["ok"] is True
    lines = people.stdout.splitlines()
    assert lines[-1] == "Siap."
    told = [line.split(maxsplit=1)[1] for line in lines[:-1]]
    checks = [f"{check['name']}: {check['message']}" for check in report["checks"]]
    # two commands may look at the clock in different minutes
    assert [_without_time(one) for one in told] == [_without_time(one) for one in checks]


def test_without_keys_it_says_so_and_still_tries_the_machine(hr_portal):
    done = hr_portal("doctor", "--format", "json")
    assert done.returncode == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["settings"]["state"] == "failed"
    assert "HR_PORTAL_SECRET_KEY" in checks["settings"]["message"]
    assert checks["letters"]["state"] == "ok"


def test_a_database_without_tables_fails_and_names_the_command(make_settings, blank_database_url):
    settings = make_settings(database_url=blank_database_url)
    with pytest.raises(doctor._Failed, match="hr-portal db upgrade"):
        doctor.database(settings)


def test_a_database_of_this_version_is_fine(settings):
    assert "sesuai" in doctor.database(settings)


def test_a_database_that_does_not_answer_fails_without_its_address(make_settings):
    settings = make_settings(database_url="postgresql+psycopg://rina:kunci@127.0.0.1:1/none")
    with pytest.raises(doctor._Failed) as failed:
        doctor.database(settings)
    assert "kunci" not in str(failed.value)


def act(settings, at, action="user:signed_in"):
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        told = {"at": at, "action": action, "subject_kind": "x", "subject_id": "-", "details": {}}
        connection.execute(sa.insert(Act.__table__).values(**told))
    engine.dispose()


def test_a_clock_behind_what_is_written_fails_and_an_old_key_is_told(settings, make_settings):
    now = dt.datetime.now(dt.UTC)
    assert "tidak mendahului" in doctor.clock(settings)
    assert "belum pernah dipakai" in doctor.master_key_age(settings)
    act(settings, now - dt.timedelta(days=400))
    with pytest.raises(doctor._Warned, match="400 hari"):
        doctor.master_key_age(settings)
    act(settings, now, "installation:master_key_rotated")
    assert "dipakai 0 hari" in doctor.master_key_age(settings)
    both = make_settings(
        database_url=settings.database_url, old_master_key=SECRET_KEY[:32].encode()
    )
    with pytest.raises(doctor._Warned, match="masih terisi"):
        doctor.master_key_age(both)
    act(settings, now + dt.timedelta(hours=2))
    with pytest.raises(doctor._Failed, match="lebih awal"):
        doctor.clock(settings)


def test_a_file_that_others_may_read_fails(make_settings):
    settings = make_settings()
    file = settings.files_dir / "x"
    file.touch(mode=0o600)
    assert "tertutup" in doctor.data_folder(settings)
    file.chmod(0o644)
    with pytest.raises(doctor._Failed, match="1 berkas"):
        doctor.data_folder(settings)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"base_url": "http://koreksi.example.co.id"}, "https"),
        ({"trusted_hosts": ("*",)}, "HR_PORTAL_TRUSTED_HOSTS"),
        ({"host": "0.0.0.0"}, "HR_PORTAL_TRUSTED_PROXY"),
        *(
            ({"database_url": f"postgresql+psycopg://a@{address}"}, "sslmode=verify-full")
            for address in (
                "db.example.co.id/a", "db.example.co.id/a?sslmode=require", "/a?host=10.0.0.7",
                "127.0.0.1/a?host=/run/postgresql,10.0.0.7",
            )
        ),
    ],
)  # fmt: skip
def test_an_installation_that_is_open_fails(make_settings, changes, told):
    safe = {"demo": False, "base_url": "https://koreksi.example.co.id"}
    assert found(make_settings(**safe), "production") != ["failed"]
    with pytest.raises(doctor._Failed, match=told):
        doctor.production(make_settings(**{**safe, **changes}))


@pytest.mark.parametrize(
    "address",
    ["db.example.co.id/a?sslmode=verify-full", "/a?host=/run/postgresql", "127.0.0.1/a", "[::1]/a"],
)
def test_a_database_of_this_machine_or_with_a_certificate_is_safe(make_settings, address):
    url = f"postgresql+psycopg://a@{address}"
    safe = {"demo": False, "base_url": "https://koreksi.example.co.id", "database_url": url}
    assert found(make_settings(**safe), "production") != ["failed"]


def test_a_demo_is_a_warning_and_not_a_failure(sqlite_settings):
    assert found(sqlite_settings, "production") == ["warning"]


def test_an_unusable_setting_is_the_first_line_of_the_report():
    first = next(iter(doctor.examine(SettingsError("Sebuah kalimat."))))
    assert (first.name, first.state, first.sentence) == ("settings", "failed", "Sebuah kalimat.")


def test_a_check_that_breaks_is_a_failure_and_not_a_crash(monkeypatch):
    def broken():
        raise RuntimeError("Budiman Canary")

    monkeypatch.setitem(doctor.MACHINE, "letters", broken)
    (result,) = [r for r in doctor.examine(SettingsError("")) if r.name == "letters"]
    assert (result.state, result.sentence) == ("failed", "Tidak dapat diperiksa (RuntimeError).")


def test_the_overlapping_archive_really_overlaps():
    with zipfile.ZipFile(io.BytesIO(doctor.overlapping_zip_bytes())) as archive:
        first, second = archive.infolist()
    assert first.header_offset == second.header_offset


def test_production_settings_as_in_the_manual_are_safe(tmp_path):
    settings = Settings.from_env(
        {
            "HR_PORTAL_DATA_DIR": str(tmp_path),
            "HR_PORTAL_SECRET_KEY": SECRET_KEY,
            "HR_PORTAL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            "HR_PORTAL_BASE_URL": "https://koreksi.example.co.id",
            "HR_PORTAL_TRUSTED_PROXY": "127.0.0.1",
        }
    )
    assert found(settings, "production") != ["failed"]
    assert settings.trusted_hosts == ("koreksi.example.co.id",)
