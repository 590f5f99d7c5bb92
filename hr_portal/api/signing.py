"""Signed letters: certificate, signing, copies signed elsewhere; and what a code proves."""

import base64
import binascii
from typing import Any

from flask import Response
from marshmallow import fields

from hr_portal.api.answers import Answer
from hr_portal.api.documents import BINARY, as_file
from hr_portal.api.door import caller, needs, portal, takes_upload
from hr_portal.api.letter_data import LetterData, letter_data_of
from hr_portal.api.parsing import Ask, Text, Upload
from hr_portal.api.problems import unfit
from hr_portal.api.sections import Section
from hr_portal.services import letter_proofs, letter_signing

section = Section("Signing", "Signed copies of letters, and what anybody may learn of a letter")

MOST_BASE64 = letter_signing.MOST_PKCS12 * 4 // 3 + 4
MOST_PASSWORD = 1_000
MOST_CODE = 100
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class NewCertificate(Ask):
    """A PKCS#12 with its password, which opens it once and is not kept."""

    pkcs12 = Text(
        least=1, most=MOST_BASE64, required=True, metadata={"description": "The file, in Base64"}
    )
    password = Text(most=MOST_PASSWORD, required=True)


class Signing(Ask):
    """The password of the company's certificate; it is used once and not kept."""

    password = Text(most=MOST_PASSWORD, required=True)


class NewCopy(Ask):
    """A scan (PDF, JPEG, PNG) of the signed letter, or the PDF signed or stamped elsewhere."""

    file = Upload(required=True)


class NewProof(Ask):
    """The code printed on a letter, or what its QR holds."""

    code = Text(least=1, most=MOST_CODE, required=True)


class SignatureVerdict(Answer):
    """What the validator found of one signature when the copy came in."""

    holds = fields.Boolean(required=True)
    signer = fields.String(required=True, attribute="certificate.subject")
    issuer = fields.String(required=True, attribute="certificate.issuer")
    signed_at = fields.AwareDateTime(required=True, allow_none=True, attribute="at")
    intact = fields.Boolean(required=True, metadata={"description": "What was signed is unchanged"})
    whole = fields.Boolean(required=True, metadata={"description": "Nothing was added later"})
    in_term = fields.Boolean(
        required=True, metadata={"description": "The certificate was valid at that time"}
    )


class SignedCopy(Answer):
    """A signed copy of a letter; it never takes the letter's place."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": ["certificate", "elsewhere", "scan"]})
    media_type = fields.String(required=True)
    sha256 = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    verdicts = fields.List(fields.Nested(SignatureVerdict), required=True)


class SignedCopies(Answer):
    """All signed copies of a letter, the latest first."""

    items = fields.List(fields.Nested(SignedCopy), required=True)


class ProofCopy(Answer):
    """A signed copy as the public page names it."""

    kind = fields.String(required=True)
    sha256 = fields.String(required=True)


class Proof(Answer):
    """What anybody may learn of a letter, receipt or record: no name, no identifier."""

    number = fields.String(required=True)
    issued_on = fields.Date(required=True)
    kind = fields.String(required=True, attribute="series")
    company_name = fields.String(required=True)
    branch_name = fields.String(required=True)
    people = fields.Integer(required=True, allow_none=True)
    corrections = fields.Integer(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": ["issued", "superseded", "revoked"]})
    superseded_by = fields.String(required=True, allow_none=True)
    revoked_on = fields.AwareDateTime(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    copies = fields.Function(
        lambda proof: [{"kind": kind, "sha256": digest} for kind, digest in proof.copies],
        required=True,
        metadata={"type": "array", "items": {"type": "object"}},
    )


@section.post("/companies/<id:company_id>/certificate")
@needs("company.edit")
@section.body(NewCertificate)
@section.answers(200, LetterData)
def keep_certificate(body: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Keep a company's certificate in place of what it had."""
    try:
        pkcs12 = base64.b64decode(body["pkcs12"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise unfit({"pkcs12": "Harus isi berkas .p12 atau .pfx dalam Base64"}) from error
    letter_signing.keep_certificate(portal(), caller(), company_id, pkcs12, body["password"])
    return letter_data_of(company_id)


@section.post("/companies/<id:company_id>/certificate/remove")
@needs("company.edit")
@section.body(Ask, required=False)
@section.answers(200, LetterData)
def drop_certificate(_body: dict[str, Any], company_id: str) -> dict[str, Any]:
    """Forget a company's certificate; what was signed with it stays."""
    letter_signing.drop_certificate(portal(), caller(), company_id)
    return letter_data_of(company_id)


@section.post("/letters/<id:letter_id>/sign")
@needs("letter.issue")
@section.body(Signing)
@section.answers(201, SignedCopy)
def sign_letter(body: dict[str, Any], letter_id: str) -> letter_signing.CopyView:
    """Sign a letter that stands with its company's certificate (PAdES)."""
    return letter_signing.sign_letter(portal(), caller(), letter_id, body["password"])


@section.get("/letters/<id:letter_id>/copies")
@needs("letter.read")
@section.answers(200, SignedCopies)
def list_copies(letter_id: str) -> dict[str, Any]:
    """List the signed copies of a letter with what the validator found."""
    return {"items": letter_signing.copies(portal(), caller(), letter_id)}


@section.post("/letters/<id:letter_id>/copies")
@needs("letter.issue")
@takes_upload(lambda settings: settings.max_document_bytes)
@section.form(NewCopy)
@section.answers(201, SignedCopy)
def add_copy(form: dict[str, Any], letter_id: str) -> letter_signing.CopyView:
    """Tie to a letter its scan, or its PDF as signed or stamped elsewhere."""
    sent = form["file"]
    return letter_signing.add_copy(portal(), caller(), letter_id, sent.stream, sent.filename)


@section.get("/letters/<id:letter_id>/copies/<int:copy_id>/file")
@needs("letter.read")
@section.answers(200, BINARY, content_type="application/octet-stream", description="The kept bytes")
def show_copy(letter_id: str, copy_id: int) -> Response:
    """Fetch a signed copy exactly as it is kept; recorded."""
    copy, content = letter_signing.open_copy(portal(), caller(), letter_id, copy_id)
    return as_file(content, copy.media_type, f"surat-{copy.id}.{ENDINGS[copy.media_type]}")


@section.post("/proofs")
@needs("letter.read")
@section.body(NewProof)
@section.answers(200, Proof)
def look_up_proof(body: dict[str, Any]) -> letter_proofs.Proof:
    """Say what a code proves, as `/verifikasi` tells anybody; unknown and mistyped are one 404."""
    return letter_proofs.look_up(portal(), body["code"], address=caller().user_id)
