"""What the routes answer with about letters."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.answers import Answer, Numbered, one_of, said
from hr_portal.domain.letter_numbers import LETTER_KINDS
from hr_portal.services.letter_contents import Content
from hr_portal.services.letter_views import LetterView


class Letter(Answer):
    """A cover letter; `sha256` is that of the PDF, null while it is being made."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, metadata=one_of(LETTER_KINDS))
    sha256 = fields.String(required=True, allow_none=True)
    table_sha256 = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Of the workbook with the corrections; null where the pages hold them"),
    )
    progress = fields.Integer(
        required=True, metadata=said("Percent laid out, while `sha256` is null")
    )
    person = fields.Integer(
        required=True,
        metadata=said("Place in Lampiran I of the one employee whose form it is; 0 for others"),
    )
    state = fields.String(required=True, metadata=one_of(["issued", "superseded", "revoked"]))
    issued_on = fields.Date(required=True)
    revision = fields.Integer(required=True)
    is_stale = fields.Boolean(
        required=True, metadata=said("Rows or documents have changed since: issue a new one")
    )
    proof_code = fields.String(
        required=True,
        allow_none=True,
        metadata=said("With which anybody can look it up at /verifikasi"),
    )
    revoked_reason = fields.String(required=True, metadata=said('"" unless revoked'))
    failure = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Why its PDF could not be made and is not on its way"),
    )
    failure_en = fields.String(required=True, allow_none=True)
    batch = fields.Nested(Numbered, required=True)

    @ma.pre_dump
    def _from(self, view: LetterView, **_: object) -> dict[str, Any]:
        return {**asdict(view), "batch": {"id": view.batch_id, "number": view.batch_number}}


class LetterContent(Answer):
    """The corrections inside the PDF of a letter, and whether they are those of its batch."""

    is_same = fields.Boolean(required=True)
    data = fields.Dict(
        required=True,
        metadata=said("As /static/letters/surat-koreksi-1.schema.json describes it"),
    )

    @ma.pre_dump
    def _from(self, content: Content, **_: object) -> dict[str, Any]:
        return {"is_same": content.comparison.is_same, "data": content.data}
