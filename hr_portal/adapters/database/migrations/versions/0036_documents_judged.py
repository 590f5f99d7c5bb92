"""What reviewers found of documents, and the law of it in the database itself."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WAITS_AGAIN = (
    "UPDATE corrections SET verdict = NULL, reason = '', decided_by = NULL, decided_at = NULL,"
    " seconded_by = NULL, seconded_at = NULL, override_document_id = NULL"
    " WHERE verdict = 'approve' AND revision_id IN (SELECT v.id FROM documents k"
    " JOIN batches b ON b.id = k.batch_id"
    " JOIN revisions v ON v.batch_id = b.id AND v.number = b.revision_number"
    " WHERE k.id = NEW.document_id AND b.state IN ('submitted', 'in_review'))"
    " AND (override_document_id = NEW.document_id OR EXISTS (SELECT 1 FROM placements p"
    " WHERE p.document_id = NEW.document_id"
    " AND (p.row_number = corrections.row_number OR p.row_number IS NULL AND p.kpj_index IS NULL)))"
    " AND NOT EXISTS (SELECT 1 FROM revisions v JOIN decisions d"
    " ON d.batch_id = v.batch_id AND d.revision_number = v.number"
    " WHERE v.id = corrections.revision_id)"
)
"""An approval of a row whose document doesn't fit is none; a decided revision is left as it is."""
RESTS_ON_UNFIT = (
    "NEW.verdict = 'approve' AND EXISTS (SELECT 1 FROM judgements j"
    " WHERE j.document_id = NEW.override_document_id AND j.state = 'unfit')"
)
BY_ITS_OWN_EDITOR = (
    "EXISTS (SELECT 1 FROM documents k JOIN batches b ON b.id = k.batch_id"
    " WHERE k.id = NEW.document_id"
    " AND NEW.given_by IN (k.uploaded_by, b.created_by, b.submitted_by, b.last_edited_by))"
)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "judgements",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", types.Sealed(), nullable=True),
        sa.Column("given_by", sa.String(32), nullable=False),
        sa.Column("given_at", types.UTC(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'fits', 'unfit')", name=op.f("ck_judgements_state")),
        sa.CheckConstraint(
            "state <> 'unfit' OR reason IS NOT NULL", name=op.f("ck_judgements_reason")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_judgements_document_id")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_judgements_given_by")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_judgements")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            name = event.lower()
            _run(
                f"CREATE TRIGGER judgements_stale_{name} AFTER {event} ON judgements"
                f" WHEN NEW.state = 'unfit' BEGIN {WAITS_AGAIN}; END"
            )
            _run(
                f"CREATE TRIGGER judgements_own_{name} BEFORE {event} ON judgements"
                " BEGIN SELECT RAISE(ABORT, 'nobody judges what they uploaded or edited')"
                f" WHERE {BY_ITS_OWN_EDITOR}; END"
            )
        _run(
            "CREATE TRIGGER corrections_unfit BEFORE UPDATE OF verdict, override_document_id"
            " ON corrections BEGIN SELECT RAISE(ABORT, 'the document doesn''t fit')"
            f" WHERE {RESTS_ON_UNFIT}; END"
        )
        return
    _run(
        "CREATE FUNCTION judgements_stale() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {WAITS_AGAIN}; RETURN NULL; END $$"
    )
    _run(
        "CREATE TRIGGER judgements_stale AFTER INSERT OR UPDATE ON judgements FOR EACH ROW"
        " WHEN (NEW.state = 'unfit') EXECUTE FUNCTION judgements_stale()"
    )
    for name, table, event, when, says in (
        ("judgements_own", "judgements", "INSERT OR UPDATE", BY_ITS_OWN_EDITOR,
         "nobody judges what they uploaded or edited"),
        ("corrections_unfit", "corrections", "UPDATE OF verdict, override_document_id",
         RESTS_ON_UNFIT, "the document doesn''t fit"),
    ):  # fmt: skip
        _run(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF {when} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation',"
            f" MESSAGE = '{says}'; END IF; RETURN NEW; END $$"
        )
        _run(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
