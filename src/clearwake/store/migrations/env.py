"""Runs the migrations on the connection it is given, inside the transaction that is open on it."""

from alembic import context

from clearwake.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
