"""What the agency refuses often: its words sorted, and what counts as often."""

import pytest

from hr_portal.domain.refusals import REASONS, Often, often, sort_words


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Nomor HP sudah terdaftar atas nama BUDI MISAL 3171014508909013", "taken"),
        ("NIK belum padan dgn Dukcapil", "register"),
        ("Nama tidak sesuai dengan KTP", "register"),
        ("Nama di buku tabungan berbeda", "account"),
        ("Foto KTP buram / tidak terbaca", "unreadable"),
        ("Mohon lampirkan KK", "document"),
        ("Surat pernyataan belum ada.", "document"),
        ("Peserta NON-AKTIF per 01-2024", "member"),
        ("Data sudah sesuai", "same"),
        ("Format tanggal salah", "format"),
        ("SITI CONTOHAN 081200000001", ""),
        ("", ""),
    ],
)
def test_the_agencys_words_come_to_a_reason_or_to_none(words, key):
    assert sort_words(words) == key


def test_often_is_a_number_and_a_share_and_a_reason_is_named_where_it_alone_is_often():
    counts = {
        ("accepted", ""): 30,
        ("refused", "taken"): 5,
        ("refused", "account"): 4,
        ("refused", ""): 1,
    }
    assert often(counts, 5, 10) == Often(10, 40, "taken")
    assert often(counts, 6, 10) == Often(10, 40, "")
    assert often(counts, 11, 10) is None
    assert often(counts, 5, 26) is None
    assert often({("accepted", ""): 9}, 1, 0) is None
    assert often({("refused", "of an older portal"): 9}, 5, 10) == Often(9, 9, "")


def test_a_reason_says_nothing_of_anybody():
    for one in REASONS:
        for text in (one.label, one.label_en, one.advice, one.advice_en):
            assert not any(sign.isdigit() for sign in text)
