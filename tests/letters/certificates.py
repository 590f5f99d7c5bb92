"""Certificates of invented companies, each with its key, as PKCS#12."""

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PASSWORD = "sandi sertifikat rekaan"
SUBJECT = "PT Contoh Sejahtera Abadi"


@cache
def key(bits: int = 2_048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, bits)


def made(
    start: dt.datetime,
    end: dt.datetime,
    *,
    bits: int = 2_048,
    signs: bool = True,
    subject: str = SUBJECT,
) -> bytes:
    """A certificate that is its own issuer, valid from start to end."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    usage = x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=not signs,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key(bits).public_key())
        .serial_number(9001).not_valid_before(start).not_valid_after(end)
        .add_extension(usage, critical=True).sign(key(bits), hashes.SHA256())
    )  # fmt: skip
    return pkcs12.serialize_key_and_certificates(
        b"rekaan", key(bits), certificate, None,
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )  # fmt: skip


def valid() -> bytes:
    """One that is valid whatever clock a test has."""
    return made(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2049, 1, 1, tzinfo=dt.UTC))
