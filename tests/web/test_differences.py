"""Banding: what differs between two revisions, on a page."""

import re

import pytest

from hr_portal import worker


@pytest.fixture
def mended(hrd, upload, portal, sample):
    """A submission whose damaged file was mended: two revisions."""
    address = upload("koreksi-november.xlsx")
    version = re.search(r'name="version" value="(\d+)"', hrd.get(address + "/unggah-ulang").text)[1]
    hrd.post(
        address + "/unggah-ulang",
        {"file": sample("koreksi-november-revisi-2.xlsx"), "version": version},
    )
    worker.run_all(portal)
    return address


def test_the_result_leads_to_the_differences_and_counts_come_first(hrd, mended):
    for page in ("/hasil", "/lacak"):
        assert f'href="{mended}/banding"' in hrd.get(mended + page).text
    text = hrd.get(mended + "/banding").text
    assert "<h1>Revisi 2 dibandingkan revisi 1</h1>" in text
    assert re.search(r"\d+ sel berubah · \d+ baris tetap sama", text)
    assert "<del>" in text
    assert "<ins>" in text
    assert not re.search(r"(?<![0-9a-f])\d{15,16}(?![0-9a-f])", text)


def test_kinds_and_columns_filter_the_list_and_the_pager_keeps_them(hrd, mended):
    text = hrd.get(mended + "/banding").text
    column, count = re.search(r'<option value="(\d+)">[^<]* · (\d+)</option>', text).groups()
    shown = hrd.get(f"{mended}/banding?kolom={column}").text
    listed = set(re.findall(r'data-label="Baris">(\d+)', shown))
    assert len(listed) == min(int(count), 25)
    changed = hrd.get(f"{mended}/banding?jenis=berubah").text
    assert 'jenis=berubah" data-s="hint" aria-current="true"' in changed
    for odd in ("?kolom=999", "?kolom=x&jenis=y", "?halaman=999"):
        assert hrd.get(mended + "/banding" + odd).status_code == 200
    assert hrd.get(mended + "/banding?dari=9", expect=404)


def test_one_revision_alone_says_how_a_second_comes_about(hrd, upload, other_hrd):
    address = upload("koreksi-bersih.xlsx")
    assert "Belum ada revisi lain untuk dibandingkan" in hrd.get(address + "/banding").text
    assert other_hrd.get(address + "/banding", expect=404)


def test_two_equal_revisions_say_so(hrd, upload, portal, sample):
    address = upload("koreksi-bersih.xlsx")
    hrd.post(address + "/unggah-ulang", {"file": sample("koreksi-bersih.xlsx")})
    worker.run_all(portal)
    assert "Kedua revisi sama isinya" in hrd.get(address + "/banding").text
