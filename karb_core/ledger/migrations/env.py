"""What Alembic runs around the steps: on the connection and in the transaction that `migrate` gives it."""

from alembic import context

from karb_core.ledger.version import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
