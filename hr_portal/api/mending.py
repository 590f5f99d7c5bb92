"""Mending a draft: what is proposed, taking it or typing cells anew, and undoing it."""

import re
from typing import Any, Final

from flask import Response

from hr_portal.api import asks, draft_answers, large_acts
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.problems import unfit
from hr_portal.api.sections import Section
from hr_portal.services import added_columns, batch_views, long_works, mending, offers, results
from hr_portal.services.offers import Chosen, Offer

section = Section("Mending", "Proposals, cells typed anew, and undoing either")

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@section.get("/batches/<id:batch_id>/suggestions")
@needs("batch.read")
@section.answers(200, draft_answers.Suggestions)
def list_suggestions(batch_id: str) -> dict[str, Any]:
    """List the rules for whose findings something is proposed.

    The proposal itself stands at each finding, as `suggestion`. Take them with `fixes`.
    """
    english = {
        (item.code, item.case, item.field): item.title
        for item in results.todo(portal(), caller(), batch_id, lang="en")
    }
    items = [
        {
            "code": item.code,
            "case": item.case,
            "field": item.field,
            "severity": item.severity,
            "title": item.title,
            "title_en": english[item.code, item.case, item.field],
            "findings": item.findings,
            "offered": item.offers,
        }
        for item in results.todo(portal(), caller(), batch_id)
        if item.offers
    ]
    return {"items": items, "version": batch_views.batch_view(portal(), caller(), batch_id).version}


@section.post("/batches/<id:batch_id>/fixes")
@needs("batch.edit")
@section.body(asks.Fixes)
@section.answers(200, draft_answers.Fixed)
@section.answers_later(large_acts.LargeAct)
def fix_cells(body: dict[str, Any], batch_id: str) -> dict[str, Any] | Response:
    """Change cells of a draft: take the proposals of a rule, or of all errors, or write `cells`.

    The uploaded file stays as it was. With `dry_run` nothing is changed: the answer says what would
    be. On a large sheet `due` is true while all rows are checked anew in the background. More than
    20,000 proposals, or cells in more than about 400 parts of 128 rows of a very large sheet, are
    looked at, or changed, by a worker: 202.
    """
    version, cells = body["version"], body["cells"]
    if [cells is None, body["code"] is None, not body["errors"]].count(False) != 1:
        problem = "Isi salah satu: code (usulan satu aturan), errors (semua usulan) atau cells"
        raise unfit({"code": problem})
    if cells is not None:
        return _typed(batch_id, _named(batch_id, cells), version, dry_run=body["dry_run"])
    chosen = Chosen(body["code"], body["case"], body["field"])
    if body["errors"]:
        chosen = offers.ERRORS
    if long_works.is_large_choice(portal(), caller(), batch_id, chosen):
        ask = long_works.ask_proposals if body["dry_run"] else long_works.ask_taking
        return large_acts.later(
            batch_id, ask(portal(), caller(), batch_id, chosen, version=version)
        )
    if body["dry_run"]:
        return _would(offers.preview(portal(), caller(), batch_id, chosen))
    return _done(offers.take(portal(), caller(), batch_id, chosen, version=version))


@section.post("/batches/<id:batch_id>/fixes/undo")
@needs("batch.edit")
@section.body(asks.Undo)
@section.answers(200, draft_answers.Fixed)
@section.answers_later(large_acts.LargeAct)
def undo_fixes(body: dict[str, Any], batch_id: str) -> dict[str, Any] | Response:
    """Undo an act of `fixes`: its cells hold again what stood there before.

    Refused as `changed_again` where a later act, which stands, has changed one of its cells. More
    than 20,000 cells, or cells that lie far apart, are put back by a worker: 202.
    """
    act, version = body["act"], body["version"]
    if long_works.is_large_act(portal(), caller(), batch_id, act):
        number = long_works.ask_undo(portal(), caller(), batch_id, act, version=version)
        return large_acts.later(batch_id, number)
    done = mending.undo(portal(), caller(), batch_id, act, version=version)
    return _done(done)


@section.post("/batches/<id:batch_id>/added-columns")
@needs("batch.edit")
@section.body(asks.NewColumn)
@section.answers(200, draft_answers.AddedColumn)
def add_column(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Add an empty column that the file lacks, to be filled in with `fixes`.

    For a draft of at most 50,000 rows whose sheet has a header; refused as `column_exists` where
    the datum has a column. The uploaded file stays as it was, the annotated one has it.
    """
    field, version = body["field"], body["version"]
    return _column(added_columns.add_column(portal(), caller(), batch_id, field, version=version))


@section.post("/batches/<id:batch_id>/added-columns/undo")
@needs("batch.edit")
@section.body(asks.NewColumn)
@section.answers(200, draft_answers.AddedColumn)
def take_column_away(body: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """Take away the column that was added last, as long as nothing was typed into it.

    Refused as `column_filled` where something was, also if it was undone since; as
    `column_not_last` where another was added after it; as `check_due` while rows are checked anew.
    """
    field, version = body["field"], body["version"]
    return _column(added_columns.take_away(portal(), caller(), batch_id, field, version=version))


def _column(done: added_columns.Added) -> dict[str, Any]:
    return {
        "column": done.letter,
        "header": done.header,
        "version": done.version,
        "due": done.is_due,
    }


def _named(batch_id: str, cells: list[dict[str, str]]) -> dict[tuple[int, int], str]:
    """Return texts by row and column of the table, as `H14` names them."""
    letters = results.structure(portal(), caller(), batch_id).letters
    columns = {letter: place for place, letter in enumerate(letters)}
    wanted: dict[tuple[int, int], str] = {}
    for at, one in enumerate(cells):
        found = _ADDRESS.fullmatch(one["cell"])
        if found is None or found[1] not in columns:
            raise unfit({f"cells.{at}.cell": "Bukan sel tabel ini; contoh: H14"})
        wanted[int(found[2]), columns[found[1]]] = one["text"]
    return wanted


def _typed(
    batch_id: str, wanted: dict[tuple[int, int], str], version: int | None, *, dry_run: bool
) -> dict[str, Any] | Response:
    if long_works.is_large_typing(wanted):
        number = long_works.ask_typing(
            portal(), caller(), batch_id, wanted, version=version, pasted=False, is_shown=dry_run
        )
        return large_acts.later(batch_id, number)
    if dry_run:
        return _would(offers.preview_cells(portal(), caller(), batch_id, wanted))
    return _done(mending.edit_cells(portal(), caller(), batch_id, wanted, version=version))


def _would(offer: Offer) -> dict[str, Any]:
    return {
        "act": None,
        "cells": offer.cells,
        "rows": offer.rows,
        "version": offer.version,
        "due": False,
    }


def _done(done: mending.Mended) -> dict[str, Any]:
    return {
        "act": done.act_id,
        "cells": done.cells,
        "rows": done.rows,
        "version": done.version,
        "due": done.is_due,
    }
