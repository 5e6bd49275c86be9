"""Alembic's entry: runs the steps on the connection that `database.migrating` hands in."""

from alembic import context

from scheduling.database import guards
from scheduling.database.models import Base

assert guards.OVERLAP  # its listeners belong to the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
