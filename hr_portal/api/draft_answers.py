"""What the routes answer with about the rows of a batch: findings, corrections, mending."""

from collections import Counter
from dataclasses import asdict
from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api.answers import SEVERITIES, Answer, one_of, said
from hr_portal.domain.fields import FIELDS
from hr_portal.domain.workflow import VERDICTS
from hr_portal.services.row_views import CorrectionView as Correction_
from hr_portal.services.row_views import FindingView, RowView


class Finding(Answer):
    """One broken rule at one place."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    severity = fields.String(required=True, metadata=one_of(SEVERITIES))
    row = fields.Integer(
        required=True, metadata=said("The sheet's own row number; 0 = the whole file")
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

    field = fields.String(required=True, metadata=one_of([one.key for one in FIELDS]))
    label = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    verdict = fields.String(required=True, allow_none=True, metadata=one_of([*VERDICTS, None]))
    reason = fields.String(required=True)
    document = fields.String(
        required=True,
        allow_none=True,
        metadata=said("Id of the document that an approval rests on"),
    )

    @ma.pre_dump
    def _from(self, view: Correction_, **_: object) -> dict[str, Any]:
        return {**asdict(view), "document": view.override_document_id}


class Row(Answer):
    """One row; identifiers are masked unless `reveal=true`, corrections never are."""

    number = fields.Integer(required=True, metadata=said("The sheet's own row number"))
    severity = fields.String(required=True, metadata=one_of(["valid", *SEVERITIES]))
    name = fields.String(required=True)
    employee = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True,
        metadata=said("kpj, nik, nama, tanggal_lahir and kk as they would be"),
    )  # fmt: skip
    cells = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True,
        metadata=said("By header; one that is empty or stands twice gets its column letter, as in `NIK [F]`"),
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


class Confirmed(Answer):
    """How many warnings were confirmed."""

    confirmed = fields.Integer(required=True)
    version = fields.Integer(required=True)


class Suggestion(Answer):
    """A rule for whose findings something is proposed."""

    code = fields.String(required=True)
    case = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, metadata=one_of(SEVERITIES))
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    findings = fields.Integer(required=True)
    offered = fields.Integer(
        required=True, metadata=said("For how many of the findings something is proposed")
    )


class Suggestions(Answer):
    """What is proposed, worst first, then most frequent first."""

    items = fields.List(fields.Nested(Suggestion), required=True)
    version = fields.Integer(required=True)


class Fixed(Answer):
    """What became of cells, or what would."""

    act = fields.Integer(
        required=True, allow_none=True,
        metadata=said("To undo it by; null = nothing had to be changed, or dry_run"),
    )  # fmt: skip
    cells = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    version = fields.Integer(required=True)
    due = fields.Boolean(
        required=True, metadata=said("True while all rows are checked anew in the background")
    )


class AddedColumn(Answer):
    """A column that was added to a draft, empty, or taken away from it."""

    column = fields.String(
        required=True, metadata=said("Its letter, as `fixes` names its cells: K in K14")
    )
    header = fields.String(required=True)
    version = fields.Integer(required=True)
    due = fields.Boolean(
        required=True, metadata=said("True while all rows are checked anew in the background")
    )
