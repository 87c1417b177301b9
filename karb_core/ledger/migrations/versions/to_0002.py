"""Adds what the owner tells a running desk, and who has an account. No row and no table that was there is touched."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "commands",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("command_id", sa.Text, nullable=False, unique=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("strategy", sa.Text),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("strength", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("taken_at_ns", sa.BigInteger),
        sa.Column("taken_by_run", sa.Text),
    )
    op.create_table(
        "leases",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.BigInteger, nullable=False),
        sa.Column("taken_at_ns", sa.BigInteger, nullable=False),
        sa.Column("beat_at_ns", sa.BigInteger, nullable=False),
        sa.Column("lives_ns", sa.BigInteger, nullable=False),
        sa.Column("released_at_ns", sa.BigInteger),
    )
