"""The dated table of region codes in the package."""

import numpy as np
import pytest

from hr_portal.domain.regions import (
    CURRENT,
    DATA,
    PROBABLE,
    SUPERSEDED,
    UNKNOWN,
    load_regions,
    regions,
)  # fmt: skip


def test_the_edition_is_that_of_the_decree():
    table = regions()
    assert table.edition == "Kepmendagri 300.2.2-2138/2025"
    assert table.province.sum() == 38
    assert (table.regency == CURRENT).sum() == 514
    assert (table.regency == SUPERSEDED).sum() == 26
    assert (table.regency == PROBABLE).sum() == 10
    assert table.district.sum() == 7285


def test_every_code_lies_in_a_known_parent():
    table = regions()
    for district in np.flatnonzero(table.district).tolist():
        assert table.regency[district // 100] == CURRENT
    for regency in np.flatnonzero(table.regency).tolist():
        assert table.province[regency // 100]


def test_every_retired_regency_has_one_of_today():
    table = regions()
    for old, new in table.successors.items():
        assert table.regency[int(old)] == SUPERSEDED
        assert table.regency[int(new)] == CURRENT
        assert table.names[old]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("31", "Daerah Khusus Ibukota Jakarta"),
        ("9109", "Kabupaten Mimika"),
        ("9271", "Kota Sorong"),
    ],
)
def test_names_are_kept_for_sentences(code, name):
    assert regions().names[code] == name


def test_the_numbering_is_not_that_of_the_statistics_office():
    """BPS calls Jakarta Selatan 3171; here that is Jakarta Pusat."""
    assert "Pusat" in regions().names["3171"]
    assert regions().regency[9471] == UNKNOWN


def test_a_new_edition_is_a_new_folder_and_no_code(tmp_path):
    (tmp_path / "edition.txt").write_text("Kepmendagri 1/2027\n", encoding="utf-8")
    (tmp_path / "regions.csv").write_text(
        "code,name,level\n98,Baru,province\n9801,Kabupaten Baru,regency\n980101,Baru,district\n",
        encoding="utf-8",
    )
    (tmp_path / "superseded.csv").write_text(
        "code,name,current_code,first_edition,last_edition\n9701,KAB. LAMA,9801,2015,2026\n"
        "96,PROVINSI LAMA,98,2015,2026\n",
        encoding="utf-8",
    )
    (tmp_path / "probable.csv").write_text("code,note\n9702,Lama\n", encoding="utf-8")
    table = load_regions(tmp_path)
    assert table.edition == "Kepmendagri 1/2027"
    assert table.province[[96, 97, 98]].all()  # numbers issued under an old one stay valid
    assert table.successors == {"9701": "9801"}
    assert table.regency[[9801, 9701, 9702]].tolist() == [CURRENT, SUPERSEDED, PROBABLE]
    assert table.district[980101]
    assert table.names["9701"] == "Kabupaten Lama"


def test_the_source_and_its_licence_lie_beside_the_data():
    notice = (DATA / "NOTICE").read_text(encoding="utf-8")
    assert "300.2.2-2138/2025" in notice
    assert "Open Database License" in notice
