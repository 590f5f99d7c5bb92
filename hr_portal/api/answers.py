"""What every answer of the routes is made of; each subject has its own beside this.

Batches in `batch_answers`, rows and findings in `draft_answers`, then documents, letters, review.
"""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from marshmallow import fields

from hr_portal.services.paging import Page

SEVERITIES = ("note", "warning", "override", "error")


def one_of(words: Iterable[str | None], about: str = "") -> dict[str, Any]:
    """What a field may hold, for the OpenAPI page."""
    return {"enum": list(words), **({"description": about} if about else {})}


def said(about: str) -> dict[str, Any]:
    """What a field means, for the OpenAPI page."""
    return {"description": about}


class Answer(ma.Schema):
    """What a caller gets; every name is always there."""


class Named(Answer):
    """A thing with its name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class Numbered(Answer):
    """Another batch, by id and number."""

    id = fields.String(required=True)
    number = fields.String(required=True)


class OfBatch(Answer):
    """Which batch something was of."""

    batch_id = fields.String(required=True)


def paged(item: type[Answer]) -> type[ma.Schema]:
    """The schema of one page of a longer list."""
    return Answer.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "page": fields.Integer(required=True),
            "per_page": fields.Integer(required=True),
            "total": fields.Integer(required=True),
            "pages": fields.Integer(required=True, metadata=said("At least 1")),
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
