"""The text of a document beside the row: what agrees, what is written otherwise, and silence."""

import pytest

from hr_portal.domain.document_hints import hints

ROW = {
    "nik": "3171015402719001",
    "kk": "3171010101119002",
    "nama": "SITI CONTOHAN",
    "tanggal_lahir": "1971-02-14",
}


def told(text, **values):
    return {one.field: one.written for one in hints(text, ROW | values)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("KARTU KELUARGA No. 3171010101119002", {"kk": "3171010101119002"}),
        ("NIK : 3171 0154 0271 9001", {"nik": "3171015402719001"}),
        ("NIK 3171.0154.0271.9001", {"nik": "3171015402719001"}),
        ("NIK 3171015402719011", {"nik": "3171015402719011"}),  # a digit
        ("NIK 3273011512849003", {}),  # somebody else's: not for this row to say
        ("NIK 31710154027190012", {}),  # 17 digits
        ("dengan ini Siti Contohan, S.Kom.", {"nama": "SITI CONTOHAN"}),
        ("Nama : Sitti Contohan\nAlamat : X", {"nama": "SITTI CONTOHAN"}),
        ("Nama Lengkap = SITI CONTOHANI", {"nama": "SITI CONTOHANI"}),
        ("Tempat/Tgl Lahir : JAKARTA, 14-02-1971", {"tanggal_lahir": "1971-02-14"}),
        ("lahir 14 Februari 1971", {"tanggal_lahir": "1971-02-14"}),
        ("Tgl lahir 14 02 1971", {"tanggal_lahir": "1971-02-14"}),
        ("Tgl lahir 1971-02-14", {"tanggal_lahir": "1971-02-14"}),
        ("Dikeluarkan 01-03-2012\nTanggal lahir 15-02-1971", {"tanggal_lahir": "1971-02-15"}),
        ("Dikeluarkan 01-03-2012", {}),  # no line about birth
        ("lahir 31-02-1971", {}),  # not in the calendar
    ],
)
def test_a_document_agrees_says_otherwise_or_nothing(text, expected):
    assert told(text) == expected


def test_what_the_row_does_not_say_is_not_compared():
    text = "NIK 3171015402719001\nNama : SITI\nlahir 14-02-1971"
    assert told(text, nik="", kk="", nama="", tanggal_lahir="") == {}
    assert hints(text, {}) == ()
    one = hints(text, {"nik": "31710154027190"})  # of another length: silence
    assert one == ()
    agreeing = hints(text, ROW)[0]
    assert agreeing.agrees
    assert not hints("NIK 3171015402719011", ROW)[0].agrees
