"""Sealed values open only where they were sealed, and only with their key."""

import hmac
import os

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hr_portal.adapters.vault import CompanyKey, SealBrokenError, Vault

NIK = b"3171014508909013"


@pytest.fixture
def vault():
    return Vault(os.urandom(32))


@pytest.fixture
def key(vault):
    return vault.company("a", vault.new_company_key("a"))


def test_what_is_sealed_opens_at_its_place(key):
    sealed = key.seal("rows|1|2", NIK)
    assert NIK not in sealed
    assert key.open("rows|1|2", sealed) == NIK


def test_the_same_value_is_never_sealed_alike(key):
    assert key.seal("rows|1|2", NIK) != key.seal("rows|1|2", NIK)


@pytest.mark.parametrize("place", ["rows|1|3", "rows|2|2", "corrections|1|2", ""])
def test_a_value_moved_to_another_place_does_not_open(key, place):
    with pytest.raises(SealBrokenError):
        key.open(place, key.seal("rows|1|2", NIK))


def test_an_altered_value_does_not_open(key):
    sealed = bytearray(key.seal("rows|1|2", NIK))
    sealed[20] ^= 1
    with pytest.raises(SealBrokenError):
        key.open("rows|1|2", bytes(sealed))


def test_another_companys_key_opens_nothing(vault, key):
    other = vault.company("b", vault.new_company_key("b"))
    with pytest.raises(SealBrokenError):
        other.open("rows|1|2", key.seal("rows|1|2", NIK))
    assert other.index("nik", NIK.decode()) != key.index("nik", NIK.decode())


def test_a_wrapped_key_opens_only_for_its_company_and_master_key(vault):
    wrapped = vault.new_company_key("a")
    with pytest.raises(SealBrokenError):
        vault.company("b", wrapped)
    with pytest.raises(SealBrokenError):
        Vault(os.urandom(32)).company("a", wrapped)


def test_many_values_are_sealed_like_one(key):
    places = [f"rows|1|{n}" for n in range(100)]
    plains = [str(n).encode() for n in range(100)]
    sealed = key.seal_many(places, plains)
    assert [key.open(place, one) for place, one in zip(places, sealed, strict=True)] == plains
    assert len({one[:12] for one in sealed}) == 100


def test_the_index_is_stable_and_parted_by_kind(vault):
    wrapped = vault.new_company_key("a")
    first, again = vault.company("a", wrapped), vault.company("a", wrapped)
    assert first.index("nik", "1") == again.index("nik", "1")
    assert first.index("nik", "1") != first.index("kpj", "1")
    assert len(first.index("nik", "1")) == 16


def test_the_index_is_hmac_sha_256_as_anyone_would_compute_it():
    secret = os.urandom(32)
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"index").derive(secret)
    for value in ("", NIK.decode(), "é" * 200):
        expected = hmac.digest(derived, f"nik|{value}".encode(), "sha256")
        assert CompanyKey("a", secret).index("nik", value) == expected[:16]
        assert CompanyKey("a", secret).index_many("nik", ["1", value])[1] == expected[:16]


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_master_key_of_another_size_is_refused(size):
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"x" * size)
