"""What differs between two revisions of a batch."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.api import answers
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import OneOf, Paging, Whole
from hr_portal.api.sections import Section
from hr_portal.domain.masking import mask, mask_name
from hr_portal.services import differences
from hr_portal.services.differences import CHANGES, CellChange, RowChange

section = Section("Differences", "What changed between two revisions of a batch")


class Comparison(Paging):
    """Which two revisions, and which of their differences."""

    older = Whole(
        text=True, data_key="from", metadata={"description": "Otherwise the one before `to`"}
    )
    newer = Whole(
        text=True, data_key="to", metadata={"description": "Otherwise the newest that was checked"}
    )
    change = OneOf(CHANGES)


class ChangedCell(answers.Answer):
    """A cell as it was and as it is: clean values, masked where the field is sensitive."""

    header = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    before = fields.String(required=True)
    after = fields.String(required=True)

    @ma.pre_dump
    def _from(self, cell: CellChange, **_: object) -> dict[str, Any]:
        def shown(value: str) -> str:
            return mask_name(value) if cell.is_secret else mask(cell.field or "", value)

        return {
            "header": cell.header,
            "field": cell.field,
            "before": shown(cell.before),
            "after": shown(cell.after),
        }


class ChangedRow(answers.Answer):
    """A row that differs; its row number in each revision, null where it isn't there."""

    change = fields.String(required=True, metadata={"enum": list(CHANGES)})
    row_before = fields.Integer(required=True, allow_none=True)
    row_after = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    cells = fields.List(fields.Nested(ChangedCell), required=True)

    @ma.pre_dump
    def _from(self, row: RowChange, **_: object) -> dict[str, Any]:
        return {
            "change": row.change,
            "row_before": row.before,
            "row_after": row.after,
            "name": row.name,
            "fields_": row.fields,
            "cells": row.cells,
        }


class DifferenceCounts(answers.Answer):
    """Rows by what became of them, and the cells that changed."""

    changed = fields.Integer(required=True)
    added = fields.Integer(required=True)
    removed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    cells = fields.Integer(required=True)


class Differences(answers.paged(ChangedRow)):  # type: ignore[misc]  # made by a function
    """Two revisions compared: counts of all, and a page of the rows that differ."""

    from_ = fields.Integer(
        required=True,
        allow_none=True,
        data_key="from",
        metadata={"description": "null: there is no other revision yet"},
    )
    to = fields.Integer(required=True)
    counts = fields.Nested(DifferenceCounts, required=True)


@section.get("/batches/<id:batch_id>/differences")
@needs("batch.read")
@section.query(Comparison)
@section.answers(200, Differences)
def list_differences(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List what differs between two revisions, row by row.

    Rows are paired by their employee, then by their place in the sheet.
    """
    found = differences.difference(portal(), caller(), batch_id, **query)
    return {
        "from_": found.older,
        "to": found.newer,
        "counts": found.counts,
        **answers.page_of(found.page.items, found.page),
    }
