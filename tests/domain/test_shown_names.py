"""Names of files in sentences: nothing unseen, nothing endless."""

import pytest

from hr_portal.domain.shown_names import MAX_NAME, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("koreksi juli.xlsx", "koreksi juli.xlsx"),
        ("C:\\Users\\siti\\koreksi.xlsx", "koreksi.xlsx"),
        ("folder/lain/koreksi.xlsx", "koreksi.xlsx"),
        ("gaji\u202exslx.exe", "gaji\\u202exslx.exe"),
        ("baris\nbaru\x00.csv", "baris\\u000abaru\\u0000.csv"),
        ("folder/", "folder/"),
        ("", "(tanpa nama)"),
    ],
)
def test_a_name_is_shown_without_its_folder_and_with_nothing_unseen(name, shown):
    assert shown_name(name) == shown


def test_the_middle_of_a_long_name_is_left_out():
    shown = shown_name("a" * 200 + "akhir.xlsx")
    assert (len(shown), shown[:3], shown[-10:]) == (MAX_NAME, "aaa", "akhir.xlsx")
    assert "…" in shown
