"""Questions about columns: a file may wait for an answer, and layouts are remembered."""

import sqlalchemy as sa
from alembic import op

from hr_portal.adapters.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD = "state IN ('received', 'reading', 'checked', 'unreadable')"
NEW = "state IN ('received', 'reading', 'asking', 'checked', 'unreadable')"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "column_layouts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", types.Sealed(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("made_at", types.UTC(timezone=True), nullable=False),
        sa.Column("used_at", types.UTC(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_column_layouts_company_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_column_layouts_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_layouts")),
        sa.UniqueConstraint(
            "company_id", "fingerprint", name=op.f("uq_column_layouts_company_id_fingerprint")
        ),
    )
    op.add_column("revisions", sa.Column("question", types.Sealed(), nullable=True))
    op.add_column("revisions", sa.Column("answer", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "revisions", sa.Column("known_layout_at", types.UTC(timezone=True), nullable=True)
    )
    _allow_asking()


def _allow_asking() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_revisions_state"), "revisions", type_="check")
        op.create_check_constraint(op.f("ck_revisions_state"), "revisions", NEW)
        return
    # SQLite can't alter a CHECK, and dropping the table to make it anew would break the foreign
    # keys of its rows, which are checked here. A CHECK has no part in how rows are stored, so its
    # text may be changed in place (sqlite.org/lang_altertable.html, "other kinds of changes").
    (version,) = bind.exec_driver_sql("PRAGMA schema_version").one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'revisions' AND instr(sql, :old)"
        ),
        {"old": OLD, "new": NEW},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
    if changed.rowcount != 1:
        msg = "the table of revisions has no CHECK on its state where one is expected"
        raise RuntimeError(msg)
