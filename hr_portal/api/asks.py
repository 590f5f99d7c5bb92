"""What the routes ask for: one schema a form, body or address."""

from typing import Any, Final

from marshmallow import fields, validate

from hr_portal.api.parsing import (
    Ask,
    OneOf,
    Paging,
    Switch,
    Text,
    Upload,
    Whole,
    Words,
    says,
)
from hr_portal.domain.columns import IDENTITY, ROLE_WORDS
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.letter_numbers import LETTER_KINDS
from hr_portal.domain.workflow import BATCH_STATES, VERDICTS
from hr_portal.services import queue_narrowing, queue_reading
from hr_portal.services.cells import MOST_TEXT
from hr_portal.services.document_status import STATES
from hr_portal.services.filing import MOST_PATH
from hr_portal.services.intake import LAYOUTS, MAX_KEY
from hr_portal.services.placing import PLACEABLE
from hr_portal.services.reasons import MAX_REASON
from hr_portal.services.results import SEVERITIES

MAX_LISTED = 1_000
MAX_VERDICTS = 100_000
REST = "rest"
SCOPES = {REST: "open", "clean": "clean", "found": "found", "second": "second"}
"""Words for many rows that wait, and what the services call them."""
MAX_ROWS = 1_048_576
"""As many rows as a sheet of Excel has."""
FIELD_KEYS = tuple(one.key for one in FIELDS)
_VERSION = "The batch's version that you saw; another one is refused as stale_version"


_HASH = validate.Regexp(r"^[0-9a-f]{64}$", error="64 digit heksadesimal huruf kecil")


REPLAY: Final = "Idempotent-Replay"
REPLAYED: Final = {
    REPLAY: {
        "schema": {"type": "string"},
        "description": "`true` where the key had been used before",
    }
}


class Repeatable(Ask):
    """A key of the caller's choice: sent again, nothing new is made."""

    key = fields.String(
        data_key="Idempotency-Key",
        validate=[
            validate.Length(1, MAX_KEY, error=f"Panjangnya 1 sampai {MAX_KEY} karakter"),
            validate.Regexp(r"^[!-~]+$", error="Hanya huruf, angka dan tanda baca ASCII"),
        ],
        metadata={"description": "1 to 100 visible ASCII characters, for example a UUID"},
    )


class NewBatch(Ask):
    """A spreadsheet for a new batch."""

    file = Upload(required=True)
    layout = OneOf(LAYOUTS, load_default="auto")
    company = Text(
        most=200,
        metadata={"description": "Id, NPP or NPP/division; only where the token acts for several"},
    )
    branch = Text(
        most=200,
        metadata={"description": "Id or exact name; without it the company's usual branch"},
    )
    received_on = fields.Date(
        load_default=None,
        error_messages=says("Harus tanggal, misalnya 2026-01-31"),
        metadata={"description": "When HR received the changes; without it the branch's today"},
    )


class NewRevision(Ask):
    """A mended spreadsheet for the same batch."""

    file = Upload(required=True)
    layout = OneOf(LAYOUTS, load_default="auto")
    version = Whole(text=True, metadata={"description": _VERSION})


class ColumnsAnswer(Ask):
    """Which sheet is meant, or what its columns hold."""

    version = Whole(metadata={"description": _VERSION})
    sheet = Text(most=200, metadata={"description": "One of `questions.sheets`"})
    columns = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 3)),
        values=OneOf(tuple(ROLE_WORDS)),
        metadata={
            "description": "By column letters what each holds; columns that are not named stay as "
            "proposed"
        },
    )
    remember = Switch(
        load_default=True,
        metadata={"description": "Read the company's next files with these headers alike"},
    )


class NewDocument(Ask):
    """A PDF, JPEG or PNG for a row or the whole batch."""

    file = Upload(required=True)
    row = Whole(
        text=True,
        most=MAX_ROWS,
        metadata={"description": "The sheet's own row number; without it the whole batch"},
    )
    kind = OneOf(KINDS, load_default="lain")
    version = Whole(text=True, metadata={"description": _VERSION})


class DocumentToFile(Ask):
    """A PDF, JPEG or PNG whose name tells where it belongs."""

    file = Upload(required=True)
    path = Text(
        most=MOST_PATH,
        metadata={"description": "Name with folders, where the file's own is not enough"},
    )
    kind = OneOf(PLACEABLE, metadata={"description": "Stands above the kind that the name tells"})


class NewArchive(Ask):
    """A ZIP of PDF, JPEG and PNG files."""

    file = Upload(required=True)


class NewMappingSheet(Ask):
    """A workbook or csv that says which file is whose."""

    file = Upload(required=True)


class NewUpload(Ask):
    """A ZIP that is going to come in parts."""

    file_name = Text(most=MOST_PATH, least=1, required=True)
    size = Whole(required=True, metadata={"description": "Bytes of the whole ZIP"})
    sha256 = fields.String(
        validate=_HASH, error_messages=says("Harus berupa teks"),
        metadata={"description": "Of the whole ZIP; compared once it is there"},
    )  # fmt: skip


class UploadPart(Ask):
    """One part of a ZIP, and its hash."""

    file = Upload(required=True)
    sha256 = fields.String(
        required=True, validate=_HASH, error_messages=says("Harus berupa teks"),
        metadata={"description": "Of this part, in hex"},
    )  # fmt: skip


class Placing(Ask):
    """Whose a document is, and what it is."""

    whose = Text(
        most=100, least=1, required=True,
        metadata={"description": "A row number, NIK, KPJ or name of exactly one employee; several with "
                  "commas, rows also as 15-17"},
    )  # fmt: skip
    kind = OneOf(PLACEABLE, required=True)


class TakenBack(Ask):
    """Off which rows a document is taken."""

    rows = Words(
        Whole(most=MAX_ROWS),
        most=MAX_LISTED,
        metadata={"description": "Only off the employees at these rows; without it off all"},
    )
    version = Whole(metadata={"description": _VERSION})


class Nothing(Ask):
    """No more than the address says."""


class OrAll(fields.Field[Any]):
    """A list, or one word for all."""

    def __init__(self, word: str, listed: fields.Field[Any], **more: Any) -> None:  # noqa: ANN401
        super().__init__(**more)
        self.word, self.listed = word, listed

    default_error_messages = says("Harus daftar, atau kata untuk semua")

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> Any:  # noqa: ANN401
        if value == self.word:
            return value
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return self.listed.deserialize(value)


class Proposals(Ask):
    """Documents of the tray whose proposals are accepted."""

    documents = OrAll(
        "all",
        Words(Text(most=32, least=32), most=MAX_LISTED),
        required=True,
        metadata={
            "description": "Ids, or all of the tray",
            "oneOf": [
                {
                    "type": "array",
                    "items": {"type": "string", "minLength": 32, "maxLength": 32},
                    "minItems": 1,
                    "maxItems": MAX_LISTED,
                },
                {"type": "string", "enum": ["all"]},
            ],
        },
    )


class DocumentFilter(Paging):
    """Which documents of a batch."""

    status = OneOf(STATES, metadata={"description": "Only those that the reviewer found so"})


class CoverageFilter(Paging):
    """Which rows of the matrix."""

    lacking = Switch(
        text=True, load_default=True, metadata={"description": "Only rows that lack a document"}
    )
    row = Whole(
        text=True,
        least=1,
        most=MAX_ROWS,
        load_default=None,
        metadata={"description": "Only this row"},
    )


class BatchFilter(Paging):
    """Which batches."""

    state = OneOf(BATCH_STATES)


class RowFilter(Paging):
    """Which rows, and whether identifiers are shown whole."""

    show = OneOf(
        ("all", "todo", "error", "warning", "valid"),
        load_default="all",
        metadata={"description": "todo = invalid rows and warnings; error = invalid rows"},
    )
    code = Text(most=20, metadata={"description": "Rows with a finding of this rule"})
    field = OneOf(FIELD_KEYS, metadata={"description": "Rows with a finding in this field"})
    verdict = OneOf((*VERDICTS, "open"))
    reveal = Switch(
        text=True,
        load_default=False,
        metadata={"description": "Show identifiers whole; recorded as such"},
    )
    revision = Whole(text=True, metadata={"description": "An earlier revision"})


class FindingFilter(Paging):
    """Which findings."""

    severity = OneOf(tuple(SEVERITIES))
    code = Text(most=20, metadata={"description": "A rule, for example NIK-01"})
    row = Whole(text=True, least=0, most=MAX_ROWS, metadata={"description": "0 = the whole file"})
    revision = Whole(text=True, metadata={"description": "An earlier revision"})


class HistoryPart(Ask):
    """Which part of a batch's history."""

    before = Whole(
        text=True, load_default=None, metadata={"description": "`earlier` of the part after"}
    )
    limit = Whole(
        text=True, least=1, most=200, load_default=100, metadata={"description": "How many at most"}
    )


class QueueNarrowing(Ask):
    """What narrows the queue down."""

    text = Text(
        most=queue_narrowing.MOST_TEXT,
        load_default="",
        metadata={"description": "words of number, company or letter number; all have to be found"},
    )
    field = OneOf(
        FIELD_KEYS, load_default=None, metadata={"description": "a datum that is corrected"}
    )
    warnings = Switch(
        text=True, load_default=False, metadata={"description": "only those with warnings"}
    )
    size = OneOf(
        tuple(queue_narrowing.SIZES),
        load_default=None,
        metadata={"description": "rows: up to 10, 100, 1,000, or more"},
    )
    held = OneOf(
        ("free", "taken"), load_default=None, metadata={"description": "whether somebody holds it"}
    )
    reviewer = Text(
        most=32,
        least=1,
        load_default=None,
        metadata={"description": "who holds it: the `reviewer_id` of an entry"},
    )


class QueueFilter(Paging, QueueNarrowing):
    """Which part of the queue."""

    state = OneOf(
        ("open", "mine", "done", "all"),
        load_default="open",
        metadata={
            "description": "open = waiting or under review; mine = taken by you; done = decided, the latest "
            "first; all = open and decided"
        },
    )
    after = Text(most=60, load_default="", metadata={"description": "`later` of a page before"})
    before = Text(most=60, load_default="", metadata={"description": "`earlier` of a page after"})
    due = OneOf(
        queue_reading.BUCKETS, load_default=None, metadata={"description": "by its nearest clock"}
    )


class AtVersion(Ask):
    """The version that the caller saw, if they care."""

    version = Whole(metadata={"description": _VERSION})


class Decide(Ask):
    """The version that the caller saw."""

    version = Whole(required=True, metadata={"description": _VERSION})


class PassOn(Decide):
    """Words for the second reviewer."""

    note = Text(
        most=MAX_REASON, load_default="", metadata={"description": "Read by reviewers only"}
    )


class Release(AtVersion):
    """Words for whoever goes on."""

    note = Text(
        most=MAX_REASON, load_default="", metadata={"description": "Read by reviewers only"}
    )


class NewLetter(AtVersion):
    """Which of the company's signatories signs."""

    signatory = Whole(
        least=0,
        most=99,
        load_default=0,
        metadata={"description": "Place in the company's list, from 0"},
    )
    kind = OneOf(tuple(LETTER_KINDS), load_default="permohonan")


class Revocation(Ask):
    """Why a letter no longer counts."""

    reason = Text(required=True, least=1, most=500)


class Confirmation(AtVersion):
    """Which warnings are right as they are, and why."""

    reason = Text(required=True, least=1, most=MAX_REASON)
    code = Text(most=20, metadata={"description": "All warnings of this rule"})
    field = OneOf(FIELD_KEYS, metadata={"description": "With code: only in this field"})
    findings = Words(
        Whole(most=2**53),
        most=MAX_LISTED,
        metadata={"description": "Ids of findings, instead of code"},
    )


class CellText(Ask):
    """One cell and what it shall hold."""

    cell = Text(
        required=True, least=2, most=10, metadata={"description": "Address in the sheet: H14"}
    )
    text = Text(required=True, most=MOST_TEXT, metadata={"description": "Empty = empty the cell"})


class Fixes(AtVersion):
    """The proposals of one rule, or cells one by one."""

    code = Text(most=20, metadata={"description": "Take the proposals of this rule"})
    case = Text(most=40, metadata={"description": "With code: only of this case"})
    field = OneOf(FIELD_KEYS, metadata={"description": "With code: only in this field"})
    errors = Switch(
        load_default=False,
        metadata={"description": "Instead of code: take all proposals for what must be mended"},
    )
    cells = Words(
        fields.Nested(CellText), most=MAX_LISTED, metadata={"description": "Instead of code"}
    )
    dry_run = Switch(
        load_default=False, metadata={"description": "Change nothing; say what would change"}
    )


class Undo(AtVersion):
    """Which act is undone."""

    act = Whole(required=True, most=2**53, metadata={"description": "As answered by fixes"})


class NewColumn(AtVersion):
    """A column that the file lacks, for a datum of the employee."""

    field = OneOf(IDENTITY, required=True)


class Submission(Decide):
    """HRD's declaration that the data are true and that they may submit them."""

    declaration = Switch(required=True, metadata={"description": "Must be true"})


class Withdrawal(AtVersion):
    """Why a submitted batch is taken back."""

    reason = Text(required=True, least=1, most=MAX_REASON)


class Reopening(AtVersion):
    """Why a decision is set aside."""

    reason = Text(required=True, least=1, most=MAX_REASON)


class ExplanationTaken(AtVersion):
    """Which explanations are taken back."""

    kind = Text(
        least=1,
        most=400,
        metadata={"description": 'As in the coverage, also "a|b"; without it all kinds'},
    )
    rows = Words(
        Whole(most=MAX_ROWS),
        most=MAX_VERDICTS,
        metadata={"description": "The sheet's own row numbers; without it all that it fits"},
    )


class Explanation(ExplanationTaken):
    """Why documents that corrections ask for are not there."""

    reason = Text(required=True, least=1, most=MAX_REASON)


class Judge(Ask):
    """What the reviewer finds of a document."""

    state = OneOf(STATES, required=True)
    reason = Text(load_default="", most=MAX_REASON, metadata={"description": "Required for unfit"})
    seen = Whole(
        least=0, most=MAX_ROWS, metadata={"description": "The version of the status you saw"}
    )


class SeenDocument(Ask):
    """A document, and the version of its status that the caller saw."""

    id = Text(most=32, least=32, required=True)
    seen = Whole(
        least=0,
        most=MAX_ROWS,
        load_default=None,
        metadata={"description": "Judged since: left as it is and listed. Without it any will do"},
    )


class JudgeMany(Ask):
    """What the reviewer finds of many documents."""

    documents = OrAll(
        "open",
        Words(fields.Nested(SeenDocument), most=MAX_LISTED),
        required=True,
        metadata={
            "description": "Documents of this batch, or all that are to be checked",
            "oneOf": [
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {
                            "id": {"type": "string", "minLength": 32, "maxLength": 32},
                            "seen": {"type": "integer", "minimum": 0, "maximum": MAX_ROWS},
                        },
                        "additionalProperties": False,
                    },
                    "minItems": 1,
                    "maxItems": MAX_LISTED,
                },
                {"type": "string", "enum": ["open"]},
            ],
        },
    )
    state = OneOf(STATES, required=True)
    reason = Text(load_default="", most=MAX_REASON, metadata={"description": "Required for unfit"})
    seen_at = fields.AwareDateTime(
        load_default=None,
        metadata={
            "description": "With open: when you looked; those judged since are left and listed"
        },
    )


class RowNumbers(fields.Field[Any]):
    """Row numbers, or a word for many that wait."""

    default_error_messages = says(
        "Harus daftar nomor baris, atau salah satu dari: " + ", ".join(SCOPES)
    )
    numbers = Words(Whole(most=MAX_ROWS), most=MAX_VERDICTS)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> Any:  # noqa: ANN401
        if isinstance(value, str) and value in SCOPES:
            return value
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return self.numbers.deserialize(value)


class Verdicts(Decide):
    """One verdict for some rows, or for many that wait."""

    rows = RowNumbers(
        required=True,
        metadata={
            "description": "The sheet's own row numbers; or of those without a verdict all (rest), "
            "the ones without findings (clean) or with a warning or worse (found); or those that "
            "another approved and you may second (second)",
            "oneOf": [
                {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 1, "maximum": MAX_ROWS},
                    "minItems": 1,
                    "maxItems": MAX_VERDICTS,
                },
                {"type": "string", "enum": [*SCOPES]},
            ],
        },
    )
    verdict = OneOf(VERDICTS, required=True)
    reason = Text(
        most=MAX_REASON, load_default="", metadata={"description": "Required to return or reject"}
    )
    fields_ = Words(
        OneOf(FIELD_KEYS),
        most=len(FIELD_KEYS),
        data_key="fields",
        metadata={"description": "Only these corrections of the rows"},
    )
    document = Text(
        most=32,
        metadata={"description": "Id of the document that an approval over an override rests on"},
    )
    seen_at = fields.AwareDateTime(
        load_default=None,
        metadata={
            "description": "When you looked. Rows judged since, or lacking the document they need, "
            "are then left and listed, and the others judged; without it such a row refuses all"
        },
    )
