"""Runs migrations on the connection that `migrate` hands over."""

from alembic import context

from hr_portal.adapters.database import (
    account_models,  # noqa: F401 - fills the metadata
    document_models,  # noqa: F401 - fills the metadata
    keeping_models,  # noqa: F401 - fills the metadata
    letter_models,  # noqa: F401 - fills the metadata
    mapping_models,  # noqa: F401 - fills the metadata
    mending_models,  # noqa: F401 - fills the metadata
    paper_models,  # noqa: F401 - fills the metadata
    people_models,  # noqa: F401 - fills the metadata
    review_models,  # noqa: F401 - fills the metadata
    signing_models,  # noqa: F401 - fills the metadata
    upload_models,  # noqa: F401 - fills the metadata
)
from hr_portal.adapters.database.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
