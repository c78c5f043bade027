"""Alembic's entry: runs the steps on the connection, and inside the transaction, that `migrate.upgrade` opened."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter much: a table is rebuilt, with the names of its constraints kept.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
