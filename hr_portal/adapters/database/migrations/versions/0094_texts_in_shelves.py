"""Words of large revisions lie apart from their places; workers write them anew.

Until they have, the blocks of rows are searched.
"""

from alembic import op

revision = "0094"
down_revision = "0092"
branch_labels = None
depends_on = None

AGAIN = """
UPDATE jobs SET state = 'queued', lease_until = NULL, error = NULL, attempts = 0,
    run_after = CURRENT_TIMESTAMP, version = version + 1
WHERE kind = 'texts'
  AND subject IN (SELECT CAST(revision_id AS VARCHAR(20)) FROM row_texts)
"""
"""What is sealed wants the companies' keys, which a migration has not."""


def upgrade() -> None:
    """Have what was written in the old form written again."""
    op.execute(AGAIN)
    op.execute("DELETE FROM row_texts")
