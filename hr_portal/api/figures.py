"""Figures about reviews, as the page Ikhtisar has them."""

from typing import Any

from marshmallow import fields

from hr_portal.api.answers import Answer
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.sections import Section
from hr_portal.services import figures

section = Section("Figures", "What waits, how long decisions take, what comes back")


class Age(Answer):
    """Batches that have waited for fewer than so many days, the group before left out."""

    below_days = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null = no end"}
    )
    batches = fields.Integer(required=True)


class Spread(Answer):
    """How long decisions took, in hours; nine in ten took no longer than `p90`."""

    label = fields.String(required=True)
    count = fields.Integer(required=True)
    median = fields.Float(required=True)
    p90 = fields.Float(required=True)


class Share(Answer):
    """How many rows came back."""

    label = fields.String(required=True)
    returned = fields.Integer(required=True)
    total = fields.Integer(required=True)


class Week(Answer):
    """Rows approved in the week that begins on a Monday."""

    monday = fields.Date(required=True)
    rows = fields.Integer(required=True)


class Figures(Answer):
    """HRD count their companies, reviewers their branches, an admin everything."""

    since = fields.Date(required=True)
    open_by_age = fields.List(fields.Nested(Age), required=True)
    times_by_branch = fields.List(fields.Nested(Spread), required=True)
    times_by_kind = fields.List(
        fields.Nested(Spread), required=True, metadata={"description": "`label` is a field"}
    )
    returned_by_company = fields.List(fields.Nested(Share), required=True)
    returned_by_rule = fields.List(
        fields.Nested(Share), required=True, metadata={"description": "`label` is a code"}
    )
    approved_by_week = fields.List(fields.Nested(Week), required=True)


@section.get("/figures")
@needs("figures.read")
@section.answers(200, Figures)
def show_figures() -> dict[str, Any]:
    """Show the figures of what you may see; decisions of the last twelve weeks."""
    found = figures.figures(portal(), caller())
    return {
        "since": found.since,
        "open_by_age": [{"below_days": end, "batches": count} for end, count in found.open_by_age],
        "times_by_branch": found.times_by_branch,
        "times_by_kind": found.times_by_kind,
        "returned_by_company": found.returned_by_company,
        "returned_by_rule": found.returned_by_rule,
        "approved_by_week": [{"monday": day, "rows": rows} for day, rows in found.approved_by_week],
    }
