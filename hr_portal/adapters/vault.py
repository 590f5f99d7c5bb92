"""Sealing of sensitive values: AES-256-GCM, bound to their place.

One data key a company, wrapped by the master key, which lives outside the
database. What is sealed for one place (company, table, row) can't be opened at
another. Equality search goes through an HMAC-SHA-256 index, keyed per company,
so that the same NIK gives different indexes in two companies (security.md J3, J4).

Keys change without anybody waiting (decision 92): a second master key still opens what the one
before has wrapped; a company's wrapped key holds the data keys before it until all they sealed was
sealed anew. The key of the index stays: an index opens nothing, and can't be made anew.
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


class FileKey(bytes):
    """The key files are sealed by; `older` are those that may have sealed a file before."""

    older: tuple[bytes, ...] = ()


class CompanyKey:
    """The data key of one company: seals values, makes search indexes.

    What one of the `older` data keys has sealed opens, too; nothing new is sealed by them.
    """

    __slots__ = ("_cipher", "_inner", "_older", "_outer", "_scope", "file_key")

    def __init__(
        self,
        company_id: str,
        key: bytes,
        *,
        index_key: bytes | None = None,
        older: Sequence[bytes] = (),
    ) -> None:
        self._scope = company_id.encode()
        self._cipher = AESGCM(_derive(key, b"values"))
        self._older = tuple(AESGCM(_derive(one, b"values")) for one in older)
        # HMAC (RFC 2104) spelled out: a sheet of 100,000 rows asks 200,000 times, and hashing the
        # key's two blocks each time costs less than half of copying hashes that hold them.
        padded = _derive(index_key or key, b"index").ljust(_SHA256_BLOCK, b"\0")
        self._inner = padded.translate(_INNER_PAD)
        self._outer = padded.translate(_OUTER_PAD)
        self.file_key = FileKey(_derive(key, b"files"))
        self.file_key.older = tuple(_derive(one, b"files") for one in older)

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
        nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        aad = self._scope + b"|" + place.encode()
        for cipher in (self._cipher, *self._older):
            try:
                return cipher.decrypt(nonce, content, aad)
            except InvalidTag as error:
                broken = error
        msg = f"sealed value does not open at {place.split('|', 1)[0]}"
        raise SealBrokenError(msg) from broken

    def resealed(self, place: str, sealed: bytes) -> bytes | None:
        """Return what an older key has sealed, sealed by the present one; None if it is already.

        Raises SealBrokenError as `open`.
        """
        try:
            self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._scope + b"|" + place.encode()
            )
        except InvalidTag:
            return self.seal(place, self.open(place, sealed))
        return None

    def index(self, kind: str, value: str) -> bytes:
        """Return the 16-byte search index of a clean value ("kpj", "nik")."""
        return self.index_many(kind, [value])[0]

    def index_many(self, kind: str, values: Iterable[str]) -> list[bytes]:
        """Return the index of each of many values, as `index` does."""
        inner, outer, sha256 = self._inner + f"{kind}|".encode(), self._outer, hashlib.sha256
        return [
            sha256(outer + sha256(inner + value.encode()).digest()).digest()[:INDEX_BYTES]
            for value in values
        ]


class Vault:
    """Holds the master key; makes and unwraps the data keys of companies.

    With `old_master_key` what that one has wrapped or sealed opens as well.
    """

    def __init__(self, master_key: bytes, old_master_key: bytes = b"") -> None:
        masters = [master_key, old_master_key] if old_master_key else [master_key]
        if any(len(one) != KEY_BYTES for one in masters):
            msg = "the master key has to be 32 bytes"
            raise ValueError(msg)
        self._wrappers = [AESGCM(_derive(one, b"wrap")) for one in masters]
        self._keys: dict[tuple[str, bytes], CompanyKey] = {}
        portals = [_derive(one, b"portal") for one in masters]
        self._general = CompanyKey("portal", portals[0], older=portals[1:])
        self._generals = (self._general, *(CompanyKey("portal", one) for one in portals[1:]))

    @property
    def general(self) -> CompanyKey:
        """The key for what belongs to no company (sessions, throttles)."""
        return self._general

    @property
    def generals(self) -> tuple[CompanyKey, ...]:
        """The general key, and the old master key's: to compare what was indexed by either."""
        return self._generals

    def new_company_key(self, company_id: str) -> bytes:
        """Make a data key for a new company and return it wrapped."""
        return self._wrap(company_id, os.urandom(KEY_BYTES))

    def company(self, company_id: str, wrapped: bytes) -> CompanyKey:
        """Unwrap the data key of a company; kept in memory.

        Raises:
            SealBrokenError: wrapped by another master key or for another company.

        """
        known = self._keys.get((company_id, wrapped))
        if known is None:
            present, index_key, *older = _parted(self._unwrap(company_id, wrapped)[0])
            known = self._keys[(company_id, wrapped)] = CompanyKey(
                company_id, present, index_key=index_key, older=older
            )
        return known

    def rewrapped(self, company_id: str, wrapped: bytes) -> bytes | None:
        """Return a key that the old master key has wrapped, by the present one; None if it is."""
        ring, by = self._unwrap(company_id, wrapped)
        return self._wrap(company_id, ring) if by else None

    def with_new_key(self, company_id: str, wrapped: bytes) -> bytes:
        """Return a company's keys with a new data key before them; the index key stays."""
        present, index_key, *older = _parted(self._unwrap(company_id, wrapped)[0])
        return self._wrap(company_id, b"".join((os.urandom(KEY_BYTES), index_key, present, *older)))

    def without_old_keys(self, company_id: str, wrapped: bytes) -> bytes:
        """Return a company's keys without the data keys before the present one."""
        present, index_key, *_ = _parted(self._unwrap(company_id, wrapped)[0])
        return self._wrap(company_id, present + index_key)

    def _wrap(self, company_id: str, ring: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrappers[0].encrypt(nonce, ring, b"company|" + company_id.encode())

    def _unwrap(self, company_id: str, wrapped: bytes) -> tuple[bytes, int]:
        """Return the keys and which master key opened them, 0 being the present one."""
        for place, wrapper in enumerate(self._wrappers):
            try:
                ring = wrapper.decrypt(
                    wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], b"company|" + company_id.encode()
                )
            except InvalidTag as error:
                broken = error
            else:
                return ring, place
        msg = "the data key of a company does not open with this master key"
        raise SealBrokenError(msg) from broken


def _parted(ring: bytes) -> list[bytes]:
    """Return the present data key, the index key, and the data keys before; newest first.

    A key that was never changed is alone, and its index key is itself.
    """
    keys = [ring[at : at + KEY_BYTES] for at in range(0, len(ring), KEY_BYTES)]
    return keys if len(keys) > 1 else keys * 2
