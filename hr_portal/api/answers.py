"""What the routes answer with: one schema a thing, filled from the services' views."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, get_args

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.door import caller
from hr_portal.domain.columns import ROLE_WORDS, Basis
from hr_portal.domain.deadlines import ClockKind
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.letter_numbers import LETTER_KINDS
from hr_portal.domain.mapping_sheet import FAULTS
from hr_portal.domain.picture_advice import WORDS as ADVICE
from hr_portal.domain.questions import AskedColumn as Column_
from hr_portal.domain.workflow import BATCH_STATES, FILE_STATES, VERDICTS
from hr_portal.services import archive_uploads, archives
from hr_portal.services.batch_views import BatchView
from hr_portal.services.letter_contents import Content
from hr_portal.services.letters import LetterView
from hr_portal.services.paging import Page
from hr_portal.services.queues import QueueEntry
from hr_portal.services.review import Decided
from hr_portal.services.row_views import CorrectionView as Correction_
from hr_portal.services.row_views import FindingView, RowView

SEVERITIES = ("note", "warning", "override", "error")


def _of(words: Iterable[str | None], about: str = "") -> dict[str, Any]:
    return {"enum": list(words), **({"description": about} if about else {})}


def _said(about: str) -> dict[str, Any]:
    return {"description": about}


class Answer(ma.Schema):
    """What a caller gets; every name is always there."""


class Named(Answer):
    """A thing with its name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class CompanyOf(Named):
    """The company of a batch."""

    npp = fields.String(required=True)


class Numbered(Answer):
    """Another batch, by id and number."""

    id = fields.String(required=True)
    number = fields.String(required=True)


class RowCounts(Answer):
    """How many rows there are; each counts once, by its worst severity."""

    total = fields.Integer(required=True, metadata=_said("valid + warning + invalid + empty"))
    valid = fields.Integer(required=True)
    left = fields.Integer(
        required=True,
        metadata=_said("How many of the valid ones have no correction: all of it was left out"),
    )
    warning = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    empty = fields.Integer(required=True)
    refused = fields.Integer(
        required=True, metadata=_said("Rows of the file that could not be read")
    )


class Progress(Answer):
    """How far the check is, in rows; total is 0 until it is known."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True)


class Refusal(Answer):
    """Why the file can't be read."""

    code = fields.String(required=True, metadata=_said("FILE-01 to FILE-10"))
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class Taken(Answer):
    """What an upload became; reading and checking go on in the background."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=_of(BATCH_STATES))
    file_state = fields.String(required=True, metadata=_of(FILE_STATES))
    version = fields.Integer(required=True)
    revision = fields.Integer(required=True)

    @ma.pre_dump
    def _from(self, taken: Any, **_: object) -> dict[str, Any]:  # noqa: ANN401 - intake.Taken
        return {**asdict(taken), "id": taken.batch_id}


class BatchSummary(Answer):
    """A batch at its current revision."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=_of(BATCH_STATES))
    file_state = fields.String(required=True, metadata=_of(FILE_STATES))
    version = fields.Integer(
        required=True,
        metadata=_said("Send it back with an act, so that nothing unseen is acted on"),
    )
    revision = fields.Integer(required=True)
    file_name = fields.String(required=True)
    layout = fields.String(required=True, allow_none=True)
    ruleset = fields.String(required=True, allow_none=True)
    rows = fields.Nested(RowCounts, required=True)
    progress = fields.Nested(Progress, required=True)
    company = fields.Nested(CompanyOf, required=True)
    branch = fields.Nested(Named, required=True)
    parent = fields.Nested(Numbered, required=True, allow_none=True)
    children = fields.List(fields.Nested(Numbered), required=True)
    refusal = fields.Nested(Refusal, required=True, allow_none=True)
    reviewer = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("Told to reviewers of the branch; a company is told the office alone"),
    )
    change_received_on = fields.Date(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)

    @ma.pre_dump
    def _from(self, given: Any, **_: object) -> dict[str, Any]:  # noqa: ANN401 - a view, or a view with more
        return given if isinstance(given, dict) else batch_of(given)


def batch_of(view: BatchView) -> dict[str, Any]:
    """A batch as `BatchSummary` shows it."""
    now = view.revision
    refusal = {
        "code": now.error_code,
        "message": now.error_message,
        "message_en": now.error_message_en,
    }
    return {
        "id": view.id,
        "number": view.number,
        "state": view.state,
        "file_state": now.state,
        "version": view.version,
        "revision": now.number,
        "file_name": now.file_name,
        "layout": now.layout,
        "ruleset": now.ruleset,
        "rows": {name: getattr(now, name) for name in RowCounts().fields},
        "progress": {"done": now.progress_done, "total": now.progress_total},
        "company": {"id": view.company_id, "name": view.company_name, "npp": view.company_npp},
        "branch": {"id": view.branch_id, "name": view.branch_name},
        "parent": {"id": view.parent_id, "number": view.parent_number} if view.parent_id else None,
        "children": [{"id": id_, "number": number} for id_, number in view.children],
        "refusal": refusal if now.error_code else None,
        "reviewer": view.reviewer_name if view.branch_id in caller().branches else None,
        "change_received_on": view.change_received_on,
        "created_at": view.created_at,
        "submitted_at": view.submitted_at,
        "decided_at": view.decided_at,
    }


class Letter(Answer):
    """A cover letter; `sha256` is that of the PDF, null while it is being made."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, metadata=_of(LETTER_KINDS))
    sha256 = fields.String(required=True, allow_none=True)
    table_sha256 = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("Of the workbook with the corrections; null where the pages hold them"),
    )
    progress = fields.Integer(
        required=True, metadata=_said("Percent laid out, while `sha256` is null")
    )
    person = fields.Integer(
        required=True,
        metadata=_said("Place in Lampiran I of the one employee whose form it is; 0 for others"),
    )
    state = fields.String(required=True, metadata=_of(["issued", "superseded", "revoked"]))
    issued_on = fields.Date(required=True)
    revision = fields.Integer(required=True)
    is_stale = fields.Boolean(
        required=True, metadata=_said("Rows or documents have changed since: issue a new one")
    )
    proof_code = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("With which anybody can look it up at /verifikasi"),
    )
    revoked_reason = fields.String(required=True, metadata=_said('"" unless revoked'))
    failure = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("Why its PDF could not be made and is not on its way"),
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
        metadata=_said("As /static/letters/surat-koreksi-1.schema.json describes it"),
    )

    @ma.pre_dump
    def _from(self, content: Content, **_: object) -> dict[str, Any]:
        return {"is_same": content.comparison.is_same, "data": content.data}


class Missing(Answer):
    """One thing that keeps a draft from being submitted."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    count = fields.Integer(required=True)


class Twin(Numbered):
    """An earlier batch with the same file (`bytes`), or another file with the same rows."""

    state = fields.String(required=True, metadata=_of(BATCH_STATES))
    revision = fields.Integer(required=True)
    file_name = fields.String(required=True)
    uploaded_at = fields.AwareDateTime(required=True)
    same = fields.String(required=True, metadata=_of(["bytes", "rows"]))


class AskedSheet(Answer):
    """A sheet that may be meant."""

    name = fields.String(required=True)
    rows = fields.Integer(required=True)
    headers = fields.List(fields.String(), required=True, metadata=_said("The first of them"))
    is_likely = fields.Boolean(required=True)


class AskedColumn(Answer):
    """A column of the file, with what it is taken for."""

    column = fields.String(required=True, metadata=_said("Its letters in the sheet"))
    header = fields.String(required=True)
    samples = fields.List(fields.String(), required=True, metadata=_said("Its first values"))
    meaning = fields.String(
        required=True,
        allow_none=True,
        metadata=_of([*ROLE_WORDS, None], "null = only you can say; it has to be answered"),
    )
    is_asked = fields.Boolean(required=True, metadata=_said("false = certain, but may be changed"))
    basis = fields.String(required=True, metadata=_of(get_args(Basis)))

    @ma.pre_dump
    def _from(self, one: Column_, **_: object) -> dict[str, Any]:
        return {**asdict(one), "column": one.letters, "meaning": one.word or None}


class Questions(Answer):
    """What has to be said before the file can be checked: POST it to …/columns."""

    sheet = fields.String(required=True, metadata=_said("The sheet that the columns are of"))
    sheets = fields.List(
        fields.Nested(AskedSheet), required=True, metadata=_said("Those that may be chosen")
    )
    rows = fields.Integer(required=True)
    columns = fields.List(
        fields.Nested(AskedColumn), required=True, metadata=_said("Empty = name a sheet first")
    )


class Batch(BatchSummary):
    """A batch with its letters, and with what a draft still lacks."""

    questions = fields.Nested(
        Questions, required=True, allow_none=True, metadata=_said("While file_state is asking")
    )
    same_as = fields.List(
        fields.Nested(Twin),
        required=True,
        metadata=_said("Earlier batches of the company that hold the same; nothing is refused"),
    )
    letters = fields.List(fields.Nested(Letter), required=True)
    missing = fields.List(
        fields.Nested(Missing), required=True, metadata=_said("For drafts; empty = ready to submit")
    )


class Finding(Answer):
    """One broken rule at one place."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    severity = fields.String(required=True, metadata=_of(SEVERITIES))
    row = fields.Integer(
        required=True, metadata=_said("The sheet's own row number; 0 = the whole file")
    )
    cell = fields.String(required=True, allow_none=True)
    field = fields.String(required=True, allow_none=True)
    value = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    suggestion = fields.String(required=True, allow_none=True)
    confirmed = fields.Boolean(required=True)
    confirmed_reason = fields.String(required=True, allow_none=True)

    @ma.pre_dump
    def _from(self, view: FindingView, **_: object) -> dict[str, Any]:
        held = {name: getattr(view, name, None) for name in self.fields}
        return {**held, "confirmed": view.confirmed_by is not None}


class Correction(Answer):
    """One datum to change, whole and clean, with its verdict once there is one."""

    field = fields.String(required=True, metadata=_of([one.key for one in FIELDS]))
    label = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    verdict = fields.String(required=True, allow_none=True, metadata=_of([*VERDICTS, None]))
    reason = fields.String(required=True)
    document = fields.String(
        required=True,
        allow_none=True,
        metadata=_said("Id of the document that an approval rests on"),
    )

    @ma.pre_dump
    def _from(self, view: Correction_, **_: object) -> dict[str, Any]:
        return {**asdict(view), "document": view.override_document_id}


class Row(Answer):
    """One row; identifiers are masked unless `reveal=true`, corrections never are."""

    number = fields.Integer(required=True, metadata=_said("The sheet's own row number"))
    severity = fields.String(required=True, metadata=_of(["valid", *SEVERITIES]))
    name = fields.String(required=True)
    employee = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True,
        metadata=_said("kpj, nik, nama, tanggal_lahir and kk as they would be"),
    )  # fmt: skip
    cells = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True,
        metadata=_said("By header; one that is empty or stands twice gets its column letter, as in `NIK [F]`"),
    )  # fmt: skip
    corrections = fields.List(fields.Nested(Correction), required=True)

    @ma.pre_dump
    def _from(self, given: tuple[RowView, dict[str, str], bool], **_: object) -> dict[str, Any]:
        view, employee, reveal = given
        headers = Counter(cell.header for cell in view.cells)
        return {
            "number": view.number,
            "severity": view.severity,
            "name": view.name,
            "employee": employee,
            "cells": {
                cell.header
                if cell.header and headers[cell.header] == 1
                else f"{cell.header} [{cell.letter}]".strip(): cell.raw if reveal else cell.shown
                for cell in view.cells
            },
            "corrections": view.corrections,
        }


class DocumentStatus(Answer):
    """What the reviewer found of a document."""

    state = fields.String(required=True, metadata=_of(["open", "fits", "unfit"]))
    reason = fields.String(required=True)
    given_by = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata=_said("0: nobody has said anything"))


class JudgedDocument(Answer):
    """A document's new status, and how many approvals wait again because of it."""

    status = fields.Nested(DocumentStatus, required=True)
    waiting_again = fields.Integer(required=True)


class PictureAdvice(Answer):
    """Something to do better about the picture of a document; it bars nothing."""

    code = fields.String(required=True, metadata=_of([*ADVICE]))
    pages = fields.List(
        fields.Integer(), required=True, metadata=_said("From 1; [] for the document as a whole")
    )
    figures = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=_said("What was measured, and what is needed"),
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
    waiting_again = fields.Integer(required=True, metadata=_said("Approvals that rested on them"))
    left = fields.List(fields.Nested(LeftDocument), required=True)


class Document(Answer):
    """A supporting document."""

    id = fields.String(required=True)
    file_name = fields.String(required=True)
    kind = fields.String(required=True, metadata=_of([*KINDS]))
    media_type = fields.String(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    size = fields.Integer(required=True, metadata=_said("Bytes of the copy that is kept"))
    rows = fields.List(fields.Integer(), required=True)
    whole_batch = fields.Boolean(required=True)
    uploaded_at = fields.AwareDateTime(required=True)
    status = fields.Nested(DocumentStatus, required=True)
    is_waiting = fields.Boolean(
        required=True,
        metadata=_said(
            "In quarantine until the virus scanner speaks; `id` is that of held-documents"
        ),
    )
    advice = fields.List(
        fields.Nested(PictureAdvice),
        required=True,
        metadata=_said("On its picture, once a worker has drawn it"),
    )


class AddedDocument(Document):
    """A document, with the version that the batch has now."""

    version = fields.Integer(required=True, metadata=_said("The batch's new version"))

    @ma.pre_dump
    def _from(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**asdict(given["view"]), "version": given["version"]}


class FiledDocument(Answer):
    """What became of a document that was to find its rows."""

    document_id = fields.String(required=True)
    file_name = fields.String(required=True)
    is_placed = fields.Boolean(required=True, metadata=_said("false: it waits in the tray"))
    is_repeated = fields.Boolean(required=True, metadata=_said("The batch had these bytes already"))
    is_waiting = fields.Boolean(
        required=True,
        metadata=_said(
            "In quarantine until the virus scanner speaks; `document_id` is that of held-documents"
        ),
    )
    rows = fields.List(fields.Integer(), required=True, attribute="match.rows")
    kind = fields.String(required=True, allow_none=True, attribute="match.kind")
    score = fields.Integer(required=True, attribute="match.score", metadata=_said("Of 100"))
    told_by = fields.String(
        required=True,
        attribute="match.by",
        metadata=_said("nik, kpj, kk, row, name, sheet or empty"),
    )
    doubt = fields.String(
        required=True,
        attribute="match.doubt",
        metadata=_said("Why it isn't certain; empty where it is"),
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
    state = fields.String(required=True, metadata=_of(archives.STATES))
    files = fields.Integer(required=True)
    done = fields.Integer(required=True)
    kept = fields.Integer(required=True)
    placed = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    refused = fields.List(fields.Nested(NotTaken), required=True)
    is_paused = fields.Boolean(required=True, metadata=_said("The virus scanner is silent"))
    uploaded_at = fields.AwareDateTime(required=True)


class MappingFault(Answer):
    """What is wrong with one line of a mapping sheet."""

    sheet = fields.String(required=True, attribute="line.sheet")
    row = fields.Integer(required=True, attribute="line.number")
    file = fields.String(required=True, attribute="line.file")
    code = fields.String(required=True, metadata=_of(FAULTS))
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
    state = fields.String(required=True, metadata=_of(archive_uploads.STATES))
    part_bytes = fields.Integer(required=True, metadata=_said("Of each part but the last"))
    parts = fields.Integer(required=True)
    acknowledged = fields.List(fields.Nested(UploadedPart), required=True)
    missing = fields.List(fields.Integer(), required=True)
    archive_id = fields.String(
        required=True, allow_none=True, metadata=_said("Once all parts have become an archive")
    )
    begun_at = fields.AwareDateTime(required=True)


class HeldDocument(Answer):
    """A document that waits for the virus scanner, or was refused after waiting."""

    id = fields.String(required=True)
    path = fields.String(required=True)
    size = fields.Integer(required=True)
    is_waiting = fields.Boolean(required=True)
    cause = fields.String(required=True, metadata=_said("Why the scanner has not spoken"))
    code = fields.String(required=True, metadata=_said("Of the refusal; empty while it waits"))
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    uploaded_at = fields.AwareDateTime(required=True)


class OfBatch(Answer):
    """Which batch something was of."""

    batch_id = fields.String(required=True)


class Accepted(Answer):
    """How many proposals were placed."""

    placed = fields.Integer(required=True)
    version = fields.Integer(required=True, metadata=_said("The batch's new version"))


class TrayItem(Answer):
    """A document that waits for its row."""

    id = fields.String(required=True)
    path = fields.String(required=True)
    media_type = fields.String(required=True)
    row = fields.Integer(required=True, allow_none=True, metadata=_said("Of the employee proposed"))
    kind = fields.String(required=True, allow_none=True)
    doubt = fields.String(required=True)
    doubt_en = fields.String(required=True)
    is_proposal = fields.Boolean(
        required=True, metadata=_said("Row and kind are sure enough to be accepted with others")
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
    unfit = fields.List(fields.String(), required=True, metadata=_said("Of those that are missing"))
    explained = fields.List(fields.Nested(MissingDocument), required=True)


class CoveragePage(Answer):
    """One page of the matrix, and the counts of the whole."""

    items = fields.List(fields.Nested(CoveredRow), required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    total = fields.Integer(required=True)
    pages = fields.Integer(required=True, metadata=_said("At least 1"))
    asking = fields.Integer(required=True, metadata=_said("Rows that ask for any document"))
    lacking = fields.Integer(required=True, metadata=_said("Rows that lack one unexplained"))
    requirements = fields.Integer(
        required=True, metadata=_said("The version of the requirements that judges the batch")
    )


class Clock(Answer):
    """When one of the clocks of a batch runs out."""

    kind = fields.String(
        required=True,
        metadata=_of(get_args(ClockKind), "The portal's target, UU PDP art. 30, PP 44/2015 art. 9"),
    )
    due = fields.AwareDateTime(required=True)


class QueuedBatch(Answer):
    """A batch as the queue shows it."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, metadata=_of(BATCH_STATES))
    company = fields.String(required=True)
    branch = fields.String(required=True)
    rows = fields.Integer(required=True)
    warnings = fields.Integer(required=True)
    corrections = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata=_said("How many, by field"),
    )
    submitted_at = fields.AwareDateTime(required=True)
    reviewer = fields.String(required=True, allow_none=True)
    reviewer_id = fields.String(
        required=True, allow_none=True, metadata=_said("By which the queue is narrowed down")
    )
    is_mine = fields.Boolean(required=True)
    barred = fields.String(
        required=True, allow_none=True,
        metadata=_of(["own_company", "own_upload", "passed_on", None], "Why you may not take it; null = you may"),
    )  # fmt: skip
    version = fields.Integer(required=True)
    wants_second = fields.Boolean(
        required=True, metadata=_said("One reviewer has judged it, a second has to")
    )
    deadlines = fields.List(
        fields.Nested(Clock), required=True, metadata=_said("The most pressing first")
    )

    @ma.pre_dump
    def _from(self, view: QueueEntry, **_: object) -> dict[str, Any]:
        return {
            **asdict(view),
            "id": view.batch_id,
            "company": view.company_name,
            "branch": view.branch_name,
            "corrections": view.fields,
            "reviewer": view.reviewer_name,
        }


class Confirmed(Answer):
    """How many warnings were confirmed."""

    confirmed = fields.Integer(required=True)
    version = fields.Integer(required=True)


class Suggestion(Answer):
    """A rule for whose findings something is proposed."""

    code = fields.String(required=True)
    case = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, metadata=_of(SEVERITIES))
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    findings = fields.Integer(required=True)
    offered = fields.Integer(
        required=True, metadata=_said("For how many of the findings something is proposed")
    )


class Suggestions(Answer):
    """What is proposed, worst first, then most frequent first."""

    items = fields.List(fields.Nested(Suggestion), required=True)
    version = fields.Integer(required=True)


class Fixed(Answer):
    """What became of cells, or what would."""

    act = fields.Integer(
        required=True, allow_none=True,
        metadata=_said("To undo it by; null = nothing had to be changed, or dry_run"),
    )  # fmt: skip
    cells = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    version = fields.Integer(required=True)
    due = fields.Boolean(
        required=True, metadata=_said("True while all rows are checked anew in the background")
    )


class AddedColumn(Answer):
    """A column that was added to a draft, empty."""

    column = fields.String(
        required=True, metadata=_said("Its letter, as `fixes` names its cells: K in K14")
    )
    header = fields.String(required=True)
    version = fields.Integer(required=True)
    due = fields.Boolean(
        required=True, metadata=_said("True while all rows are checked anew in the background")
    )


class VerdictCounts(Answer):
    """Rows by verdict; a row with several counts by its worst."""

    open = fields.Integer(required=True)
    approve = fields.Integer(required=True)
    return_ = fields.Integer(required=True, data_key="return")
    reject = fields.Integer(required=True)


class LeftRow(Answer):
    """A row that a verdict did not reach."""

    row = fields.Integer(required=True)
    code = fields.String(
        required=True, metadata={"enum": ["changed_meanwhile", "document_missing"]}
    )
    message = fields.String(required=True)
    message_en = fields.String(required=True)


class GivenVerdicts(Answer):
    """How many corrections got the verdict, which rows it left, and how the rows stand now."""

    corrections = fields.Integer(required=True)
    left = fields.List(fields.Nested(LeftRow), required=True)
    work = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Where a worker judges them: ask `…/works/{work}`"},
    )
    version = fields.Integer(required=True)
    rows = fields.Nested(VerdictCounts, required=True)


class DecidedCounts(Answer):
    """Rows by how the review ended for them."""

    approved = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    rejected = fields.Integer(required=True)


class Decision(Answer):
    """How a review ended; returned rows live on in the child batch."""

    outcome = fields.String(
        required=True,
        allow_none=True,
        metadata=_of(["approve", "approve_partly", "reject", "return", None]),
    )
    state = fields.String(required=True, metadata=_of(BATCH_STATES))
    version = fields.Integer(required=True)
    work = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Where a worker decides a large batch: ask `…/works/{work}`"},
    )
    rows = fields.Nested(DecidedCounts, required=True, allow_none=True)
    child = fields.Nested(Numbered, required=True, allow_none=True)

    @ma.pre_dump
    def _from(self, given: dict[str, Any], **_: object) -> dict[str, Any]:
        how: Decided | None = given["how"]
        if how is None:
            return {"outcome": None, "rows": None, "child": None, **given}
        child = {"id": how.child_batch_id, "number": how.child_number}
        return {
            **asdict(how),
            "version": given["version"],
            "work": None,
            "rows": asdict(how),
            "child": child if how.child_batch_id else None,
        }


def paged(item: type[Answer]) -> type[ma.Schema]:
    """The schema of one page of a longer list."""
    return Answer.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "page": fields.Integer(required=True),
            "per_page": fields.Integer(required=True),
            "total": fields.Integer(required=True),
            "pages": fields.Integer(required=True, metadata=_said("At least 1")),
        },
        name=f"{item.__name__}Page",
    )


def page_of(items: list[Any], of: Page[Any]) -> dict[str, Any]:
    """A page with its items made over."""
    return {
        "items": items,
        "page": of.page,
        "per_page": of.per_page,
        "total": of.total,
        "pages": of.pages,
    }


def _place(of: str) -> fields.String:
    return fields.String(
        required=True, allow_none=True, metadata=_said(f"To ask for the page {of}; null = none")
    )


QueuePage = paged(QueuedBatch).from_dict(
    {"earlier": _place("before, as `before`"), "later": _place("after, as `after`")},
    name="QueuePage",
)
"""One page of the queue."""
