"""What the queue looks for stands with the batch, in the index that the queue is read from."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_MOST_BYTES = 1_200
_AT_ONCE = 500


def upgrade() -> None:
    """Bring the schema forward."""
    for column in ("searched", "searched_all", "corrected"):
        op.add_column("batches", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("batches", sa.Column("is_warned", sa.Boolean(), nullable=True))
    _fill()
    op.drop_index("ix_batches_queue", "batches")
    op.create_index(
        op.f("ix_batches_queue"),
        "batches",
        [
            "branch_id", "state", "submitted_at", "id", "due_at", "reviewer_id", "is_warned",
            "corrected", "searched",
        ],
    )  # fmt: skip


def _fill() -> None:
    connection = op.get_bind()
    names = ("id", "company_id", "number", "revision_number", "state")
    batches = sa.table(
        "batches",
        *(sa.column(one) for one in (*names, "searched", "searched_all", "corrected", "is_warned")),
    )
    companies = sa.table("companies", sa.column("id"), sa.column("name"))
    letters = sa.table("letters", sa.column("batch_id"), sa.column("number"))
    revisions = sa.table(
        "revisions",
        *(sa.column(one) for one in ("batch_id", "number", "rows_warning")),
        sa.column("fields", sa.JSON()),
    )
    name_of = dict(connection.execute(sa.select(companies.c.id, companies.c.name)).all())
    ids = connection.scalars(
        sa.select(batches.c.id)
        .where(batches.c.state.not_in(("draft", "cancelled")))
        .order_by(batches.c.id)
    ).all()
    change = (
        sa.update(batches)
        .where(batches.c.id == sa.bindparam("batch"))
        .values(
            {one: sa.bindparam(f"new_{one}") for one in ("searched", "searched_all", "corrected")}
        )
        .values(is_warned=sa.bindparam("new_is_warned", type_=sa.Boolean()))
    )
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        numbers = defaultdict[str, list[str]](list)
        for batch_id, number in connection.execute(
            sa.select(letters.c.batch_id, letters.c.number)
            .where(letters.c.batch_id.in_(part))
            .order_by(letters.c.number)
        ):
            numbers[batch_id].append(number)
        current = sa.and_(
            revisions.c.batch_id == batches.c.id, revisions.c.number == batches.c.revision_number
        )
        found = connection.execute(
            sa.select(batches, revisions.c.fields, revisions.c.rows_warning)
            .join(revisions, current)
            .where(batches.c.id.in_(part))
        ).all()
        changed = []
        for one in found:
            searched, whole = _words(name_of[one.company_id], one.number, *numbers[one.id])
            kinds = sorted(key for key, count in (one.fields or {}).items() if count)
            changed.append(
                {
                    "batch": one.id,
                    "new_searched": searched,
                    "new_searched_all": whole,
                    "new_corrected": "".join(f"|{key}" for key in kinds) + "|",
                    "new_is_warned": one.rows_warning > 0,
                }
            )
        if changed:
            connection.execute(change, changed)


def _words(*told: str) -> tuple[str, str | None]:
    """Fold them as the portal does when a batch is handed in."""
    whole = "\n".join(" ".join(line.casefold().split()) for line in told)
    if len(whole.encode()) <= _MOST_BYTES:
        return whole, None
    return "\t" + whole.encode()[:_MOST_BYTES].decode(errors="ignore"), whole
