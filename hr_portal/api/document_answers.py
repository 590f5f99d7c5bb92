"""What the routes answer with about documents: where they lie, and what is not there."""

from dataclasses import asdict
from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.answers import Answer, one_of, said
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.mapping_sheet import FAULTS
from hr_portal.domain.picture_advice import WORDS as ADVICE
from hr_portal.services import archive_uploads, archives


class DocumentStatus(Answer):
    """What the reviewer found of a document."""

    state = fields.String(required=True, metadata=one_of(["open", "fits", "unfit"]))
    reason = fields.String(required=True)
    given_by = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata=said("0: nobody has said anything"))


class JudgedDocument(Answer):
    """A document's new status, and how many approvals wait again because of it."""

    status = fields.Nested(DocumentStatus, required=True)
    waiting_again = fields.Integer(required=True)


class PictureAdvice(Answer):
    """Something to do better about the picture of a document; it bars nothing."""

    code = fields.String(required=True, metadata=one_of([*ADVICE]))
    pages = fields.List(
        fields.Integer(), required=True, metadata=said("From 1; [] for the document as a whole")
    )
    figures = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=said("What was measured, and what is needed"),
    )
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class LeftDocument(Answer):
    """A document that was left as it was, because it was judged meanwhile."""

    document_id = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class JudgedDocuments(Answer):
    """How many documents have a new status, and which were left."""

    documents = fields.Integer(required=True)
    waiting_again = fields.Integer(required=True, metadata=said("Approvals that rested on them"))
    left = fields.List(fields.Nested(LeftDocument), required=True)


class Document(Answer):
    """A supporting document."""

    id = fields.String(required=True)
    file_name = fields.String(required=True)
    kind = fields.String(required=True, metadata=one_of([*KINDS]))
    media_type = fields.String(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    size = fields.Integer(required=True, metadata=said("Bytes of the copy that is kept"))
    rows = fields.List(fields.Integer(), required=True)
    whole_batch = fields.Boolean(required=True)
    uploaded_at = fields.AwareDateTime(required=True)
    status = fields.Nested(DocumentStatus, required=True)
    is_waiting = fields.Boolean(
        required=True,
        metadata=said(
            "In quarantine until the virus scanner speaks; `id` is that of held-documents"
        ),
    )
    advice = fields.List(
        fields.Nested(PictureAdvice),
        required=True,
        metadata=said("On its picture, once a worker has drawn it"),
    )


class AddedDocument(Document):
    """A document, with the version that the batch has now."""

    version = fields.Integer(required=True, metadata=said("The batch's new version"))

    @ma.pre_dump
    def _from(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**asdict(given["view"]), "version": given["version"]}


class FiledDocument(Answer):
    """What became of a document that was to find its rows."""

    document_id = fields.String(required=True)
    file_name = fields.String(required=True)
    is_placed = fields.Boolean(required=True, metadata=said("false: it waits in the tray"))
    is_repeated = fields.Boolean(required=True, metadata=said("The batch had these bytes already"))
    is_waiting = fields.Boolean(
        required=True,
        metadata=said(
            "In quarantine until the virus scanner speaks; `document_id` is that of held-documents"
        ),
    )
    rows = fields.List(fields.Integer(), required=True, attribute="match.rows")
    kind = fields.String(required=True, allow_none=True, attribute="match.kind")
    score = fields.Integer(required=True, attribute="match.score", metadata=said("Of 100"))
    told_by = fields.String(
        required=True,
        attribute="match.by",
        metadata=said("nik, kpj, kk, row, name, sheet or empty"),
    )
    doubt = fields.String(
        required=True,
        attribute="match.doubt",
        metadata=said("Why it isn't certain; empty where it is"),
    )


class NotTaken(Answer):
    """A file of an archive that was refused."""

    path = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class Archive(Answer):
    """A ZIP of documents, and how far it is unpacked."""

    id = fields.String(required=True)
    batch_id = fields.String(required=True)
    file_name = fields.String(required=True)
    state = fields.String(required=True, metadata=one_of(archives.STATES))
    files = fields.Integer(required=True)
    done = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    placed = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    refused = fields.List(fields.Nested(NotTaken), required=True)
    is_paused = fields.Boolean(required=True, metadata=said("The virus scanner is silent"))
    uploaded_at = fields.AwareDateTime(required=True)


class MappingFault(Answer):
    """What is wrong with one line of a mapping sheet."""

    sheet = fields.String(required=True, attribute="line.sheet")
    row = fields.Integer(required=True, attribute="line.number")
    file = fields.String(required=True, attribute="line.file")
    code = fields.String(required=True, metadata=one_of(FAULTS))
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class MappingSheet(Answer):
    """The mapping sheet of a batch, held against its documents and rows of now."""

    sheets = fields.List(fields.String(), required=True)
    lines = fields.Integer(required=True)
    faults = fields.List(fields.Nested(MappingFault), required=True)


class UploadedPart(Answer):
    """A part that was acknowledged."""

    number = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class ArchiveUpload(Answer):
    """A ZIP that comes in parts, and which of them are here."""

    id = fields.String(required=True)
    batch_id = fields.String(required=True)
    file_name = fields.String(required=True)
    size = fields.Integer(required=True)
    state = fields.String(required=True, metadata=one_of(archive_uploads.STATES))
    part_bytes = fields.Integer(required=True, metadata=said("Of each part but the last"))
    parts = fields.Integer(required=True)
    acknowledged = fields.List(fields.Nested(UploadedPart), required=True)
    missing = fields.List(fields.Integer(), required=True)
    archive_id = fields.String(
        required=True, allow_none=True, metadata=said("Once all parts have become an archive")
    )
    begun_at = fields.AwareDateTime(required=True)


class HeldDocument(Answer):
    """A document that waits for the virus scanner, or was refused after waiting."""

    id = fields.String(required=True)
    path = fields.String(required=True)
    size = fields.Integer(required=True)
    is_waiting = fields.Boolean(required=True)
    cause = fields.String(required=True, metadata=said("Why the scanner has not spoken"))
    code = fields.String(required=True, metadata=said("Of the refusal; empty while it waits"))
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    uploaded_at = fields.AwareDateTime(required=True)


class Accepted(Answer):
    """How many proposals were placed."""

    placed = fields.Integer(required=True)
    version = fields.Integer(required=True, metadata=said("The batch's new version"))


class TrayItem(Answer):
    """A document that waits for its row."""

    id = fields.String(required=True)
    path = fields.String(required=True)
    media_type = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True, metadata=said("Of the employee proposed"))
    kind = fields.String(required=True, allow_none=True)
    doubt = fields.String(required=True)
    doubt_en = fields.String(required=True)
    is_proposal = fields.Boolean(
        required=True, metadata=said("Row and kind are sure enough to be accepted with others")
    )


class Placed(Answer):
    """Where a document lies now."""

    batch_id = fields.String(required=True)
    rows = fields.List(fields.Integer(), required=True)


class MissingDocument(Answer):
    """A document that is not there, and why."""

    kind = fields.String(required=True)
    reason = fields.String(required=True)
    given_by = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)


class Explained(Answer):
    """Of how many rows the explanation was changed."""

    rows = fields.Integer(required=True)
    version = fields.Integer(required=True)


class CoveredRow(Answer):
    """One row and the documents it asks for."""

    number = fields.Integer(required=True)
    name = fields.String(required=True)
    there = fields.List(fields.String(), required=True)
    missing = fields.List(fields.String(), required=True)
    fits = fields.List(fields.String(), required=True)
    unfit = fields.List(fields.String(), required=True, metadata=said("Of those that are missing"))
    explained = fields.List(fields.Nested(MissingDocument), required=True)


class CoveragePage(Answer):
    """One page of the matrix, and the counts of the whole."""

    items = fields.List(fields.Nested(CoveredRow), required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    total = fields.Integer(required=True)
    pages = fields.Integer(required=True, metadata=said("At least 1"))
    asking = fields.Integer(required=True, metadata=said("Rows that ask for any document"))
    lacking = fields.Integer(required=True, metadata=said("Rows that lack one unexplained"))
    requirements = fields.Integer(
        required=True, metadata=said("The version of the requirements that judges the batch")
    )
