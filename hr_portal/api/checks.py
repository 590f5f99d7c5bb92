"""Rows checked without being stored, and the rules they are checked by."""

import contextlib
from typing import Any, Final

from marshmallow import ValidationError, fields

from hr_portal.api import answers
from hr_portal.api.batches import named_company
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Text, Words
from hr_portal.api.sections import Section
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.reference import reference
from hr_portal.domain.report import Report, Severity
from hr_portal.domain.rules import message
from hr_portal.domain.table import Part
from hr_portal.services.checks import MOST_ROWS, check_only

section = Section("Checks", "Rows checked without being stored, and the rules")

MOST_TEXT = 1_000
PARTS: Final[tuple[Part, ...]] = ("record", "after")

Data = Ask.from_dict(
    {
        one.key: Text(most=MOST_TEXT, metadata={"description": f"{one.label} · {one.label_en}"})
        for one in FIELDS
    },
    name="EmployeeData",
)
"""One text a field of FIELDS; which digits a text has is for the rules to say."""


class Values(fields.Nested):
    """Data of one part of a row, of which most are left out: only what is given is read."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401
        known = self.schema.fields
        if isinstance(value, dict) and value.keys() <= known.keys():
            with contextlib.suppress(ValidationError):
                return {key: known[key].deserialize(given) for key, given in value.items()}
        return super()._deserialize(value, *args, **more)  # says what is wrong, and where


class RowToCheck(Ask):
    """One employee: the values on record, and the new ones."""

    record = Values(Data, load_default=dict)
    after = Values(
        Data,
        load_default=dict,
        metadata={"description": "What is to change; `HAPUS` erases, left out = no change"},
    )


class RowsToCheck(Ask):
    """Rows, judged one by one and among each other."""

    rows = Words(fields.Nested(RowToCheck), most=MOST_ROWS, required=True)
    company = Text(
        most=200,
        metadata={"description": "Id, NPP or NPP/division; only where the token acts for several"},
    )


class CheckedRows(answers.Answer):
    """How many rows there are; each counts once, by its worst severity."""

    total = fields.Integer(required=True)
    valid = fields.Integer(required=True)
    warning = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    empty = fields.Integer(required=True)


class CheckFinding(answers.Answer):
    """One finding, in the shape of `hr-portal check --format json`."""

    code = fields.String(required=True)
    severity = fields.String(required=True, metadata={"enum": list(answers.SEVERITIES)})
    row = fields.Integer(
        required=True, metadata={"description": "Place in `rows`, from 1; 0 = all of them"}
    )
    cell = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`record.nik` or `after.hp`; null: no single datum"},
    )
    field = fields.String(required=True, allow_none=True)
    value = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    suggestion = fields.String(required=True, allow_none=True)


class Checked(answers.Answer):
    """What the rules say of the rows; nothing of it is kept."""

    ruleset = fields.String(required=True)
    rows = fields.Nested(CheckedRows, required=True)
    findings = fields.List(fields.Nested(CheckFinding), required=True)


class RuleCase(answers.Answer):
    """One way to break a rule."""

    case = fields.String(required=True)
    severity = fields.String(required=True, metadata={"enum": list(answers.SEVERITIES)})
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    saw = fields.String(required=True)
    saw_en = fields.String(required=True)
    advice = fields.String(required=True)
    advice_en = fields.String(required=True)


class RuleOf(answers.Answer):
    """One rule; `note` says what it tidies in silence."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    note = fields.String(required=True)
    note_en = fields.String(required=True)
    cases = fields.List(fields.Nested(RuleCase), required=True)


class RegionEdition(answers.Answer):
    """Which edition of the region codes NIK and KK are judged by."""

    edition = fields.String(required=True)
    dated = fields.String(required=True)


class Reference(answers.Answer):
    """All rules, in the order of the reference."""

    ruleset = fields.String(required=True)
    regions = fields.Nested(RegionEdition, required=True)
    rules = fields.List(fields.Nested(RuleOf), required=True)


@section.post("/checks")
@needs("batch.create")
@section.body(RowsToCheck)
@section.answers(200, Checked)
def check_rows(body: dict[str, Any]) -> dict[str, Any]:
    """Check rows without storing them.

    The same rules as for a file, those about several rows and about earlier batches of your company
    included. Values are text: a number would have lost its leading zeros.
    """
    rows: list[dict[str | tuple[Part, str | None], str]] = [
        {(part, key): value for part in PARTS for key, value in row[part].items()}
        for row in body["rows"]
    ]
    report = check_only(portal(), caller(), rows, company_id=named_company(body["company"]))
    return {
        "ruleset": report.ruleset,
        "rows": report.counts(),
        "findings": [*_told(report)],
    }


@section.get("/rules")
@needs("batch.read")
@section.answers(200, Reference)
def list_rules() -> dict[str, Any]:
    """List all rules with their severities and sentences, in both languages."""
    return reference()


def _told(report: Report) -> list[dict[str, Any]]:
    roles = report.table.roles
    return [
        {
            "code": one.code,
            "severity": Severity(one.severity).json,
            "row": one.row + 1,
            "cell": f"{roles[one.column].part}.{roles[one.column].field}"
            if one.column >= 0 and one.row >= 0
            else None,
            "field": one.field,
            "value": one.value,
            "message": message(one, report.table, "id"),
            "message_en": message(one, report.table, "en"),
            "suggestion": one.suggestion,
        }
        for one in report.findings
    ]
