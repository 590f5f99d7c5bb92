"""Which documents a correction asks for: every field has its row, every cell its source."""

from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.requirements import REQUIREMENTS, SOURCES, askers, kinds_of, required


def test_every_field_is_one_kind_of_correction():
    listed = [field for one in REQUIREMENTS for field in one.fields]
    assert sorted(listed) == sorted(field.key for field in FIELDS)


def test_every_cell_names_a_known_document_and_its_sources():
    for one in REQUIREMENTS:
        assert len({cell.document for cell in one.needs}) == len(one.needs)
        for cell in one.needs:
            assert cell.document in KINDS
            assert cell.sources
            assert set(cell.sources) <= set(SOURCES)


def test_several_corrections_ask_for_the_documents_of_all():
    assert required(["hp"]) == {"kartu_bpjstk"}
    assert required(["nik", "no_rekening"]) == {"kartu_bpjstk", "ktp", "kk", "buku_tabungan"}
    assert required([]) == frozenset()


def test_each_document_is_told_with_the_fields_that_ask_for_it():
    assert askers(["hp", "nik"]) == {
        "kartu_bpjstk": {"hp", "nik"},
        "ktp": {"nik"},
        "kk": {"nik"},
    }
    assert askers([]) == {}


def test_kinds_of_correction_are_told_once_in_the_order_of_the_table():
    told = kinds_of(["email", "tanggal_lahir", "hp", "tempat_lahir"])
    assert [one.label for one in told] == ["Tempat dan tanggal lahir", "HP dan e-mail"]
