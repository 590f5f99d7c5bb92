"""CHECK constraints that allow more than they did, for migrations."""

import sqlalchemy as sa
from alembic import op


def change(table: str, column: str, old: str, new: str) -> None:
    """Replace the text of the CHECK on a column, named `ck_table_column`; no row is touched.

    SQLite can't alter a CHECK, and dropping the table to make it anew would break the foreign keys
    of its rows, which are checked here. A CHECK has no part in how rows are stored, so its text may
    be changed in place (sqlite.org/lang_altertable.html, "other kinds of changes").

    Raises:
        RuntimeError: on SQLite, the table has no such CHECK.

    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        name = op.f(f"ck_{table}_{column}")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, new)
        return
    (version,) = bind.exec_driver_sql("PRAGMA schema_version").one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = :table AND instr(sql, :old)"
        ),
        {"old": old, "new": new, "table": table},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version={int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")
    if changed.rowcount != 1:
        msg = f"the table {table} has no CHECK on {column} where one is expected"
        raise RuntimeError(msg)
