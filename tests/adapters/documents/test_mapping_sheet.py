"""The mapping sheet among documents: found by its name, read by its header."""

import pytest

from hr_portal.adapters.documents.mapping_sheet import is_mapping_sheet, read_mapping
from hr_portal.domain.matching import Line


def test_it_is_known_by_its_name():
    assert is_mapping_sheet("Berkas/Lembar Pemetaan November.csv")
    assert is_mapping_sheet("mapping.TXT")
    assert not is_mapping_sheet("pemetaan/ktp.jpg")
    assert not is_mapping_sheet("KTP.csv")


@pytest.mark.parametrize(
    "text",
    [
        "Nama Berkas;NIK;KPJ;Jenis\na.jpg;317;;KTP\nb.jpg;;099;\n;1;2;KK\n",
        "file,nik,kpj,kind\r\n a.jpg ,317,,KTP\r\nb.jpg,,099\r\n",
        "\ufeffBERKAS\tNIK\tKPJ\tJENIS DOKUMEN\na.jpg\t317\t\tKTP\nb.jpg\t\t099\t\n",
    ],
)
def test_separators_and_columns_are_found(text):
    assert read_mapping(text.encode()) == [Line("a.jpg", "317", "KTP"), Line("b.jpg", "099", "")]


def test_what_is_no_mapping_sheet_gives_none():
    for data in (b"", b"Nama;Alamat\nx;y\n", b"Berkas;Jenis\nx;KTP\n", b"\0\0", b"a" * 3_000_000):
        assert read_mapping(data) is None


def test_old_encodings_are_read():
    assert read_mapping("Berkas;NIK\nKTP Rénata.jpg;1\n".encode("cp1252")) == [
        Line("KTP Rénata.jpg", "1", "")
    ]
