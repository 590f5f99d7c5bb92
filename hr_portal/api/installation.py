"""What an admin keeps for the whole installation: holidays, forms for the agency, requirements."""

from typing import Any

from marshmallow import fields

from hr_portal.api.answers import Answer
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Ask, Switch, Text, Whole, Words, says
from hr_portal.api.sections import Section
from hr_portal.domain import outlets as domain
from hr_portal.domain.fields import FIELD
from hr_portal.domain.outlets import MOST_COLUMNS, MOST_HEADER, MOST_ROWS_A_FILE, SOURCES
from hr_portal.domain.requirements import ASKABLE, CORRECTIONS, NEEDS, Table
from hr_portal.domain.requirements import SOURCES as REQUIREMENT_SOURCES
from hr_portal.services import calendar, outlets, requirements

section = Section(
    "Installation", "Public holidays, outlets and required documents, kept by an admin"
)


class Year(Ask):
    """Of which year."""

    year = Whole(
        text=True,
        least=calendar.FIRST_YEAR,
        most=calendar.LAST_YEAR,
        metadata={"description": "Without it: this one"},
    )


class Holiday(Answer):
    """A day that is a public holiday, or that an admin has called a working day."""

    day = fields.Date(required=True)
    name = fields.String(required=True)
    is_free = fields.Boolean(required=True)
    is_own = fields.Boolean(
        required=True, metadata={"description": "true where an admin has said so"}
    )


class Holidays(Answer):
    """The days of a year, in order."""

    items = fields.List(fields.Nested(Holiday), required=True)


class NewHoliday(Ask):
    """What a day is from now on."""

    day = fields.Date(required=True, error_messages=says("Harus tanggal, misalnya 2026-12-25"))
    name = Text(most=calendar.MOST_NAME, load_default="")
    is_free = Switch(required=True)


class OutletColumn(Answer):
    """One column: its header, and what it holds."""

    header = fields.String(required=True)
    source = fields.String(required=True, metadata={"enum": list(SOURCES)})


class Outlet(Answer):
    """One form in which approved rows leave."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    format = fields.String(required=True)
    columns = fields.List(fields.Nested(OutletColumn), required=True)
    left_out = fields.List(
        fields.String(), required=True, metadata={"description": "Fields it doesn't carry"}
    )
    rows_a_file = fields.Integer(required=True)
    is_confirmed = fields.Boolean(
        required=True, metadata={"description": "Whether the agency has confirmed the columns"}
    )


class Outlets(Answer):
    """All outlets, in their order."""

    items = fields.List(fields.Nested(Outlet), required=True)


class NewOutlet(Ask):
    """What an outlet's files look like from now on."""

    key = Text(required=True, least=1, most=40)
    columns = Words(
        Text(least=1, most=MOST_HEADER + 40),
        most=MOST_COLUMNS,
        required=True,
        metadata={"description": '"HEADER = source", in their order'},
    )
    rows_a_file = Whole(required=True, most=MOST_ROWS_A_FILE)
    left_out = fields.List(Text(most=40), load_default=list)
    is_confirmed = Switch(required=True)


class Cell(Answer):
    """How a document is asked for; null: it isn't."""

    document = fields.String(required=True, metadata={"enum": list(ASKABLE)})
    active = fields.String(required=True, allow_none=True, metadata={"enum": [*NEEDS, None]})
    left = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*NEEDS, None], "description": "Of workers who have resigned"},
    )
    sources = fields.List(
        fields.String(), required=True, metadata={"description": "Who says so: see `sources`"}
    )


class CorrectionNeeds(Answer):
    """What a kind of correction asks for."""

    key = fields.String(required=True, metadata={"enum": list(CORRECTIONS)})
    label = fields.String(required=True)
    label_en = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    cells = fields.List(fields.Nested(Cell), required=True)


class VersionHead(Answer):
    """A version of the table of required documents; the first is built in."""

    number = fields.Integer(required=True)
    note = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True, allow_none=True)


class RequirementVersion(VersionHead):
    """A version with its table; batches begun while it is in force are judged by it."""

    corrections = fields.List(fields.Nested(CorrectionNeeds), required=True)
    sources = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class RequirementVersions(Answer):
    """All versions, the one in force first."""

    items = fields.List(fields.Nested(VersionHead), required=True)


class NewCell(Ask):
    """How a document is asked for from now on."""

    document = Text(required=True, least=1, most=40)
    active = Text(most=20, load_default="")
    left = Text(most=20, load_default="")
    sources = fields.List(Text(most=4), load_default=lambda: ["a"])


class NewNeeds(Ask):
    """What a kind of correction asks for from now on."""

    key = Text(required=True, least=1, most=40)
    cells = fields.List(fields.Nested(NewCell), required=True)


class NewRequirements(Ask):
    """A new version; kinds of correction left out ask for what they did."""

    based_on = Whole(
        required=True, most=100_000, metadata={"description": "The version this one changes"}
    )
    note = Text(required=True, least=1, most=requirements.MOST_NOTE)
    corrections = fields.List(fields.Nested(NewNeeds), required=True)


@section.get("/holidays")
@needs("installation.manage")
@section.query(Year)
@section.answers(200, Holidays)
def list_holidays(query: dict[str, Any]) -> dict[str, Any]:
    """List the public holidays of a year that the legal clocks count by."""
    year = query["year"] or portal().clock().year
    return {"items": calendar.days(portal(), caller(), year)}


@section.post("/holidays")
@needs("installation.manage")
@section.body(NewHoliday)
@section.answers(200, Holidays)
def change_holiday(body: dict[str, Any]) -> dict[str, Any]:
    """Call a day a public holiday or a working day; what waits is dated anew."""
    calendar.change(portal(), caller(), body["day"], name=body["name"], is_free=body["is_free"])
    return {"items": calendar.days(portal(), caller(), body["day"].year)}


@section.get("/outlets")
@needs("installation.manage")
@section.answers(200, Outlets)
def list_outlets() -> dict[str, Any]:
    """List the outlets with their columns."""
    return {"items": [_outlet(one) for one in outlets.listed(portal())]}


@section.post("/outlets")
@needs("installation.manage")
@section.body(NewOutlet)
@section.answers(200, Outlet)
def change_outlet(body: dict[str, Any]) -> dict[str, Any]:
    """Change an outlet; what was given out stays."""
    outlets.change(
        portal(), caller(), body["key"], columns="\n".join(body["columns"]),
        rows_a_file=body["rows_a_file"], left_out=body["left_out"],
        is_confirmed=body["is_confirmed"],
    )  # fmt: skip
    return _outlet(outlets.one(portal(), body["key"]))


def _outlet(one: domain.Outlet) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.label,
        "format": one.format,
        "columns": one.columns,
        "left_out": [key for key in FIELD if key in one.left_out],
        "rows_a_file": one.rows_a_file,
        "is_confirmed": one.is_confirmed,
    }


@section.get("/requirements")
@needs("figures.read")  # of all who sign in
@section.answers(200, RequirementVersions)
def list_requirements() -> dict[str, Any]:
    """List the versions of the table of required documents."""
    return {"items": requirements.versions(portal())}


@section.get("/requirements/<int:number>")
@needs("figures.read")  # of all who sign in
@section.answers(200, RequirementVersion)
def show_requirements(number: int) -> dict[str, Any]:
    """Show a version: which documents each kind of correction asks for."""
    return _requirements(requirements.one(portal(), number))


@section.post("/requirements")
@needs("installation.manage")
@section.body(NewRequirements)
@section.answers(201, RequirementVersion)
def put_requirements_into_force(body: dict[str, Any]) -> dict[str, Any]:
    """Put a new version into force, for batches begun from now on."""
    number = requirements.publish(
        portal(), caller(), based_on=body["based_on"], note=body["note"],
        cells={
            one["key"]: [
                [cell["document"], cell["active"], cell["left"], cell["sources"]]
                for cell in one["cells"]
            ]
            for one in body["corrections"]
        },
    )  # fmt: skip
    return _requirements(requirements.one(portal(), number))


def _requirements(found: requirements.Version) -> dict[str, Any]:
    table: Table = found.table
    return {
        "number": found.number,
        "note": found.note,
        "made_by": found.made_by,
        "made_at": found.made_at,
        "sources": {key: text for key, (text, _en) in REQUIREMENT_SOURCES.items()},
        "corrections": [
            {
                "key": one.key,
                "label": one.label,
                "label_en": one.label_en,
                "fields_": [key for key in FIELD if key in one.fields],
                "cells": one.needs,
            }
            for one in table.corrections
        ],
    }
