"""A worker reopens the decision on a large batch."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None

OLD: Final = "act IN ('verdict', 'clear', 'decide', 'forward', 'answer')"
NEW: Final = "act IN ('verdict', 'clear', 'decide', 'forward', 'answer', 'reopen')"


def upgrade() -> None:
    """Bring the schema forward."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_review_works_act"), "review_works", type_="check")
        op.create_check_constraint(op.f("ck_review_works_act"), "review_works", NEW)
        return
    # SQLite can't alter a CHECK; its text may be changed in place, as in 0002
    (version,) = bind.exec_driver_sql("PRAGMA schema_version").one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'review_works' AND instr(sql, :old)"
        ),
        {"old": OLD, "new": NEW},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
    if changed.rowcount != 1:
        msg = "the table of works has no CHECK on its act where one is expected"
        raise RuntimeError(msg)
