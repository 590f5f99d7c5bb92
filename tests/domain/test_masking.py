"""Sensitive values as lists show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr_portal.domain.fields import FIELDS
from hr_portal.domain.masking import DOT, mask, mask_account, mask_nik


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("nik", "3171014508909013", "3171••••••••9013"), ("kk", "3171011203159001", "3171••••••••9001"),
        ("kpj", "09999990017", "099••••0017"), ("kpj_digabung", "09999990025", "099••••0025"),
        ("npwp", "099876542999000", "0998•••••••9000"), ("no_rekening", "9000000112", "900•••0112"),
        ("hp", "+6281200000001", "0812••••0001"), ("hp", "081200000001", "0812••••0001"),
        ("hp", "+62 812-7000-4468", "0812••••4468"), ("hp", "(0812) 7000 4468", "0812••••4468"),
        ("nik", "31710145O8909013", "3171••••O•••9013"), ("nik", "3171OI45O8909013", "3171••••••••9013"),
        ("kpj", "O99999900I7", "O99••••00I7"), ("kpj", "0999999I017", "099••••I017"),
        ("kpj", "0999I990017", "099••••0017"),
        ("hp", "+60123456789", "+601••••6789"), ("darurat_hp", "081200000001", "0812••••0001"),
        ("email", "siti@contoh.example", "s•••@contoh.example"), ("email", "siti", "••••"),
        ("nama_ibu", "TUTI REKAAN", "T•••• R••••"), ("tanggal_lahir", "1990-08-05", "1990-08-05"),
        ("alamat", "Jalan Misal Nomor 8", "Jalan ••••"), ("alamat", "Misal", "•••••"),
        ("nama", "SITI CONTOHAN", "SITI CONTOHAN"), ("gelar", "S.E.", "S.E."), ("nik", "", ""),
        ("zodiak", "LEO", "LEO"), ("nik", "HAPUS", "HAPUS"), ("alamat", "TIDAK BERUBAH", "TIDAK BERUBAH"),
        ("nik", "317", "•••"), ("nik", "31710145", "••••••••"),
    ],
)  # fmt: skip
def test_a_value_is_masked_by_its_field(field, value, shown):
    assert mask(field, value) == shown


@pytest.mark.parametrize("field", [f.key for f in FIELDS if f.sensitive and f.kind != "date"])
def test_every_sensitive_field_hides_something(field):
    assert DOT in mask(field, "3171014508909013")


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_a_number_never_shows_more_than_eight_characters(number):
    for masked in (mask_nik(number), mask_account(number)):
        assert len(masked.replace(DOT, "")) <= 8
        assert DOT in masked
        assert len(masked) == len(number)
