"""A newer edition of the region codes: checked whole, used by all, nothing forgotten."""

import csv
import datetime as dt
import io
import json

import pytest

from hr_portal import cli
from hr_portal.adapters import regions as editions
from hr_portal.adapters.regions import EditionRefused, import_edition, newest
from hr_portal.domain.regions import CURRENT, DATA, SUPERSEDED, load_regions, packaged

NOW = dt.datetime(2027, 5, 1, 10, tzinfo=dt.UTC)
MIMIKA = "9404"


@pytest.fixture
def rows():
    """The package's own edition as code -> (name, level), to be changed by a test."""
    with (packaged() / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["level"]) for row in csv.DictReader(file)}


@pytest.fixture
def edition(tmp_path):
    """Writes an edition's file."""

    def write(rows, *, header="code,name,level", name="edisi.csv", dots=False):
        out = io.StringIO()
        writer = csv.writer(out)
        for code, (told, level) in rows.items():
            dotted = ".".join(code[i : i + 2] for i in range(0, len(code), 2)) if dots else code
            writer.writerow([dotted, told, level])
        path = tmp_path / name
        path.write_text(f"{header}\n{out.getvalue()}", encoding="utf-8")
        return path

    return write


def without(rows, start):
    return {code: told for code, told in rows.items() if not code.startswith(start)}


def taken(tmp_path, path, **more):
    return import_edition(
        tmp_path / "data", path, name=more.pop("name", None), now=more.pop("now", NOW)
    )


def test_what_vanished_stays_valid_as_an_old_code(tmp_path, rows, edition):
    rows = {
        **without(rows, MIMIKA),
        "9499": ("Kabupaten Mimika", "regency"),
        "949901": ("Baru", "district"),
    }
    done = taken(tmp_path, edition(rows), name="Kepmendagri 1/2027")
    assert (done.edition, done.added, done.retired) == ("Kepmendagri 1/2027", 2, 1)
    table = load_regions(newest(tmp_path / "data"))
    assert table.regency[[9404, 9499]].tolist() == [SUPERSEDED, CURRENT]
    assert table.successors[MIMIKA] == "9499"
    assert (table.edition, table.dated) == ("Kepmendagri 1/2027", "2027-05-01")
    assert table.regency[9109] == SUPERSEDED, "what was superseded before stays so"
    assert table.successors["9109"] == "", "its successor is gone; none is made up"


def test_a_province_that_is_dissolved_is_still_a_province_of_old_numbers(tmp_path, rows, edition):
    done = taken(tmp_path, edition(without(rows, "96")))
    assert done.retired == 1 + 6
    table = load_regions(newest(tmp_path / "data"))
    assert table.province[96]
    assert table.names["96"]
    assert table.regency[9671] == SUPERSEDED
    again = taken(tmp_path, edition(rows), now=NOW + dt.timedelta(days=1))
    assert again.retired == 0
    assert load_regions(newest(tmp_path / "data")).regency[9671] == CURRENT


def test_the_editions_before_stay_and_the_latest_counts(tmp_path, rows, edition):
    taken(tmp_path, edition(without(rows, MIMIKA)), name="pertama")
    taken(tmp_path, edition(rows), name="kedua", now=NOW + dt.timedelta(seconds=1))
    folders = sorted((tmp_path / "data" / "regions").iterdir())
    assert [load_regions(one).edition for one in folders] == ["pertama", "kedua"]
    assert newest(tmp_path / "data") == folders[1]
    assert folders[0].stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folders[0].iterdir())


def test_a_later_edition_of_the_package_counts_more_than_an_old_import(tmp_path, rows, edition):
    taken(tmp_path, edition(without(rows, MIMIKA)), now=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    assert newest(tmp_path / "data") is None
    assert newest(tmp_path / "nirgends") is None
    (tmp_path / "data" / "regions" / "20991231T000000000000").mkdir()
    assert newest(tmp_path / "data") is None, "a folder without an edition in it is none"
    (tmp_path / "berkas").write_text("")
    assert newest(tmp_path / "berkas") is None


def test_dots_and_villages_of_the_decree_are_understood(tmp_path, rows, edition):
    changed = {**without(rows, MIMIKA), "9101010001": ("Desa", "village")}
    changed = {code: told for code, told in changed.items() if len(code) < 10} | {
        "3171011001": ("Gambir", "village")
    }
    done = taken(tmp_path, edition(changed, dots=True))
    assert done.villages == 1
    assert done.counts == {
        "province": 38,
        "regency": 513,
        "district": sum(len(c) == 6 for c in changed),
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows, "sama dengan edisi yang sudah dipakai"),
        (lambda rows: dict(list(rows.items())[:600]), "kecamatan, seharusnya sekurangnya"),
        (lambda rows: without(rows, "3171") | {"317101": rows["317101"]}, "tidak memiliki induk 3171"),
        (lambda rows: rows | {"31711": ("Lima", "regency")}, "berisi 5 digit"),
        (lambda rows: rows | {"3171": ("Pusat", "district")}, "seharusnya regency"),
        (lambda rows: rows | {"3171": ("", "regency")}, "kosong atau tidak terbaca"),
        (lambda rows: rows | {"31A1": ("Huruf", "regency")}, "bukan angka"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_edition_changes_nothing_and_says_why(
    tmp_path, rows, edition, change, told
):
    with pytest.raises(EditionRefused, match=told):
        taken(tmp_path, edition(change(rows)))
    assert newest(tmp_path / "data") is None


def test_another_numbering_is_recognised(tmp_path, rows, edition):
    """BPS gives the same places other numbers: too many would vanish at once."""
    other = {}
    for code, told in rows.items():
        other[
            code[:2] + f"{(int(code[2:4]) + 40) % 100:02}" + code[4:] if len(code) > 2 else code
        ] = told
    with pytest.raises(EditionRefused, match="kode BPS"):
        taken(tmp_path, edition(other))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"kode,nama\n", "Baris pertama harus code,name,level"),
        (b"", "tertulis kosong"),
        (b"code,name,level\n31\n", "berisi 1 kolom"),
        (b'code,name,level\n"31,Jakarta\n', "bukan CSV"),
        (b"code,name,level\n\xff\xfe\n", "bukan teks UTF-8"),
        (b"code,name,level\n31,Jakarta,province\n31,Jakarta,province\n", "tertulis dua kali"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(tmp_path, content, told):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(EditionRefused, match=told):
        taken(tmp_path, path)
    with pytest.raises(EditionRefused, match="tidak dapat dibaca"):
        taken(tmp_path, tmp_path / "tidak-ada.csv")


def test_a_file_over_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(editions, "MAX_BYTES", 10)
    path = tmp_path / "x.csv"
    path.write_bytes(b"code,name,level\n")
    with pytest.raises(EditionRefused, match="lebih besar"):
        taken(tmp_path, path)


def test_an_import_that_breaks_off_leaves_nothing_behind(tmp_path, rows, edition, monkeypatch):
    def full(_folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(editions, "load_regions", full)
    with pytest.raises(OSError, match="No space"):
        taken(tmp_path, edition(without(rows, MIMIKA)))
    assert list((tmp_path / "data" / "regions").iterdir()) == []
    assert newest(tmp_path / "data") is None


def test_the_command_takes_an_edition_and_check_judges_by_it(
    tmp_path, rows, edition, monkeypatch, capfd
):
    monkeypatch.setenv("HR_PORTAL_DATA_DIR", str(tmp_path / "data"))
    person = tmp_path / "orang.csv"
    person.write_text(
        "KPJ;NIK;Nama Lengkap;Data;Menjadi\n09999990017;9404014508909013;SITI CONTOHAN;Gelar;S.E.\n"
    )
    assert [f["code"] for f in checked(person, capfd)] == []
    file = edition(without(rows, MIMIKA))
    assert cli.run(["regions", "import", str(file), "--edition", "Kepmendagri 1/2027"]) == 0
    said = capfd.readouterr().out
    assert "“Kepmendagri 1/2027” dipakai mulai sekarang: 38 provinsi, 513 kabupaten/kota" in said
    assert "1 kode lama tetap sah (NIK-04)" in said
    [found] = checked(person, capfd)
    assert (found["code"], found["severity"]) == ("NIK-04", "note")
    assert cli.run(["rules"]) == 0
    assert "wilayah Kepmendagri 1/2027" in capfd.readouterr().out
    assert cli.run(["regions", "import", str(file)]) == 2
    assert "Edisi tidak diubah. Isinya sama" in capfd.readouterr().err


def checked(path, capfd):
    cli.run(["check", str(path), "--format", "json"])
    return json.loads(capfd.readouterr().out)["findings"]


def test_the_package_itself_is_a_valid_edition(rows):
    assert (DATA / "2025" / "regions.csv").exists()
    assert len(rows) == 38 + 514 + 7285
