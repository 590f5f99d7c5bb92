"""Every value that a company's data key seals: where it lies, and the place it is sealed for.

A test holds that no sealed column is missing here; what isn't listed could not be sealed anew, so
a rotation refuses to begin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hr_portal.adapters.database.document_models import (
    Archive,
    Clue,
    Depiction,
    Explanation,
    HeldDocument,
    Judgement,
)
from hr_portal.adapters.database.listing_models import RowText
from hr_portal.adapters.database.mapping_models import MappingSheet
from hr_portal.adapters.database.mending_models import LongAct
from hr_portal.adapters.database.models import (
    Base,
    ColumnLayout,
    Document,
    Edit,
    FindingRow,
    Letter,
    Revision,
    RowBlock,
)
from hr_portal.adapters.database.paper_models import Paper
from hr_portal.adapters.database.review_models import AgencyAnswer, Message, MessageFile
from hr_portal.adapters.database.signing_models import Certificate
from hr_portal.adapters.database.types import Sealed
from hr_portal.adapters.database.upload_models import ArchiveUpload
from hr_portal.adapters.database.work_models import ReviewWork
from hr_portal.services.cells import Cell, edit_place
from hr_portal.services.papers import paper_place
from hr_portal.services.review_works import ordered_place, sent_place
from hr_portal.services.row_texts import text_place
from hr_portal.services.rowdata import block_place, finding_place


@dataclass(frozen=True, slots=True)
class Held:
    """One sealed column of a model, and the place of a row's value."""

    model: type[Any]
    column: str
    place: Callable[[Any], str]


HELD: tuple[Held, ...] = (
    Held(ColumnLayout, "content", lambda one: f"column_layouts|{one.fingerprint}"),
    Held(Revision, "question", lambda one: f"revisions|{one.id}|question"),
    Held(Revision, "structure", lambda one: f"revisions|{one.id}"),
    Held(RowBlock, "content", lambda one: block_place(one.revision_id, one.block)),
    Held(RowText, "content", lambda one: text_place(one.revision_id, one.part)),
    Held(
        FindingRow,
        "detail",
        lambda one: finding_place(one.revision_id, one.row_number, one.code, one.column_index),
    ),
    Held(
        Edit,
        "change",
        lambda one: edit_place(one.revision_id, one.act_id, Cell(one.row_number, one.column_index)),
    ),
    Held(LongAct, "asked", lambda one: f"long_acts|{one.id}|asked"),
    Held(LongAct, "offer", lambda one: f"long_acts|{one.id}|offer"),
    Held(Document, "file_name", lambda one: f"documents|{one.id}"),
    Held(Clue, "path", lambda one: f"clues|{one.document_id}"),
    Held(Depiction, "text", lambda one: f"depictions|{one.document_id}"),
    Held(Judgement, "reason", lambda one: f"judgements|{one.document_id}"),
    Held(Archive, "file_name", lambda one: f"archives|{one.id}"),
    Held(Archive, "refused", lambda one: f"archives|{one.id}|refused"),
    Held(ArchiveUpload, "file_name", lambda one: f"archive_uploads|{one.id}"),
    Held(MappingSheet, "content", lambda one: f"mapping_sheets|{one.batch_id}"),
    Held(HeldDocument, "path", lambda one: f"held_documents|{one.id}"),
    Held(HeldDocument, "refused", lambda one: f"held_documents|{one.id}|refused"),
    Held(Explanation, "words", lambda one: f"explanations|{one.id}"),
    Held(Letter, "snapshot", lambda one: f"letters|{one.id}"),
    Held(Certificate, "pkcs12", lambda one: f"certificates|{one.company_id}"),
    Held(Paper, "snapshot", paper_place),
    Held(Message, "text", lambda one: f"messages|{one.id}"),
    Held(MessageFile, "file_name", lambda one: f"message_files|{one.message_id}|{one.place}"),
    Held(ReviewWork, "ordered", ordered_place),
    Held(ReviewWork, "sent", sent_place),
    Held(AgencyAnswer, "words", lambda one: f"agency_answers|{one.correction_id}"),
)
OTHERS = frozenset(
    {("companies", "data_key"), ("sessions", "content"), ("second_factors", "secret")}
)
"""Sealed columns that no company's data key has sealed."""


def unlisted() -> list[str]:
    """Return the sealed columns of the schema that are not told of here."""
    known = {(held.model.__tablename__, held.column) for held in HELD} | OTHERS
    return sorted(
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed) and (table.name, column.name) not in known
    )


def models() -> list[type[Any]]:
    """Return the models with sealed columns, each once, in order."""
    return list(dict.fromkeys(held.model for held in HELD))


def key_columns(model: type[Any]) -> tuple[sa.Column[Any], ...]:
    """Return the columns of a model's primary key, in order."""
    return tuple(sa.inspect(model).primary_key)
