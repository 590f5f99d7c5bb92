"""Which documents a correction asks for: every field has its row, every cell its source."""

import hashlib
import json

import pytest

from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.requirements import (
    ASKABLE,
    BUILT_IN,
    PRECEDENCE,
    REQUIREMENTS,
    SOURCES,
    differences,
    is_known,
    label_of,
    packed,
    unpacked,
)

PROOF = "pengunduran_diri|paklaring"


def test_every_field_is_one_kind_of_correction():
    listed = [field for one in REQUIREMENTS for field in one.fields]
    assert sorted(listed) == sorted(field.key for field in FIELDS)


def test_every_cell_names_a_known_document_and_its_sources():
    for one in REQUIREMENTS:
        assert len({cell.document for cell in one.needs}) == len(one.needs)
        for cell in one.needs:
            assert cell.document in ASKABLE
            assert cell.sources
            assert set(cell.sources) <= set(SOURCES)
    assert {document for same in PRECEDENCE for document in same} <= set(KINDS)


def test_the_first_version_never_changes():
    plain = json.dumps(packed(BUILT_IN), sort_keys=True).encode()
    assert hashlib.sha256(plain).hexdigest()[:16] == "f940c58a01d5dbf2"


def asked(*fields, left=False):
    found = BUILT_IN.askers(fields)
    return [key for key, who in found.items() if (who.left if left else who.active)]


def test_several_corrections_ask_for_the_documents_of_all():
    assert asked("hp") == ["kartu_bpjstk"]
    assert asked("nik", "no_rekening") == ["kartu_bpjstk", "ktp", "kk", "buku_tabungan"]
    assert asked() == []


def test_of_who_resigned_one_of_two_letters_is_enough_and_of_who_works_none_is_asked():
    assert asked("tanggal_berhenti", left=True) == ["kartu_bpjstk", "ktp", PROOF]
    assert asked("tanggal_mulai") == ["kartu_bpjstk", "ktp"]
    assert label_of(PROOF)[0] == "Surat pengunduran diri atau Paklaring"
    assert label_of("ktp") == KINDS["ktp"]
    assert is_known(PROOF)
    assert not is_known("ktp|surat")


def test_kinds_of_correction_are_told_once_in_the_order_of_the_table():
    told = BUILT_IN.kinds_of(["email", "tanggal_lahir", "hp", "tempat_lahir"])
    assert [one.label for one in told] == ["Tempat dan tanggal lahir", "HP dan surel"]


def test_a_table_comes_back_as_it_was_packed_and_differences_name_each_cell():
    cells = packed(BUILT_IN)
    again = unpacked(2, cells)
    assert (again.number, differences(BUILT_IN, again)) == (2, ())
    cells["kontak"] = [["ktp", "wajib", None, ["a"]], ["npwp", None, "", []], *cells["kontak"][:1]]
    found = differences(BUILT_IN, unpacked(2, cells))
    assert [(one.correction.key, one.document) for one in found] == [("kontak", "ktp")]
    assert (found[0].before.active, found[0].after.active, found[0].after.left) == (
        "bila_perlu", "wajib", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"gaji": []}, "Jenis koreksi “gaji” tidak dikenal."),
        ({"nik": [["sim", "wajib", "wajib", []]]}, "NIK: dokumen “sim” tidak dikenal."),
        (
            {"nik": [["lain", "wajib", "wajib", []]]},
            "dokumen “lain” tidak dapat diminta pada baris",
        ),
        ({"nik": [["ktp", "harus", None, []]]}, "NIK, KTP-el: pilih wajib, salah_satu, bila_perlu"),
        ({"nik": [["ktp", "wajib", "wajib", ["x"]]]}, "NIK, KTP-el: sumber harus dari"),
        ({"nik": [["ktp", "wajib", "wajib", "s1"]]}, "NIK, KTP-el: sumber harus dari"),
        ({"nik": ["ktp"]}, "NIK: satu sel berisi dokumen"),
        ({"nik": [["ktp", "wajib"]]}, "NIK: satu sel berisi dokumen"),
        ({"nik": [["ktp", "wajib", None, []]] * 2}, "NIK: KTP-el tertulis dua kali."),
        ({"nik": [["ktp", "salah_satu", None, []]]}, "NIK, pekerja aktif: “salah satu” memerlukan"),
        ({"nik": [["ktp", None, "salah_satu", []]]}, "NIK, yang sudah berhenti: “salah satu”"),
        ({}, "Tabel ini tidak mewajibkan dokumen apa pun."),
        ({"nik": [["ktp", "bila_perlu", None, []]]}, "Tabel ini tidak mewajibkan"),
    ],
)
def test_what_no_table_can_hold_is_a_sentence(cells, said):
    with pytest.raises(ValueError, match=r".+") as refusal:
        unpacked(2, cells)
    assert said in refusal.value.args[0]
    assert len(refusal.value.args) == 2
