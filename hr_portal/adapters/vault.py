"""Sealing of sensitive values: AES-256-GCM, bound to their place.

One data key a company, wrapped by the master key, which lives outside the
database. What is sealed for one place (company, table, row) can't be opened at
another. Equality search goes through an HMAC-SHA-256 index, keyed per company,
so that the same NIK gives different indexes in two companies (security.md J3, J4).
"""

import hashlib
import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 16
_SHA256_BLOCK = 64
_INNER_PAD, _OUTER_PAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class SealBrokenError(Exception):
    """A sealed value doesn't open here: altered, moved, or another key's."""


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


class CompanyKey:
    """The data key of one company: seals values, makes search indexes."""

    __slots__ = ("_cipher", "_inner", "_outer", "_scope", "file_key")

    def __init__(self, company_id: str, key: bytes) -> None:
        self._scope = company_id.encode()
        self._cipher = AESGCM(_derive(key, b"values"))
        # HMAC (RFC 2104) with the key's two blocks taken in once: a sheet of 100,000 rows asks
        # 200,000 times, and setting the key up again costs more than the value itself.
        padded = _derive(key, b"index").ljust(_SHA256_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER_PAD))
        self._outer = hashlib.sha256(padded.translate(_OUTER_PAD))
        self.file_key = _derive(key, b"files")

    def seal(self, place: str, plain: bytes) -> bytes:
        """Seal `plain` for `place` ("rows|<revision>|<number>"); nonce first."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._scope + b"|" + place.encode())

    def seal_many(self, places: Sequence[str], plains: Iterable[bytes]) -> list[bytes]:
        """Seal many values at once; as `seal`, with one draw of randomness."""
        nonces = os.urandom(NONCE_BYTES * len(places))
        encrypt, prefix = self._cipher.encrypt, self._scope + b"|"
        sealed = []
        for position, (place, plain) in enumerate(zip(places, plains, strict=True)):
            nonce = nonces[position * NONCE_BYTES : (position + 1) * NONCE_BYTES]
            sealed.append(nonce + encrypt(nonce, plain, prefix + place.encode()))
        return sealed

    def open(self, place: str, sealed: bytes) -> bytes:
        """Open what was sealed for `place`.

        Raises:
            SealBrokenError: it was sealed elsewhere, altered, or by another key.

        """
        try:
            return self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._scope + b"|" + place.encode()
            )
        except InvalidTag as error:
            msg = f"sealed value does not open at {place.split('|', 1)[0]}"
            raise SealBrokenError(msg) from error

    def index(self, kind: str, value: str) -> bytes:
        """Return the 16-byte search index of a clean value ("kpj", "nik")."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{kind}|{value}".encode())
        outer.update(inner.digest())
        return outer.digest()[:INDEX_BYTES]


class Vault:
    """Holds the master key; makes and unwraps the data keys of companies."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            msg = "the master key has to be 32 bytes"
            raise ValueError(msg)
        self._wrapper = AESGCM(_derive(master_key, b"wrap"))
        self._keys: dict[tuple[str, bytes], CompanyKey] = {}
        self._general = CompanyKey("portal", _derive(master_key, b"portal"))

    @property
    def general(self) -> CompanyKey:
        """The key for what belongs to no company (sessions, throttles)."""
        return self._general

    def new_company_key(self, company_id: str) -> bytes:
        """Make a data key for a new company and return it wrapped."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrapper.encrypt(
            nonce, os.urandom(KEY_BYTES), b"company|" + company_id.encode()
        )

    def company(self, company_id: str, wrapped: bytes) -> CompanyKey:
        """Unwrap the data key of a company; kept in memory.

        Raises:
            SealBrokenError: wrapped by another master key or for another company.

        """
        known = self._keys.get((company_id, wrapped))
        if known is None:
            try:
                key = self._wrapper.decrypt(
                    wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], b"company|" + company_id.encode()
                )
            except InvalidTag as error:
                msg = "the data key of a company does not open with this master key"
                raise SealBrokenError(msg) from error
            known = self._keys[(company_id, wrapped)] = CompanyKey(company_id, key)
        return known
