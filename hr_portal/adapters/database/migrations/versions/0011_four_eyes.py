"""Four eyes on what weighs most, and the law of the review in the database itself."""

# ruff: noqa: S608 - statements made of this file's own words

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOVES = (
    "OLD.state = 'draft' AND NEW.state IN ('submitted', 'cancelled')"
    " OR OLD.state = 'submitted' AND NEW.state IN ('in_review', 'draft')"
    " OR OLD.state = 'in_review'"
    " AND NEW.state IN ('submitted', 'approved', 'partly_approved', 'rejected', 'returned')"
    " OR OLD.state = 'returned' AND NEW.state = 'draft'"
)
"""As `domain.workflow.MOVES` has them; a test holds the two together."""

_VERDICT_OF = (
    "SELECT 1 FROM corrections c JOIN revisions v ON v.id = c.revision_id"
    " WHERE v.batch_id = NEW.id AND v.number = NEW.revision_number"
)
ENDS_AGAINST_ITS_VERDICTS = (
    f"EXISTS ({_VERDICT_OF} AND c.verdict IS NULL)"
    f" OR NEW.state = 'approved' AND EXISTS ({_VERDICT_OF} AND c.verdict <> 'approve')"
    f" OR NEW.state = 'returned' AND EXISTS ({_VERDICT_OF} AND c.verdict <> 'return')"
    f" OR NEW.state = 'rejected' AND EXISTS ({_VERDICT_OF} AND c.verdict = 'approve')"
    f" OR NEW.state = 'partly_approved' AND NOT EXISTS ({_VERDICT_OF} AND c.verdict = 'approve')"
)
BY_ONE_ALONE = (
    "EXISTS (SELECT 1 FROM corrections c"
    " JOIN revisions v ON v.id = c.revision_id"
    " JOIN rows r ON r.revision_id = c.revision_id AND r.number = c.row_number"
    " JOIN four_eyes_fields f ON f.field = c.field"
    " WHERE v.batch_id = NEW.id AND v.number = NEW.revision_number"
    " AND c.verdict = 'approve' AND c.seconded_by IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM four_eyes_fields o"
    "  WHERE o.combination = f.combination AND o.field <> f.field"
    "  AND NOT EXISTS (SELECT 1 FROM rows s JOIN corrections d"
    "   ON d.revision_id = s.revision_id AND d.row_number = s.number"
    "   AND d.field = o.field AND d.verdict = 'approve'"
    "   WHERE s.revision_id = r.revision_id AND s.kpj_index = r.kpj_index)))"
)
BY_ITS_OWN_EDITOR = (
    f"EXISTS ({_VERDICT_OF} AND (c.decided_by IN (NEW.created_by, NEW.submitted_by, NEW.last_edited_by)"
    " OR c.seconded_by IN (NEW.created_by, NEW.submitted_by, NEW.last_edited_by)))"
)
DECIDED_ALREADY = (
    "EXISTS (SELECT 1 FROM revisions v JOIN decisions d"
    " ON d.batch_id = v.batch_id AND d.revision_number = v.number WHERE v.id = OLD.revision_id)"
)
WAITS_AGAIN = (
    "UPDATE corrections SET verdict = NULL, reason = '', decided_by = NULL, decided_at = NULL,"
    " seconded_by = NULL, seconded_at = NULL, override_document_id = NULL"
    " WHERE verdict IS NOT NULL AND "
)
"""A verdict on what is no longer there is none; a decided revision is left as it is."""
_UNDECIDED = (
    "NOT EXISTS (SELECT 1 FROM revisions v JOIN decisions d"
    " ON d.batch_id = v.batch_id AND d.revision_number = v.number"
    " WHERE v.id = corrections.revision_id)"
)
ROW_CHANGED = (
    WAITS_AGAIN + "revision_id = NEW.revision_id AND row_number IN (SELECT r.number FROM rows r"
    f" WHERE r.revision_id = NEW.revision_id AND r.block = NEW.block) AND {_UNDECIDED}"
)


def _of_documents(document: str, row: str) -> str:
    """Verdicts of the rows a document lies on; of all rows where it is for the whole batch."""
    return (
        WAITS_AGAIN + "revision_id IN (SELECT v.id FROM documents k"
        " JOIN batches b ON b.id = k.batch_id"
        " JOIN revisions v ON v.batch_id = b.id AND v.number = b.revision_number"
        f" WHERE k.id = {document} AND b.state IN ('submitted', 'in_review'))"
        f" AND ({row}) AND {_UNDECIDED}"
    )


PLACED = _of_documents(
    "NEW.document_id", "NEW.row_number IS NULL OR corrections.row_number = NEW.row_number"
)
LIFTED = _of_documents(
    "OLD.document_id", "OLD.row_number IS NULL OR corrections.row_number = OLD.row_number"
)
CHANGED = _of_documents(
    "NEW.id",
    "corrections.row_number IN (SELECT p.row_number FROM placements p WHERE p.document_id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM placements p WHERE p.document_id = NEW.id AND p.row_number IS NULL)",
)

OUTCOMES = "('approved', 'partly_approved', 'rejected', 'returned')"
REFUSALS = (
    # name, table, columns, when, what it says
    ("batches_moves", "batches", "state", f"OLD.state <> NEW.state AND NOT ({MOVES})", "no such move of a batch"),
    (
        "batches_outcome", "batches", "state",
        f"OLD.state <> NEW.state AND NEW.state IN {OUTCOMES} AND ({ENDS_AGAINST_ITS_VERDICTS})",
        "the verdicts don''t give this outcome",
    ),
    (
        "batches_four_eyes", "batches", "state",
        f"OLD.state <> NEW.state AND NEW.state IN {OUTCOMES} AND ({BY_ONE_ALONE})",
        "two reviewers have to approve this",
    ),
    (
        "batches_own_editor", "batches", "state",
        f"OLD.state <> NEW.state AND NEW.state IN {OUTCOMES} AND ({BY_ITS_OWN_EDITOR})",
        "nobody decides what they uploaded or edited",
    ),
    (
        "corrections_decided", "corrections", "verdict, reason, decided_by, seconded_by",
        DECIDED_ALREADY, "a decided verdict stays",
    ),
)  # fmt: skip
CHANGES = (
    ("row_blocks_stale", "row_blocks", "UPDATE OF content", "", ROW_CHANGED),
    ("placements_stale", "placements", "INSERT", "", PLACED),
    ("placements_lifted", "placements", "DELETE", "", LIFTED),
    (
        "documents_stale", "documents", "UPDATE OF removed_at, file_id",
        "OLD.file_id <> NEW.file_id OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)", CHANGED,
    ),
)  # fmt: skip
SEEDS = (
    (1, "nik"), (2, "no_rekening"), (3, "kode_bank"), (4, "nama_rekening"), (5, "nama"), (5, "tanggal_lahir"),
)  # fmt: skip
"""NIK, account, and name with date of birth together."""


def upgrade() -> None:
    """Bring the schema forward.

    The columns come with their constraints in one statement that both databases know: SQLite
    adds no constraint to a table later on.
    """
    time = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for statement in (
        "ALTER TABLE batches ADD COLUMN passed_by VARCHAR(32)"
        " CONSTRAINT fk_batches_passed_by REFERENCES users (id)"
        " CONSTRAINT ck_batches_second_is_another"
        " CHECK (reviewer_id IS NULL OR passed_by IS NULL OR reviewer_id <> passed_by)",
        "ALTER TABLE corrections ADD COLUMN seconded_by VARCHAR(32)"
        " CONSTRAINT fk_corrections_seconded_by REFERENCES users (id)"
        " CONSTRAINT ck_corrections_seconded_by_another"
        " CHECK (seconded_by IS NULL OR (verdict = 'approve' AND seconded_by <> decided_by))",
        f"ALTER TABLE corrections ADD COLUMN seconded_at {time}",
    ):
        op.execute(sa.text(statement))
    fields = op.create_table(
        "four_eyes_fields",
        sa.Column("combination", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("combination", "field", name=op.f("pk_four_eyes_fields")),
    )
    op.bulk_insert(fields, [{"combination": one, "field": field} for one, field in SEEDS])
    for name, table, columns, when, says in REFUSALS:
        _refuse(name, table, columns, when, says)
    for name, table, event, when, act in CHANGES:
        _change(name, table, event, when, act)


def _refuse(name: str, table: str, columns: str, when: str, says: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _run(
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{says}') WHERE {when}; END"
        )
        return
    _run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {when} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation',"
        f" MESSAGE = '{says}'; END IF; RETURN NEW; END $$"
    )
    _run(
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _change(name: str, table: str, event: str, when: str, act: str) -> None:
    condition = f" WHEN ({when})" if when else ""
    if op.get_bind().dialect.name == "sqlite":
        _run(f"CREATE TRIGGER {name} AFTER {event} ON {table}{condition} BEGIN {act}; END")
        return
    _run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {act}; RETURN NULL; END $$"
    )
    _run(
        f"CREATE TRIGGER {name} AFTER {event} ON {table}"
        f" FOR EACH ROW{condition} EXECUTE FUNCTION {name}()"
    )


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
