"""An electronic signature on a letter: PAdES B-B (ETSI EN 319 142-1), made and judged by pyHanko.

Runs in the limited child: a PKCS#12 file may ask for hours of key derivation, and a PDF signed
elsewhere is a stranger's. The kept letter stays as it is, byte for byte, at the front of the
signed one; archival conformance, tags and attached data therefore stay too.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import tempfile
from typing import Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from markupsafe import Markup
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from hr_portal.adapters.letters.engine import pages_of, written
from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.pictures import shows_all_of
from hr_portal.domain.wording import date_in_words

ANCHOR = "bidang-ttd"
"""The free room above the signatory's name; a named destination of every letter that has one."""
FIELD = "TandaTangan"
WIDTH_PT, HEIGHT_PT = 200, 52
"""Of the visible field; the room to sign has 62 points at least."""
GAP_PT = 5

SMALLEST_RSA_BITS = 2_048

_SEAL_CSS = f"""
@page {{ size: {WIDTH_PT}pt {HEIGHT_PT}pt; margin: 0 }}
p {{ margin: 0; font: 8.5pt/11.5pt Carlito; text-align: left; border-left: 1.5pt solid #1f3a5f; padding-left: 5pt }}
"""


_ACTIVE = {"/JS", "/AA", "/OpenAction", "/XFA", "/RichMediaContent"}
_ACTIONS = (
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
)
_UNREADABLE = (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError)
"""What pyHanko raises for a PDF that somebody made up."""
_AS_DRAWN = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MAX)


def run(request: dict[str, Any]) -> bytes:
    """Do what the parent asks of the limited child: "certificate", "sign" or "judge"."""
    pdf = base64.b64decode(request.get("pdf", ""))
    if request["task"] == "judge":
        letter = base64.b64decode(request["letter"])
        return json.dumps(looked_at(pdf, letter)).encode()
    p12, password = base64.b64decode(request["pkcs12"]), request["password"]
    at = dt.datetime.fromisoformat(request["at"])
    if request["task"] == "certificate":
        return json.dumps(certificate_in(p12, password, at)).encode()
    return signed(pdf, p12, password, at=at, moment=request["moment"])


def certificate_in(p12: bytes, password: str, at: dt.datetime) -> dict[str, Any]:
    """Return what a PKCS#12 file's certificate says; raises LetterError LET-CERT."""
    _key, certificate = _opened(p12, password)
    _require_current(certificate, at)
    return _told(certificate)


def signed(pdf: bytes, p12: bytes, password: str, *, at: dt.datetime, moment: str) -> bytes:
    """Return a letter with a signature appended; `moment` is the time as the field shows it.

    Raises LetterError LET-CERT (password, key, term of the certificate) and LET-SIGN (a letter
    without room for a signature, or signed already).
    """
    _key, certificate = _opened(p12, password)
    _require_current(certificate, at)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if writer.prev.embedded_signatures:
        raise LetterError(
            "LET-SIGN",
            "PDF ini sudah bertanda tangan elektronik.",
            "This PDF has an electronic signature already.",
        )
    page, left, top = _room(writer)
    place = fields.SigFieldSpec(
        FIELD,
        on_page=page,
        box=(left, top - GAP_PT - HEIGHT_PT, left + WIDTH_PT, top - GAP_PT),
        readable_field_name="Tanda tangan elektronik perusahaan",
    )
    signer = signers.SimpleSigner.load_pkcs12_data(
        p12, other_certs=[], passphrase=password.encode()
    )
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=_name(certificate),
        reason="Permohonan Koreksi Data Peserta",
    )
    seal = Markup(
        "<html lang=id><p>Ditandatangani secara elektronik oleh<br><b>{}</b><br>{}</p></html>"
    ).format(_name(certificate)[:60], moment)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as drawn:
        drawn.write(written(pages_of(seal, css=_SEAL_CSS)))
        drawn.flush()
        style = StaticStampStyle(
            background=ImportedPdfPage(drawn.name),  # type: ignore[no-untyped-call]
            background_layout=_AS_DRAWN,
            border_width=0,
        )
        stamper = signers.PdfSigner(about, signer, stamp_style=style, new_field_spec=place)
        output = stamper.sign_pdf(writer)
    return bytes(output.getvalue())


def looked_at(pdf: bytes, letter: bytes) -> dict[str, Any]:
    """Return what a PDF that came back is: its signatures, and whether it is this letter.

    `is_letter`: it begins with the letter's bytes or holds the same files inside, and everything
    printed on the letter still stands on the same pages. `active` names something that would run
    when it is opened, or a file that the letter doesn't hold; "" for nothing. Raises LetterError
    LET-SIGN.
    """
    verdicts = judged(pdf)
    if not verdicts:
        return {"verdicts": [], "is_letter": False, "active": ""}
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened, pikepdf.open(io.BytesIO(letter)) as issued:
            held, ours = _files_of(opened), _files_of(issued)
            active = _active(opened) or ("/EmbeddedFile" if set(held) - set(ours) else "")
            is_letter = (
                held == ours
                and (bool(ours) or pdf.startswith(letter))
                and shows_all_of(_without_fields(opened), letter)
            )
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise _unreadable() from error
    return {"verdicts": verdicts, "is_letter": is_letter, "active": active}


def _files_of(opened: pikepdf.Pdf) -> dict[str, str]:
    """Return the files inside a PDF by name, as fingerprints."""
    return {
        name: hashlib.sha256(held.get_file().read_bytes()).hexdigest()
        for name, held in opened.attachments.items()
    }


def _without_fields(opened: pikepdf.Pdf) -> bytes:
    """Return a PDF without its form fields, so without the pictures of its signatures."""
    for page in opened.pages:
        fields_ = [one for one in page.get("/Annots", []) if one.get("/Subtype") == "/Widget"]
        if fields_:
            page["/Annots"] = pikepdf.Array(
                one for one in page["/Annots"] if one.get("/Subtype") != "/Widget"
            )
    bare = io.BytesIO()
    opened.save(bare)
    return bare.getvalue()


def _active(opened: pikepdf.Pdf) -> str:
    """Return what would run, wherever it stands: an action may lie within another object."""
    waiting: list[Any] = list(opened.objects)
    while waiting:
        item = waiting.pop()
        parts: list[Any]
        if isinstance(item, pikepdf.Array):
            parts = list(item)
        elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            found = _ACTIVE & set(item.keys())
            if found:
                return min(found)
            if item.get("/S") in _ACTIONS:
                return str(item["/S"])
            if item.get("/Subtype") == "/FileAttachment":
                return "/FileAttachment"
            parts = [value for _name, value in item.items()]
        else:
            continue
        waiting += [one for one in parts if isinstance(one, pikepdf.Object) and not one.is_indirect]
    return ""


def judged(pdf: bytes) -> list[dict[str, Any]]:
    """Return what pyHanko's validator finds of each signature in a PDF, in their order.

    `intact`: the signed bytes are as they were signed, by the key of the certificate.
    `whole`: nothing was added to the file since the last signature. Who issued the certificate
    is told, not judged: the portal holds no list of authorities.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        found = list(reader.embedded_signatures)
        return [_verdict(one, last=one is found[-1]) for one in found]
    except _UNREADABLE as error:
        raise _unreadable() from error


def _verdict(one: Any, *, last: bool) -> dict[str, Any]:  # noqa: ANN401 - pyHanko's
    certificate = x509.load_der_x509_certificate(one.signer_cert.dump())
    at = one.self_reported_timestamp
    told = {
        **_told(certificate),
        "at": at.isoformat() if at else None,
        "in_term": at is not None and _covers(certificate, at),
    }
    context = ValidationContext(
        trust_roots=[one.signer_cert],
        allow_fetching=False,
        moment=at,
    )
    usual = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    try:
        status = validate_pdf_signature(one, context, key_usage_settings=usual)
    except (SignatureValidationError, PdfError, ValueError):
        return {**told, "intact": False, "whole": False}
    covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return {
        **told,
        "intact": bool(status.intact and status.valid),
        "whole": covers if last else bool(status.docmdp_ok),
    }


def _opened(p12: bytes, password: str) -> tuple[Any, x509.Certificate]:
    try:
        key, certificate, _others = load_key_and_certificates(p12, password.encode())
    except (ValueError, TypeError, NotImplementedError) as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise LetterError(
                "LET-CERT",
                "Kata sandi sertifikat tidak cocok. Ketik lagi kata sandi yang diberikan bersama berkas "
                ".p12 atau .pfx itu.",
                "The certificate's password doesn't match. Type the one that came with the .p12 or .pfx.",
            ) from error
        raise LetterError(
            "LET-CERT",
            "Berkas ini bukan sertifikat PKCS#12 yang dapat dibaca. Unggah berkas .p12 atau .pfx dari "
            "penyelenggara sertifikasi.",
            "This is no PKCS#12 file that can be read. Upload the .p12 or .pfx of the authority.",
        ) from error
    if key is None or certificate is None:
        raise LetterError(
            "LET-CERT",
            "Berkas ini tidak memuat kunci pribadi beserta sertifikatnya. Ekspor ulang sertifikat "
            "beserta kuncinya sebagai .p12 atau .pfx.",
            "This file holds no private key with its certificate. Export both as .p12 or .pfx.",
        )
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA_BITS
    ):
        raise LetterError(
            "LET-CERT",
            "Kunci sertifikat ini tidak cukup kuat untuk tanda tangan; yang diterima RSA 2.048 bit ke "
            "atas atau kurva eliptik. Mintalah sertifikat baru.",
            "The certificate's key is not strong enough; RSA of 2,048 bits or elliptic curve is needed.",
        )
    if not _is_for_signing(certificate):
        raise _not_for_signing()
    return key, certificate


def _is_for_signing(certificate: x509.Certificate) -> bool:
    """Say whether a certificate's key may sign; one that says nothing may do anything."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _require_current(certificate: x509.Certificate, at: dt.datetime) -> None:
    if _covers(certificate, at):
        return
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > end:
        raise LetterError(
            "LET-CERT",
            f"Masa berlaku sertifikat berakhir {date_in_words(end.date())}. Unggah sertifikat yang masih "
            "berlaku pada halaman data surat.",
            f"The certificate expired on {end:%Y-%m-%d}. Upload one that is valid.",
        )
    raise LetterError(
        "LET-CERT",
        f"Sertifikat baru berlaku mulai {date_in_words(start.date())}. Tunggu sampai tanggal itu, atau "
        "periksa jam peladen.",
        f"The certificate is valid from {start:%Y-%m-%d} only.",
    )


def _covers(certificate: x509.Certificate, at: dt.datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _told(certificate: x509.Certificate) -> dict[str, Any]:
    return {
        "subject": _name(certificate),
        "issuer": _common_name(certificate.issuer),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
    }


def _name(certificate: x509.Certificate) -> str:
    return _common_name(certificate.subject)


def _common_name(name: x509.Name) -> str:
    """Return the common name, else the whole name; what is no text any database keeps is U+FFFD."""
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    told = str(found[0].value) if found else name.rfc4514_string()
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in told)


def _room(writer: IncrementalPdfFileWriter) -> tuple[int, int, int]:
    """Return page, left and top of the room to sign, in points from the page's foot."""
    for name, target in _destinations(writer.root.get("/Names", {}).get("/Dests", {})):
        if name == ANCHOR:
            _page, _kind, left, top, *_zoom = target
            return _page_number(writer, target.raw_get(0)), round(float(left)), round(float(top))
    raise LetterError(
        "LET-SIGN",
        "Surat ini tidak mempunyai bidang tanda tangan. Cetak dan tanda tangani, lalu unggah pindaiannya.",
        "This letter has no room for a signature. Print and sign it, then upload the scan.",
    )


def _destinations(node: Any) -> Any:  # noqa: ANN401 - pyHanko's
    names = node.get("/Names", [])
    for place in range(0, len(names), 2):
        yield str(names[place]), names[place + 1]
    for child in node.get("/Kids", []):
        yield from _destinations(child)


def _page_number(writer: IncrementalPdfFileWriter, sought: Any) -> int:  # noqa: ANN401
    """Return which page an indirect reference means; the letter's own pages come first."""
    number = 0
    while writer.find_page_for_modification(number)[0].idnum != sought.idnum:  # type: ignore[no-untyped-call]
        number += 1
    return number


def _unreadable() -> LetterError:
    return LetterError(
        "LET-SIGN",
        "Tanda tangan pada PDF ini tidak dapat dibaca. Unggah PDF persis seperti yang diterima "
        "dari penyedia tanda tangan.",
        "The signature in this PDF can't be read. Upload the PDF exactly as you received it.",
    )


def _not_for_signing() -> LetterError:
    return LetterError(
        "LET-CERT",
        "Sertifikat ini tidak dibuat untuk tanda tangan dokumen. Mintalah sertifikat tanda tangan "
        "kepada penyelenggara sertifikasi.",
        "This certificate is not meant for signing documents. Ask for one that is.",
    )
